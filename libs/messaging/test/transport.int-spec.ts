import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { durables, EmployeeChangedV1, RealmChangedV1, samples, STREAMS, subjects } from '@portico/contracts';
import { currentTraceparent, Metrics } from '@portico/service-kit';
import { eventually, testNats, testServers, type TestNats } from '@portico/testing';
import { connectNats, describeTopology, JetStreamServer, migrateTopology, type Delivery } from '../src/index.js';
import { PullQueue } from '../src/pull-queue.js';
import { NatsProxy } from './nats-proxy.js';
import { consumeEmployees, consumeRealms, type TestConsumer } from './consumer.js';
import {
  clock,
  consumerState,
  deadLetters,
  listeningLog,
  publish,
  publishEmployees,
  range,
  sampleEmployee,
  silent,
} from './support.js';

const DURABLE = durables.policyEmployees('shared');
const idsOf = (batch: readonly Delivery<EmployeeChangedV1>[]) => batch.map(({ data }) => data.employeeId);

let nats: TestNats;
let connection: NatsConnection;
const cleanup: (() => Promise<unknown>)[] = [];

/** Waits until nothing is pending and nothing is in hand. */
const allSettled = (from = connection) =>
  eventually('every message to be settled', async () => {
    const { pending, inHand } = await consumerState(from, STREAMS.employees, DURABLE);
    return pending === 0 && inHand === 0;
  });

const prepare = async (ackWaitMs: number): Promise<void> => {
  nats = await testNats();
  connection = await connectNats({ url: nats.url, name: 'test' });
  await migrateTopology(connection, describeTopology({ pools: ['shared'], ackWaitMs }));
};

const consume: typeof consumeEmployees = async (...args) => {
  const consumer = await consumeEmployees(...args);
  cleanup.push(() => consumer.close());
  return consumer;
};

beforeEach(() => prepare(1_000));
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
  await connection.close();
  await nats.close();
});

describe('a batch handler', () => {
  it('gets what is there, parsed, and each is acknowledged', async () => {
    await publishEmployees(connection, range(300));
    const seen: string[] = [];
    const sizes: number[] = [];
    await consume(
      connection,
      (batch) => {
        expect(batch[0]?.data).toBeInstanceOf(EmployeeChangedV1);
        sizes.push(batch.length);
        seen.push(...idsOf(batch));
      },
      { batchSize: 100 },
    );
    await allSettled();
    expect([...seen].sort()).toEqual(range(300).sort());
    expect(Math.max(...sizes)).toBeLessThanOrEqual(100);
    expect(sizes.length).toBeLessThan(30);
  });

  it('does not wait for more when one is there', async () => {
    const waited: number[] = [];
    let publishedAt = 0;
    await consume(connection, () => void waited.push(performance.now() - publishedAt));
    for (const id of range(20)) {
      publishedAt = performance.now();
      await publishEmployees(connection, [id]);
      await eventually('the message to come', async () => waited.length === Number(id));
    }
    expect(waited.sort((a, b) => a - b)[10]).toBeLessThan(50);
  });

  it('settles one by one; what it leaves is acknowledged', async () => {
    const seen: Record<string, number[]> = {};
    const terminated = { reason: 'no such portal' };
    await publishEmployees(connection, range(6));
    await consume(connection, (batch) => {
      for (const delivery of batch) {
        const id = delivery.data.employeeId;
        (seen[id] ??= []).push(delivery.redeliveries);
        if (id === '2' && delivery.redeliveries < 2) delivery.nak(50);
        if (id === '3') delivery.term(terminated.reason);
        if (id === '4') delivery.ack();
      }
    });
    await allSettled();
    expect(seen).toEqual({ 1: [0], 2: [0, 1, 2], 3: [0], 4: [0], 5: [0], 6: [0] });
    expect(await deadLetters(connection)).toMatchObject([
      { subject: subjects.employee('shared', 'acme', '3'), error: terminated.reason, deliveries: 1, consumer: DURABLE },
    ]);
  });

  it('that throws gets only the unsettled again', async () => {
    const seen: string[][] = [];
    await publishEmployees(connection, range(4));
    await eventually('all to be stored', async () => {
      return (await consumerState(connection, STREAMS.employees, DURABLE)).pending === 4;
    });
    await consume(connection, (batch) => {
      seen.push(idsOf(batch).sort());
      if (seen.length > 1) return;
      for (const delivery of batch) if (Number(delivery.data.employeeId) <= 2) delivery.ack();
      throw new Error('the database went away');
    });
    await allSettled();
    expect(seen).toEqual([range(4), ['3', '4']]);
    expect(await deadLetters(connection)).toEqual([]);
  });
});

describe('a poisonous message', () => {
  it('that is no contract becomes a dead letter at once and holds nobody up', async () => {
    const subject = subjects.employee('shared', 'acme', '666');
    await publish(connection, subject, { ...sampleEmployee, revision: 'ada@acme.example' });
    await publishEmployees(connection, range(5));
    const seen: string[] = [];
    await consume(connection, (batch) => void seen.push(...idsOf(batch)));
    await allSettled();
    expect(seen.sort()).toEqual(range(5));
    const [letter] = await deadLetters(connection);
    expect(letter).toMatchObject({ stream: STREAMS.employees, consumer: DURABLE, subject, sequence: 1, deliveries: 1 });
    expect(letter?.error).toContain('InvalidContractError: EmployeeChangedV1: revision');
    expect(JSON.stringify(letter)).not.toContain('ada@');
  });

  it('that is no JSON becomes a dead letter that quotes none of it', async () => {
    connection.publish(subjects.employee('shared', 'acme', '1'), 'ada@acme.example');
    await consume(connection, () => undefined);
    await allSettled();
    expect(await deadLetters(connection)).toMatchObject([{ error: 'SyntaxError: the body is not JSON' }]);
  });

  it('that makes every handler throw is found alone, given up in the end, and drags nobody with it', async () => {
    await publishEmployees(connection, range(50));
    const log = listeningLog();
    const handled = new Set<string>();
    await consume(
      connection,
      (batch) => {
        if (idsOf(batch).includes('13')) throw new RangeError('ada@acme.example is not welcome');
        for (const id of idsOf(batch)) handled.add(id);
      },
      { maxDeliver: 4, logger: log },
    );
    await allSettled();
    expect(handled.size).toBe(49);
    const letters = await deadLetters(connection);
    expect(letters).toMatchObject([
      { subject: subjects.employee('shared', 'acme', '13'), deliveries: 4, error: 'RangeError' },
    ]);
  });

  it('that kills its worker each time is given up without another try', async () => {
    await publishEmployees(connection, ['1']);
    const jsm = await jetstreamManager(connection);
    const consumer = await jsm.jetstream().consumers.get(STREAMS.employees, DURABLE);
    for (const _ of range(2)) (await consumer.next())?.nak();
    let calls = 0;
    await consume(connection, () => void (calls += 1), { maxDeliver: 2 });
    await allSettled();
    expect(calls).toBe(0);
    expect(await deadLetters(connection)).toMatchObject([
      { deliveries: 3, error: 'the worker was lost with it at every delivery' },
    ]);
  });

  it('comes again for as long as its dead letter cannot be stored', async () => {
    const jsm = await jetstreamManager(connection);
    await jsm.streams.delete(STREAMS.dead);
    await publish(connection, subjects.employee('shared', 'acme', '1'), {});
    const log = listeningLog();
    await consume(connection, () => undefined, { logger: log });
    await eventually('the failure to be told twice', async () => {
      return log.lines.filter((line) => line.startsWith('a dead letter could not be stored')).length > 1;
    });
    await migrateTopology(connection, describeTopology({ pools: ['shared'], ackWaitMs: 1_000 }));
    await allSettled();
    expect(await deadLetters(connection)).toHaveLength(1);
  });
});

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

describe('a handler of single messages', () => {
  const realm = samples.find(({ type }) => type === RealmChangedV1)?.sample as RealmChangedV1;

  it('runs in the trace of its message', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const seen: unknown[] = [];
    const consumer = await consumeRealms(connection, ({ data, event }) => {
      seen.push([data.tenant, event.traceparent, currentTraceparent()]);
    });
    cleanup.push(() => consumer.close());
    await publish(connection, subjects.realm('acme'), realm, traceparent);
    await eventually('the message to come', async () => seen.length === 1);
    expect(seen).toEqual([['acme', traceparent, traceparent]]);
  });

  it('gets one after the other', async () => {
    const tenants = range(10).map((number) => `tenant-${number}`);
    for (const tenant of tenants) await publish(connection, subjects.realm(tenant), { ...realm, tenant });
    const seen: string[] = [];
    let running = 0;
    const consumer = await consumeRealms(connection, async ({ data }) => {
      running += 1;
      expect(running).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      seen.push(data.tenant);
    });
    cleanup.push(() => consumer.close());
    await eventually('all to come', async () => seen.length === 10);
    expect(seen).toEqual(tenants);
  });
});

describe('starting', () => {
  it('fails where the consumer is missing, with the remedy', async () => {
    const connected = await connectNats({ url: nats.url, name: 'test' });
    cleanup.push(() => connected.close());
    const bindings = { employees: [{ stream: STREAMS.employees, durable: durables.policyEmployees('nobody') }] };
    await expect(consumeEmployees(connected, () => undefined, { bindings })).rejects.toThrow(
      /PORTICO_EMPLOYEES\/realm-policy-nobody: consumer not found; run the migration of NATS with its pool first/,
    );
  });

  it('fails where no handler has the pattern, with the remedy', async () => {
    const server = new JetStreamServer({
      connection,
      bindings: { people: [{ stream: STREAMS.employees, durable: DURABLE }] },
      logger: silent,
      clock,
    });
    const error = await new Promise((resolve) => void server.listen(resolve));
    expect(error).toMatchObject({ message: expect.stringMatching(/no handler for "people": .*@Consume\('people'/) });
  });
});

it('counts what happens', async () => {
  const metrics = new Metrics('test');
  await publishEmployees(connection, range(4));
  await publish(connection, subjects.employee('shared', 'acme', '5'), {});
  await consume(
    connection,
    (batch) => {
      for (const delivery of batch) if (delivery.data.employeeId === '1' && delivery.redeliveries === 0) delivery.nak();
    },
    { metrics },
  );
  await allSettled();
  const text = await eventually('the last batch to be counted', async () => {
    const current = await metrics.text();
    return current.includes('outcome="ack",service="test"} 4') && current;
  });
  expect(text).toContain(`portico_messages_settled_total{consumer="${DURABLE}",outcome="nak",service="test"} 1`);
  expect(text).toContain(`portico_messages_settled_total{consumer="${DURABLE}",outcome="term",service="test"} 1`);
  expect(text).toContain(`portico_messages_redelivered_total{consumer="${DURABLE}",service="test"} 1`);
  expect(text).toContain(`portico_messages_lag{consumer="${DURABLE}",service="test"} 0`);
});
