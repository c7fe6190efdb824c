import type { NatsConnection } from '@nats-io/transport-node';
import { durables, STREAMS, type EmployeeChangedV1 } from '@portico/contracts';
import { eventually, testNats, type TestNats } from '@portico/testing';
import { connectNats, describeTopology, migrateTopology, type Delivery } from '../src/index.js';
import { consumeEmployees } from './consumer.js';
import { consumerState } from './support.js';

export const DURABLE = durables.policyEmployees('shared');
export const idsOf = (batch: readonly Delivery<EmployeeChangedV1>[]) => batch.map(({ data }) => data.employeeId);

export interface TransportBench {
  readonly nats: TestNats;
  readonly connection: NatsConnection;
  /** Run when the test ends, the last one first. */
  readonly cleanup: (() => Promise<unknown>)[];
  /** As `consumeEmployees`, closed when the test ends. */
  readonly consume: typeof consumeEmployees;
  /** Waits until nothing is pending and nothing is in hand. */
  readonly allSettled: (from?: NatsConnection) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

/** A NATS of the test's own with our streams and consumers. */
export const openTransportBench = async (): Promise<TransportBench> => {
  const nats = await testNats();
  const connection = await connectNats({ url: nats.url, name: 'test' });
  await migrateTopology(connection, describeTopology({ pools: ['shared'], ackWaitMs: 1_000 }));
  const cleanup: (() => Promise<unknown>)[] = [];
  return {
    nats,
    connection,
    cleanup,
    consume: async (...args) => {
      const consumer = await consumeEmployees(...args);
      cleanup.push(() => consumer.close());
      return consumer;
    },
    allSettled: (from = connection) =>
      eventually('every message to be settled', async () => {
        const { pending, inHand } = await consumerState(from, STREAMS.employees, DURABLE);
        return pending === 0 && inHand === 0;
      }),
    close: async () => {
      for (const step of cleanup.splice(0).reverse()) await step();
      await connection.close();
      await nats.close();
    },
  };
};
