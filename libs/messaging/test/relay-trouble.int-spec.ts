import { jetstreamManager } from '@nats-io/jetstream';
import { durables, STREAMS } from '@portico/contracts';
import { eventually } from '@portico/testing';
import { range, writeEmployees } from './support.js';
import { openRelayBench, type RelayBench } from './relay-bench.js';

let bench: RelayBench;
let connection: RelayBench['connection'];
let db: RelayBench['db'];
let employeeSource: RelayBench['employeeSource'];
let employeeRelay: RelayBench['employeeRelay'];
let throughProxy: RelayBench['throughProxy'];
let lastRevisions: RelayBench['lastRevisions'];
let unpublished: RelayBench['unpublished'];
let streamState: RelayBench['streamState'];
beforeEach(async () => {
  bench = await openRelayBench();
  ({ connection, db, employeeSource, employeeRelay, throughProxy, lastRevisions, unpublished, streamState } = bench);
});
afterEach(() => bench.close());

describe('a relay that stalls in the middle of publishing', () => {
  it('leaves no older revision behind when another overtakes it', async () => {
    const { proxy, proxied } = await throughProxy();
    const ids = range(40);
    await writeEmployees(
      db,
      ids.map((id) => ({ id, revision: 1 })),
    );
    proxy.stallAfter(15);
    const stalled = employeeRelay({ connection: proxied }).drainOnce();
    await eventually('the relay to stall', async () => proxy.heldFrames > 0);

    await writeEmployees(
      db,
      ids.slice(10, 30).map((id) => ({ id, revision: 2 })),
    );
    await employeeRelay().drainOnce();
    const overtaken = await lastRevisions();
    proxy.release();
    await stalled;

    expect(await lastRevisions()).toEqual(overtaken);
    expect(overtaken).toEqual(Object.fromEntries(ids.map((id, index) => [id, index >= 10 && index < 30 ? 2 : 1])));
    expect(await unpublished()).toBe(0);
  });

  it('is refused however late it comes back', async () => {
    await writeEmployees(db, [{ id: '1', revision: 1 }]);
    const source = employeeSource();
    const stale = [...(await source.waiting('shared', 10))];
    for (const revision of [2, 3]) {
      await writeEmployees(db, [{ id: '1', revision }]);
      await employeeRelay().drainOnce();
    }
    const pools = () => Promise.resolve(['shared']);
    const late = employeeRelay({ source: { ...source, pools, waiting: () => Promise.resolve(stale.splice(0)) } });
    expect(await late.drainOnce()).toBe(1);
    expect(await lastRevisions()).toEqual({ 1: 3 });
    expect(await db.sql('select published_revision::int as revision from employee')).toEqual([{ revision: 3 }]);
  });
});

describe('a lost acknowledgement', () => {
  it('of a state row makes no second message', async () => {
    const { proxy, proxied } = await throughProxy();
    const ids = range(20);
    await writeEmployees(
      db,
      ids.map((id) => ({ id })),
    );
    const relay = employeeRelay({ connection: proxied });
    proxy.dropAcks = true;
    await expect(relay.drainOnce()).rejects.toThrow(/timeout/i);
    expect(proxy.droppedAcks).toBe(20);
    expect(await unpublished()).toBe(20);

    proxy.dropAcks = false;
    expect(await relay.drainOnce()).toBe(20);
    const { messages, last_seq } = await streamState(STREAMS.employees);
    expect({ messages, last_seq }).toEqual({ messages: 20, last_seq: 20 });
  });

  it('and a change after it end at the change', async () => {
    const { proxy, proxied } = await throughProxy();
    await writeEmployees(db, [{ id: '1', revision: 1 }]);
    const relay = employeeRelay({ connection: proxied });
    proxy.dropAcks = true;
    await expect(relay.drainOnce()).rejects.toThrow();
    proxy.dropAcks = false;
    // The row still says that the stream has nothing of it.
    await writeEmployees(db, [{ id: '1', revision: 2 }]);
    expect(await relay.drainOnce()).toBe(1);
    expect(await lastRevisions()).toEqual({ 1: 2 });
  });
});

describe('consumers that have enough before them', () => {
  const watchConsumers = (pool: string | undefined) => [durables.policyEmployees(pool ?? '')];
  const pendingOf = async (pool: string) => {
    const jsm = await jetstreamManager(connection);
    return (await jsm.consumers.info(STREAMS.employees, durables.policyEmployees(pool))).num_pending;
  };

  it('get no more, while another pool goes on', async () => {
    await writeEmployees(db, [
      ...range(100).map((id) => ({ id })),
      ...range(20, 200).map((id) => ({ id, pool: 'other' })),
    ]);
    const relay = employeeRelay({ watchConsumers, maxPending: 30 });
    expect(await relay.drainOnce()).toBe(50);
    expect([await pendingOf('shared'), await pendingOf('other')]).toEqual([30, 20]);
  });

  it('get more when they have worked', async () => {
    await writeEmployees(
      db,
      range(100).map((id) => ({ id })),
    );
    const relay = employeeRelay({ watchConsumers, maxPending: 30, pollMs: 60_000 });
    relay.start();
    await eventually('the first to wait', async () => (await pendingOf('shared')) === 30);
    const jsm = await jetstreamManager(connection);
    const consumer = await jsm.jetstream().consumers.get(STREAMS.employees, durables.policyEmployees('shared'));
    let received = 0;
    for await (const message of await consumer.consume()) {
      message.ack();
      received += 1;
      if (received === 100) break;
    }
    expect(await eventually('all to be marked', async () => (await unpublished()) === 0)).toBe(true);
  });

  it('are missed when they are missing, with the remedy, and hold back no other pool', async () => {
    await writeEmployees(db, [{ id: '1', pool: 'nobody' }, { id: '2' }]);
    const relay = employeeRelay({ watchConsumers });
    await expect(relay.drainOnce()).rejects.toThrow(
      "PORTICO_EMPLOYEES/realm-policy-nobody doesn't exist, so its pool gets nothing: run the migration with this pool",
    );
    expect(await lastRevisions()).toEqual({ 2: 1 });
    relay.start();
    await eventually('the probe to say so', () =>
      relay
        .health()
        .check()
        .then(
          () => false,
          () => true,
        ),
    );
  });
});
