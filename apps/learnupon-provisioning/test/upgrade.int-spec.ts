import { inTransaction, serviceDatabase, sqlOf } from '@portico/database';
import type { Sql } from '@portico/messaging';
import type { Realm } from '@portico/provisioning-plan';
import { eventually, testDatabase } from '@portico/testing';
import { ENTITIES } from '../src/persistence/entities.js';
import type { LaneLease } from '../src/persistence/lanes.js';
import { MIGRATIONS } from '../src/persistence/migrations/index.js';
import { migrate } from '../src/persistence/orm.js';
import { lockDirtyCells } from '../src/persistence/cell-rows.js';
import { loadPeople } from '../src/persistence/people.js';
import { savePlans } from '../src/persistence/plans.js';

const lease: LaneLease = {
  tenant: 'acme',
  portal: 'academy',
  number: 1,
  mode: 'on',
  topLevel: true,
  baseUrl: '',
  secretRef: '',
  failures: 0,
  quarantine: null,
  pace: null,
};

const realm: Realm = { today: '2026-03-02', allowsDuplicates: false, portals: [] };

const planned = async (sql: Sql) => loadPeople(sql, lease, realm, await lockDirtyCells(sql, lease, 10, []));

/** As the version before 0007 has it, with one dirty cell. */
const openBefore = async () => {
  const database = await testDatabase();
  const before = serviceDatabase({
    service: 'before',
    entities: ENTITIES,
    migrations: MIGRATIONS.slice(0, 6),
  });
  await before.migrate(database.url);
  const orm = before.createOrm(database.url, 4);
  const sql = sqlOf(orm.em.fork());
  await sql(
    `insert into person (tenant, employee_id, revision, leaver, cause) values ('acme', '1', 1, false, '{"kind":"read"}')`,
  );
  await sql(`insert into cell (tenant, portal, employee_id, access, policy_reason, leaving, priority, dirty_at, reason, actual, since)
    values ('acme', 'academy', '1', 'undecided', 'other', 'keep', 1, now(), 'waiting-for-lane', 'none', now())`);
  return {
    orm,
    sql,
    url: database.url,
    close: async () => {
      await orm.close(true);
      await database.close();
    },
  };
};

test('a version that runs goes on planning over its connections after the migration', async () => {
  const { orm, url, close } = await openBefore();
  try {
    const plan = () => inTransaction(orm, planned);
    expect(await plan()).toHaveLength(1);
    await migrate(url);
    expect(await plan()).toHaveLength(1);
  } finally {
    await close();
  }
});

test('the migration gets through beside a version that plans', async () => {
  const { orm, sql, url, close } = await openBefore();
  try {
    let migrating: Promise<unknown> | undefined;
    const planning = inTransaction(orm, async (own) => {
      await planned(own);
      migrating ??= migrate(url).catch(String);
      await eventually('a migration that waits for the table', async () => {
        const [row] = await sql<{ waits: boolean }>(
          `select exists (
             select 1 from pg_locks
             where not granted and relation = 'cell'::regclass and mode = 'AccessExclusiveLock') as waits`,
        );
        return row?.waits;
      });
      await savePlans(own, lease, [
        { employeeId: '1', plan: { portal: 'academy', reason: 'converged', actual: 'none' } },
      ]);
    }).catch(String);
    expect(await planning).toBe(undefined);
    expect(await migrating).toEqual([
      '0007-fewer-bytes-and-indexes',
      '0008-events-in-batches',
      '0009-what-cells-wait-for',
      '0010-hints-between-lanes',
    ]);
  } finally {
    await close();
  }
});
