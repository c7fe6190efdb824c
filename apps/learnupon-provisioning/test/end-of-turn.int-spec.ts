import { inTransaction } from '@portico/database';
import type { Sql } from '@portico/messaging';
import { markConverged } from '../src/persistence/convergence.js';
import { dirtyExpired, nextDueMs } from '../src/persistence/lane-state.js';
import type { LaneLease } from '../src/persistence/lanes.js';
import { completeList } from '../src/persistence/read-back.js';
import { openDatabase, SETTINGS } from './fixtures.js';

const PEOPLE = 20_000;
const LEASE: LaneLease = {
  ...{ tenant: 'acme', portal: 'academy', number: 1, mode: 'on', topLevel: true },
  ...{ baseUrl: 'https://academy.example', secretRef: 'academy', failures: 0, quarantine: null, pace: null },
};

/** Everybody is as wanted, and the database last counted when a first sync was under way. */
const afterAFirstSync = async (sql: Sql): Promise<void> => {
  await sql(`insert into lane (tenant, portal, pool, active, lease_number, users_completed_at, users_verified_at,
      invites_completed_at, planned_day)
    values ('acme', 'academy', 'shared', true, 1, now(), now() + interval '1 hour', now(), '2026-03-02')`);
  await sql(`insert into cell (tenant, portal, employee_id, access, policy_reason, leaving, reason, actual, since,
      account_id, unverified_since, priority, dirty_at)
    select 'acme', 'academy', n, 'granted', 'other', 'keep', 'waiting-for-lane', 'none', now(),
      case when n % 2 = 0 then n end, case when n % 2 = 0 then now() end, case when n % 2 = 1 then 1 end, now()
    from generate_series(1, ${PEOPLE}) as n`);
  await sql('analyze cell');
  await sql(`update cell set reason = 'converged', actual = 'active', account_id = employee_id, unverified_since = now(),
    priority = null, dirty_at = null`);
};

/** Of the table itself, not by an index; by this connection, also in transactions before that it has not reported yet. */
const rowsRead = async (sql: Sql): Promise<number> =>
  (
    await sql<{ rows: number }>(
      `select coalesce(seq_tup_read, 0)::int as rows from pg_stat_xact_user_tables where relname = 'cell'`,
    )
  )[0]?.rows ?? 0;

test('a lane with nothing to do does not look at everybody', async () => {
  const { orm, close } = await openDatabase();
  try {
    await inTransaction(orm, afterAFirstSync);
    await inTransaction(orm, async (sql) => {
      const before = await rowsRead(sql);
      await dirtyExpired(sql, LEASE, '2026-03-02');
      await completeList(sql, LEASE, 'users', { ids: [], begunAt: '2000-01-01T00:00:00Z' }, SETTINGS.settleSeconds);
      expect(await markConverged(sql, LEASE)).toBe(true);
      expect(await nextDueMs(sql, LEASE, SETTINGS)).toBeGreaterThan(1_000);
      expect((await rowsRead(sql)) - before).toBe(0);
    });
  } finally {
    await close();
  }
});
