import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { durables, EmployeeChangedV1, fromHeaders, parseContract, STREAMS, subjects } from '@portico/contracts';
import { eventually, testDatabase, testNats, type TestDatabase, type TestNats } from '@portico/testing';
import {
  connectNats,
  describeTopology,
  eventRelaySource,
  listenForRows,
  migrateTopology,
  NOTIFY_RELAY_SQL,
  postgresRelayLease,
  Relay,
  republish,
  stateRelaySource,
  type RelayOptions,
} from '../src/index.js';
import { NatsProxy } from './nats-proxy.js';
import {
  makeTables,
  messagesOf,
  openSql,
  range,
  silent,
  writeEmployees,
  writeEvents,
  type TestSql,
} from './support.js';

let nats: TestNats;
let database: TestDatabase;
let connection: NatsConnection;
let db: TestSql;
const cleanup: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  [nats, database] = await Promise.all([testNats(), testDatabase()]);
  connection = await connectNats({ url: nats.url, name: 'test' });
  db = openSql(database.url);
  await migrateTopology(connection, describeTopology({ pools: ['shared', 'other'] }));
  await makeTables(db);
});

afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
  await connection.close();
  await db.close();
  await Promise.all([nats.close(), database.close()]);
});

const employeeSource = () =>
  stateRelaySource(db.sql, {
    table: 'employee',
    keyColumn: 'employee_id',
    subjectKind: 'employee',
    sourceName: 'bamboohr-ingestion',
  });

const employeeRelay = (options: Partial<RelayOptions> = {}): Relay => {
  const relay = new Relay({
    connection,
    source: employeeSource(),
    stream: STREAMS.employees,
    logger: silent,
    ...options,
  });
  cleanup.push(() => relay.stop());
  return relay;
};

const eventRelay = (options: Partial<RelayOptions> = {}): Relay => {
  const source = eventRelaySource(db.sql, { table: 'outbox', sourceName: 'learnupon-provisioning' });
  const relay = new Relay({ connection, source, stream: STREAMS.learners, logger: silent, ...options });
  cleanup.push(() => relay.stop());
  return relay;
};

const throughProxy = async (): Promise<{ proxy: NatsProxy; proxied: NatsConnection }> => {
  const proxy = await NatsProxy.start(nats.url);
  const proxied = await connectNats({ url: proxy.url, name: 'proxied' });
  cleanup.push(async () => {
    await proxied.close();
    await proxy.close();
  });
  return { proxy, proxied };
};

/** By employee id, the revision of the subject's last message. */
const lastRevisions = async (): Promise<Record<string, number>> => {
  const found = (await messagesOf(connection, STREAMS.employees)).map((message) => {
    const body = parseContract(EmployeeChangedV1, message.json());
    return [body.employeeId, body.revision] as const;
  });
  return Object.fromEntries(found);
};

const unpublished = async (): Promise<number> => {
  const [row] = await db.sql<{ count: number }>(
    'select count(*)::int as count from employee where revision > published_revision',
  );
  return row?.count ?? 0;
};

const streamState = async (stream: string) => (await (await jetstreamManager(connection)).streams.info(stream)).state;

describe('state rows', () => {
  it('are published as CloudEvents with their revision and trace, once', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await writeEmployees(db, [{ id: '109', revision: 7, traceparent }]);
    const relay = employeeRelay();
    expect(await relay.drainOnce()).toBe(1);
    expect(await relay.drainOnce()).toBe(0);
    const [message] = await messagesOf(connection, STREAMS.employees);
    const subject = subjects.employee('shared', 'acme', '109');
    expect(message?.subject).toBe(subject);
    expect(fromHeaders((name) => message?.header.get(name))).toEqual({
      id: `${subject}@7`,
      type: 'portico.employee.changed.v1',
      source: 'bamboohr-ingestion',
      time: '2026-01-12T10:00:00.000Z',
      revision: 7,
      traceparent,
    });
  });

  it('that changed ten times make one message', async () => {
    for (const revision of range(10)) await writeEmployees(db, [{ id: '1', revision: Number(revision) }]);
    await employeeRelay().drainOnce();
    expect((await streamState(STREAMS.employees)).last_seq).toBe(1);
    expect(await lastRevisions()).toEqual({ 1: 10 });
  });

  it('of realms need no pool', async () => {
    await db.sql(`insert into realm (tenant, revision, event, event_time) values ('acme', 3, '{}', now())`);
    const source = stateRelaySource(db.sql, {
      table: 'realm',
      keyColumn: 'tenant',
      subjectKind: 'realm',
      sourceName: 'realm-policy',
    });
    const relay = new Relay({ connection, source, stream: STREAMS.realms, logger: silent });
    expect(await relay.drainOnce()).toBe(1);
    expect((await messagesOf(connection, STREAMS.realms))[0]?.subject).toBe(subjects.realm('acme'));
  });

  it('go live before bulk, tenants in turn, oldest first', async () => {
    await writeEmployees(db, [
      ...range(20).map((id) => ({ id, tenant: 'aaa', revision: Number(id), bulk: true })),
      ...range(3, 50).map((id) => ({ id, tenant: 'aaa', revision: Number(id) })),
      ...range(3, 60).map((id) => ({ id, tenant: 'bbb', revision: 100 - Number(id) })),
      { id: '70', tenant: 'ccc', revision: 1, bulk: true },
    ]);
    const rows = await employeeSource().waiting('shared', 9);
    expect(rows.map(({ key }) => key.join(' '))).toEqual([
      ...['aaa 50', 'bbb 62', 'aaa 51', 'bbb 61', 'aaa 52', 'bbb 60'],
      ...['aaa 1', 'ccc 70', 'aaa 2'],
    ]);
  });

  it('that can never be published hold back no other', async () => {
    await writeEmployees(db, [{ id: 'not a token' }, ...range(30).map((id) => ({ id, revision: 2 }))]);
    await expect(employeeRelay({ batchSize: 5 }).drainOnce()).rejects.toThrow(
      `"not a token" can't be part of a subject`,
    );
    expect(Object.keys(await lastRevisions())).toHaveLength(30);
    expect(await unpublished()).toBe(1);
  });

  it('are found along the index, however many wait', async () => {
    await db.sql(`insert into employee (tenant, employee_id, pool, revision, bulk, event, event_time)
      select 'acme', n::text, 'shared', n, true, '{}', now() from generate_series(1, 20000) n`);
    await db.sql('analyze employee');
    const plans: string[] = [];
    const explain = async (text: string, parameters: readonly unknown[] = []) => {
      const lines = await db.sql<Record<string, string>>(`explain ${text}`, parameters);
      plans.push(lines.map((line) => line['QUERY PLAN']).join('\n'));
      return [];
    };
    const source = stateRelaySource(explain, {
      table: 'employee',
      keyColumn: 'employee_id',
      subjectKind: 'employee',
      sourceName: 'test',
    });
    await source.pools();
    await source.waiting('shared', 100);
    expect(plans).toHaveLength(2);
    for (const plan of plans) {
      expect(plan).toContain('employee_unpublished');
      expect(plan).not.toContain('Seq Scan on employee');
    }
  });
});

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

  it('of an event row loses no event and doubles none', async () => {
    const { proxy, proxied } = await throughProxy();
    await writeEvents(db, range(30));
    const relay = eventRelay({ connection: proxied });
    proxy.dropAcks = true;
    await expect(relay.drainOnce()).rejects.toThrow(/timeout/i);
    proxy.dropAcks = false;
    await relay.drainOnce();
    const ids = (await messagesOf(connection, STREAMS.learners)).map((message) => message.json<{ id: string }>().id);
    expect(ids).toEqual(range(30));
    expect(await db.sql('select * from outbox')).toEqual([]);
  });
});

describe('event rows', () => {
  it('keep the order of their tenant, and tenants go in turn', async () => {
    await writeEvents(
      db,
      range(5).map((id) => `a${id}`),
      'aaa',
    );
    await writeEvents(
      db,
      range(2).map((id) => `b${id}`),
      'bbb',
    );
    await eventRelay().drainOnce();
    const ids = (await messagesOf(connection, STREAMS.learners)).map((message) => message.json<{ id: string }>().id);
    expect(ids).toEqual(['a1', 'b1', 'a2', 'b2', 'a3', 'a4', 'a5']);
  });

  it('that two relays take at once are not doubled', async () => {
    await writeEvents(db, range(300));
    await Promise.all([eventRelay().drainOnce(), eventRelay().drainOnce()]);
    expect((await streamState(STREAMS.learners)).messages).toBe(300);
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

describe('a running relay', () => {
  it('publishes at a hint, without waiting for its poll', async () => {
    const relay = employeeRelay({ pollMs: 60_000 });
    cleanup.push(listenForRows(database.url, () => relay.nudge(), silent));
    relay.start();
    await eventually('it to listen', async () => {
      const [row] = await db.sql(
        `select 1 from pg_stat_activity where query = 'listen portico_relay' and state = 'idle'`,
      );
      return row !== undefined;
    });
    await writeEmployees(db, [{ id: '1' }]);
    await db.sql(NOTIFY_RELAY_SQL);
    await eventually('the row to be published', async () => (await unpublished()) === 0, { timeoutMs: 5_000 });
  });

  it('finds rows without a hint', async () => {
    employeeRelay({ pollMs: 20 }).start();
    await writeEmployees(db, [{ id: '1' }]);
    await eventually('the row to be published', async () => (await unpublished()) === 0);
  });

  it('leaves the work to the holder of the lease, and takes it over', async () => {
    const other = postgresRelayLease(db.sql, 'employee');
    expect(await other.hold()).toBe(true);
    const own = postgresRelayLease(db.sql, 'employee');
    let attempts = 0;
    const lease = { ...own, hold: () => own.hold().finally(() => (attempts += 1)) };
    await writeEmployees(db, [{ id: '1' }]);
    employeeRelay({ pollMs: 10, lease }).start();
    await eventually('it to ask for the lease again and again', async () => attempts > 5);
    expect(await unpublished()).toBe(1);

    await other.release();
    await eventually('the row to be published', async () => (await unpublished()) === 0);
    expect(await other.hold()).toBe(false);
  });

  it('takes over from a holder that died', async () => {
    await db.sql(`insert into relay_lease values ('employee', 'dead', clock_timestamp() + interval '300 ms')`);
    await writeEmployees(db, [{ id: '1' }]);
    employeeRelay({ pollMs: 10, lease: postgresRelayLease(db.sql, 'employee') }).start();
    await eventually('the row to be published', async () => (await unpublished()) === 0);
  });
});

describe('republish', () => {
  const revisionsOf = async () =>
    Object.fromEntries(
      (
        await db.sql<{ id: string; revision: number; body: number }>(
          `select employee_id as id, revision::float8 as revision, (event->>'revision')::float8 as body from employee`,
        )
      ).map(({ id, revision, body }) => [id, { revision, body }]),
    );

  it('gives every row of the tenant a newer revision, in the row and in the event', async () => {
    const future = Date.now() + 1e9;
    await writeEmployees(db, [
      { id: '1', revision: 5 },
      { id: '2', revision: future },
      { id: '3', tenant: 'bbb' },
    ]);
    const before = Date.now();
    expect(await republish(db.sql, 'employee', 'acme')).toBe(2);
    const found = await revisionsOf();
    expect(found['1']?.revision).toBeGreaterThan(before - 5_000);
    expect(found['2']).toEqual({ revision: future + 1, body: future + 1 });
    expect(found['1']?.body).toBe(found['1']?.revision);
    expect(found['3']).toEqual({ revision: 1, body: 1 });
  });

  it('fills a stream that was lost', async () => {
    await writeEmployees(
      db,
      range(10).map((id) => ({ id })),
    );
    await employeeRelay().drainOnce();
    const jsm = await jetstreamManager(connection);
    await jsm.streams.delete(STREAMS.employees);
    await migrateTopology(connection, describeTopology({ pools: ['shared', 'other'] }));
    expect(await republish(db.sql, 'employee')).toBe(10);
    expect(await employeeRelay().drainOnce()).toBe(10);
    expect(Object.keys(await lastRevisions()).sort()).toEqual(range(10).sort());
  });

  it('wins over what a restored database had forgotten', async () => {
    await writeEmployees(db, [{ id: '1', revision: Date.now() - 1_000 }]);
    await employeeRelay().drainOnce();
    // The backup is older than the stream.
    await db.sql(`update employee set revision = 5, published_revision = 4, published_sequence = 0`);
    await employeeRelay().drainOnce();
    await republish(db.sql, 'employee', 'acme');
    await employeeRelay().drainOnce();
    const { 1: row } = await revisionsOf();
    expect(await lastRevisions()).toEqual({ 1: row?.revision });
  });
});
