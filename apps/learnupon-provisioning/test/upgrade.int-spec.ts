import { inTransaction, prepared, serviceDatabase, sqlOf } from '@portico/database';
import type { Sql } from '@portico/messaging';
import { eventually, testDatabase } from '@portico/testing';
import { ENTITIES } from '../src/persistence/entities.js';
import type { LaneLease } from '../src/persistence/lanes.js';
import { MIGRATIONS } from '../src/persistence/migrations/index.js';
import { migrate } from '../src/persistence/orm.js';
import { loadAttempts } from '../src/persistence/cell-rows.js';
import { loadAccountsOf, loadConfirmed } from '../src/persistence/people-accounts.js';
import { loadInvites } from '../src/persistence/people-invites.js';
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

/** As a version plans that knows nothing of holds, with statements that its connections keep. */
const LOCK_DIRTY = prepared(`
  with dirty as materialized (
    select employee_id as "employeeId", portal, access, leaving, expires_on, learner::text, account_id, xmin::text as version,
      priority, dirty_at
    from cell
    where tenant = $1 and portal = $2 and priority is not null
    order by priority, dirty_at, employee_id for update skip locked
  )
  select dirty.*, person.cause from dirty cross join lateral (
    select cause::text from person where tenant = $1 and person.employee_id = dirty."employeeId" offset 0) person`);

const planned = async (sql: Sql) => {
  const cells = await sql<{ employeeId: string }>(LOCK_DIRTY, [lease.tenant, lease.portal]);
  const ids = cells.map(({ employeeId }) => employeeId);
  await Promise.all([
    loadAttempts(sql, lease.tenant, ids),
    loadAccountsOf(sql, lease, ids, []),
    loadInvites(sql, lease, ids, []),
    loadConfirmed(sql, lease, ids),
  ]);
  return cells;
};

/** As such a version records what is wanted. */
const RECORD = prepared(`
  insert into cell (tenant, portal, employee_id, access, policy_reason, leaving, learner, priority, dirty_at, reason, actual,
    since, expires_on, retain_until)
  select 'acme', $1, '1', 'granted', 'in-audience', 'disable', null, 1, now(), 'waiting-for-lane', 'none', now(), null, null
  on conflict (tenant, employee_id, portal) do update set access = excluded.access, dirty_at = excluded.dirty_at`);

/** With the schema of a version before, and one dirty cell. */
const openBefore = async (migrations: number) => {
  const database = await testDatabase();
  const before = serviceDatabase({
    service: 'before',
    entities: ENTITIES,
    migrations: MIGRATIONS.slice(0, migrations),
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

test.each([6, 10])(
  'a version with %s migrations goes on planning and recording over its connections after the others',
  async (migrations) => {
    const { orm, sql, url, close } = await openBefore(migrations);
    try {
      const plan = () => inTransaction(orm, planned);
      const record = (portal: string) => inTransaction(orm, (own) => own(RECORD, [portal]));
      expect(await plan()).toHaveLength(1);
      await record('emea');
      await migrate(url);
      expect(await plan()).toHaveLength(1);
      await record('emea');
      await record('apac');
      expect(await sql('select 1 from cell')).toHaveLength(3);
    } finally {
      await close();
    }
  },
);

test('the migration gets through beside a version that plans', async () => {
  const { orm, sql, url, close } = await openBefore(6);
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
      '0011-holds',
    ]);
  } finally {
    await close();
  }
});
