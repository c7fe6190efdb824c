import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { STREAMS } from '@portico/contracts';
import { eventually, testServers, type TestNats } from '@portico/testing';
import { connectNats, describeTopology, migrateTopology } from '../src/index.js';
import { PullQueue } from '../src/pull-queue.js';
import { NatsProxy } from './nats-proxy.js';
import { consumeEmployees, type TestConsumer } from './consumer.js';
import { consumerState, listeningLog, publishEmployees, range, silent } from './support.js';
import { DURABLE, idsOf, openTransportBench, type TransportBench } from './transport-bench.js';

let bench: TransportBench;
let nats: TestNats;
let connection: NatsConnection;
let cleanup: TransportBench['cleanup'];
let consume: TransportBench['consume'];
let allSettled: TransportBench['allSettled'];
beforeEach(async () => {
  bench = await openTransportBench();
  ({ nats, connection, cleanup, consume, allSettled } = bench);
});
afterEach(() => bench.close());

describe('messages in hand', () => {
  it('are bounded', async () => {
    await publishEmployees(connection, range(500));
    const blocked = Promise.withResolvers<undefined>();
    await consume(connection, () => blocked.promise, { batchSize: 10, maxInFlight: 40 });
    await eventually('the worker to be full', async () => {
      return (await consumerState(connection, STREAMS.employees, DURABLE)).inHand === 40;
    });
    blocked.resolve(undefined);
    await allSettled();
  });

  it('stay with a handler that takes longer than ack_wait', async () => {
    await publishEmployees(connection, range(3));
    const release = Promise.withResolvers<undefined>();
    const redeliveries: number[] = [];
    await consume(connection, async (batch) => {
      redeliveries.push(...batch.map((delivery) => delivery.redeliveries));
      await release.promise;
    });
    // A second worker would get them, were they let go.
    const second = await connectNats({ url: nats.url, name: 'second' });
    cleanup.push(() => second.close());
    await consume(second, (batch) => void redeliveries.push(...batch.map((delivery) => delivery.redeliveries)));
    const startedAt = performance.now();
    await eventually('three times ack_wait to pass', async () => performance.now() - startedAt > 3_000);
    release.resolve(undefined);
    await allSettled();
    expect(redeliveries).toEqual([0, 0, 0]);
  });

  it('of a worker that vanished go to another after ack_wait', async () => {
    await publishEmployees(connection, range(5));
    const vanishing = await connectNats({ url: nats.url, name: 'vanishing' });
    const taken = Promise.withResolvers<undefined>();
    await consumeEmployees(vanishing, () => {
      taken.resolve(undefined);
      return new Promise(() => undefined);
    });
    await taken.promise;
    await vanishing.close();
    const seen: string[] = [];
    await consume(connection, (batch) => void seen.push(...idsOf(batch)));
    await allSettled();
    expect(seen.sort()).toEqual(range(5));
  });
});

describe('closing', () => {
  // An ack_wait that no test would wait for: what isn't returned would not come again.
  beforeEach(async () => {
    await migrateTopology(connection, describeTopology({ pools: ['shared'], ackWaitMs: 60_000 }));
  });

  const closing = async (closeTimeoutMs: number) => {
    await publishEmployees(connection, range(30));
    const begun = Promise.withResolvers<undefined>();
    const release = Promise.withResolvers<undefined>();
    const first: string[] = [];
    const worker: TestConsumer = await consumeEmployees(
      connection,
      async (batch) => {
        begun.resolve(undefined);
        first.push(...idsOf(batch));
        await release.promise;
      },
      { batchSize: 10, closeTimeoutMs },
    );
    await begun.promise;
    const second: string[] = [];
    const other = await connectNats({ url: nats.url, name: 'other' });
    cleanup.push(() => other.close());
    return { worker, release, first, second, other };
  };

  it('finishes what is in hand and returns what is not begun', async () => {
    const { worker, release, first, second, other } = await closing(20_000);
    const closed = worker.close();
    await consume(other, (batch) => void second.push(...idsOf(batch)));
    await eventually('the others to be handled elsewhere', async () => second.length === 30 - first.length);
    release.resolve(undefined);
    await closed;
    await allSettled(other);
    expect([...first, ...second].sort()).toEqual(range(30).sort());
  });

  it('returns what a handler does not finish in time', async () => {
    const { worker, second, other } = await closing(100);
    await worker.close();
    await consume(other, (batch) => void second.push(...idsOf(batch)));
    await allSettled(other);
    expect(second.sort()).toEqual(range(30).sort());
  });

  it('ends while NATS is away', async () => {
    const servers = await testServers();
    const lonely = await connectNats({ url: servers.nats.url, name: 'lonely' });
    await migrateTopology(lonely, describeTopology({ pools: ['shared'] }));
    const worker = await consumeEmployees(lonely, () => undefined, { closeTimeoutMs: 200 });
    await servers.nats.kill();
    await worker.close();
    await lonely.close();
    await servers.close();
  });
});

describe('NATS', () => {
  it('killed in the middle: every message is handled, none is left', async () => {
    const servers = await testServers();
    const own = await connectNats({ url: servers.nats.url, name: 'worker' });
    await migrateTopology(own, describeTopology({ pools: ['shared'], ackWaitMs: 1_000 }));
    const handled = new Map<string, number>();
    const worker = await consumeEmployees(
      own,
      async (batch) => {
        await new Promise((resolve) => setImmediate(resolve));
        for (const { data } of batch) handled.set(data.employeeId, data.revision);
      },
      { batchSize: 7 },
    );
    for (const round of range(3)) {
      const ids = range(200, Number(round) * 1_000);
      await publishEmployees(own, ids);
      await eventually('some to be handled', async () => handled.has(ids[0] ?? ''));
      await servers.nats.kill();
      await servers.nats.restart();
      // Sooner than silence would be noticed.
      await eventually('all to be handled', async () => ids.every((id) => handled.has(id)), { timeoutMs: 6_000 });
    }
    await allSettled(own);
    await worker.close();
    await own.close();
    await servers.close();
  });

  it('that never got the request for messages is asked again', async () => {
    const proxy = await NatsProxy.start(nats.url);
    const proxied = await connectNats({ url: proxy.url, name: 'proxied' });
    proxy.dropPulls = true;
    const queue = new PullQueue({
      connection: proxied,
      stream: STREAMS.employees,
      durable: DURABLE,
      ackWaitMs: 1_000,
      capacity: 10,
      log: silent,
      heartbeatMs: 100,
    });
    queue.start();
    await eventually('the request to be lost', async () => proxy.droppedPulls > 0);
    proxy.dropPulls = false;
    await publishEmployees(connection, ['1']);
    expect(await queue.ready()).toBe(true);
    await queue.close();
    queue.abandon();
    await proxied.close();
    await proxy.close();
  });

  it('whose consumer is deleted and made again: the worker says so and goes on', async () => {
    const log = listeningLog();
    const seen: string[] = [];
    const { server } = await consume(connection, (batch) => void seen.push(...idsOf(batch)), { logger: log });
    const jsm = await jetstreamManager(connection);
    await jsm.consumers.delete(STREAMS.employees, DURABLE);
    const isDown = () =>
      server
        .health()
        .check()
        .then(
          () => false,
          (error: Error) => error.message,
        );
    expect(await eventually('the probe to say so', isDown)).toMatch(
      /^no messages from PORTICO_EMPLOYEES\/realm-policy-shared: .*run the migration/,
    );
    await migrateTopology(connection, describeTopology({ pools: ['shared'] }));
    await publishEmployees(connection, ['1']);
    await eventually('the message to come', async () => seen.length === 1);
    expect(await isDown()).toBe(false);
  });
});
