import type { NatsConnection } from '@nats-io/transport-node';
import { durables, EmployeeChangedV1, RealmChangedV1, samples, STREAMS, subjects } from '@portico/contracts';
import { currentTraceparent, Metrics } from '@portico/service-kit';
import { eventually, type TestNats } from '@portico/testing';
import { connectNats, JetStreamServer } from '../src/index.js';
import { consumeEmployees, consumeRealms } from './consumer.js';
import { clock, consumerState, deadLetters, publish, publishEmployees, range, silent } from './support.js';
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
