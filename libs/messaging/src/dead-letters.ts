import { jetstream, type JetStreamClient } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { EVENT_TYPES, subjects, toHeaders, type CloudEventAttributes, type DeadLetterV1 } from '@portico/contracts';
import type { JetStreamDelivery } from './delivery.js';

const DEAD_TIMEOUT_MS = 2_000;

const natsHeaders = (event: CloudEventAttributes) => {
  const result = headers();
  for (const [name, value] of Object.entries(toHeaders(event))) result.append(name, value);
  return result;
};

/** Stores references to messages that a consumer gives up on. */
export class DeadLetters {
  private readonly js: JetStreamClient;
  constructor(
    connection: NatsConnection,
    private readonly clock: { now(): Temporal.Instant },
  ) {
    this.js = jetstream(connection);
  }

  /** Resolves once NATS has stored it; the same message of the same consumer is stored once. */
  async bury(stream: string, consumer: string, delivery: JetStreamDelivery, error: string): Promise<void> {
    const at = this.clock.now().toString();
    const { subject, sequence, eventId } = delivery;
    const letter: DeadLetterV1 = {
      stream,
      consumer,
      subject,
      sequence,
      deliveries: delivery.redeliveries + 1,
      error,
      at,
      ...(eventId === undefined ? {} : { eventId }),
    };
    const id = `dead:${stream}:${consumer}:${sequence}`;
    await this.js.publish(subjects.dead(stream, consumer), JSON.stringify(letter), {
      headers: natsHeaders({ id, type: EVENT_TYPES.dead, source: consumer, time: at }),
      timeout: DEAD_TIMEOUT_MS,
    });
  }
}
