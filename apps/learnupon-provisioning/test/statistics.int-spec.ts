import { inTransaction, sqlOf } from '@portico/database';
import { eventually } from '@portico/testing';
import { refreshStatistics } from '../src/persistence/statistics.js';
import { openDatabase } from './fixtures.js';

test('a table that has grown is looked at, and nobody waits for whoever vacuums it', async () => {
  const { orm, close } = await openDatabase();
  const sql = sqlOf(orm.em.fork());
  const known = async () =>
    (await sql<{ rows: number }>(`select reltuples::int as rows from pg_class where relname = 'cell'`))[0]?.rows;
  try {
    await sql(`insert into cell (tenant, portal, employee_id, access, policy_reason, leaving, reason, actual, since)
      select 'acme', 'apac', 'x' || n, 'undecided', 'other', 'keep', 'other', 'none', now() from generate_series(1, 3000) as n`);
    await eventually('rows that are counted', async () => {
      const [row] = await sql<{ rows: number }>(
        `select n_live_tup::int as rows from pg_stat_user_tables where relname = 'cell'`,
      );
      return (row?.rows ?? 0) > 1_000;
    });
    await inTransaction(orm, async (vacuum) => {
      // As `vacuum` holds it.
      await vacuum('lock table cell in share update exclusive mode');
      await expect(refreshStatistics(orm)).rejects.toThrow(/lock timeout/);
    });
    await refreshStatistics(orm);
    expect(await known()).toBe(3_000);
  } finally {
    await close();
  }
});
