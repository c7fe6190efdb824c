import { jetstreamManager } from '@nats-io/jetstream';
import { fromHeaders, STREAMS, subjects } from '@portico/contracts';
import { eventually } from '@portico/testing';
import {
  describeTopology,
  listenForRows,
  migrateTopology,
  NOTIFY_RELAY_SQL,
  postgresRelayLease,
  Relay,
  republish,
  stateRelaySource,
} from '../src/index.js';
import { messagesOf, range, silent, writeEmployees } from './support.js';
import { openRelayBench, type RelayBench } from './relay-bench.js';

let bench: RelayBench;
let database: RelayBench['database'];
let connection: RelayBench['connection'];
let db: RelayBench['db'];
let cleanup: RelayBench['cleanup'];
let employeeSource: RelayBench['employeeSource'];
let employeeRelay: RelayBench['employeeRelay'];
let lastRevisions: RelayBench['lastRevisions'];
let unpublished: RelayBench['unpublished'];
let streamState: RelayBench['streamState'];
beforeEach(async () => {
  bench = await openRelayBench();
  ({ database, connection, db, cleanup, employeeSource, employeeRelay, lastRevisions, unpublished, streamState } =
    bench);
});
afterEach(() => bench.close());

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
