import { JetStreamApiError, jetstreamManager, type ConsumerInfo } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { connectNats, type NatsOptions } from './connection.js';

export interface ConsumerBinding {
  readonly stream: string;
  readonly durable: string;
}

/** A pattern, stream or consumer that is not there; the message has the remedy. */
export class BindingError extends Error {
  override readonly name = 'BindingError';
}

/** @throws BindingError when it is not there */
export const findConsumer = async (
  connection: NatsConnection,
  { stream, durable }: ConsumerBinding,
): Promise<ConsumerInfo> => {
  const jsm = await jetstreamManager(connection, { checkAPI: false });
  try {
    return await jsm.consumers.info(stream, durable);
  } catch (cause) {
    if (!(cause instanceof JetStreamApiError)) throw cause;
    throw new BindingError(`${stream}/${durable}: ${cause.message}; run the migration of NATS with its pool first`, {
      cause,
    });
  }
};

/**
 * Connects for the question alone.
 * @throws NatsConnectionError, BindingError
 */
export const requireConsumers = async (options: NatsOptions, bindings: readonly ConsumerBinding[]): Promise<void> => {
  const connection = await connectNats(options);
  try {
    for (const binding of bindings) await findConsumer(connection, binding);
  } finally {
    await connection.close();
  }
};
