import { eventually } from '@portico/testing';
import { createLogger, systemClock } from '@portico/service-kit';
import { Housekeeper } from '../src/inbound/housekeeper.js';
import { pruneAttempts } from '../src/persistence/prune.js';
import { sqlOf } from '@portico/database';
import { openDatabase } from './fixtures.js';

const fill = `
  insert into attempt (tenant, portal, employee_id, operation, lease_number, deadline, state, begun_at, ended_at)
  select 'acme', 'academy', $1 || number, '{"kind":"update"}', 1, now(), $2, now(), $3::timestamptz
  from generate_series(1, $4::int) as number`;

test('calls that ended long ago are forgotten bite by bite; those without an outcome and newer ones stay', async () => {
  const { orm, close } = await openDatabase();
  const sql = sqlOf(orm.em.fork());
  await sql(fill, ['old', 'done', '2025-01-01T00:00:00Z', 1_500]);
  await sql(fill, ['new', 'refused', '2026-03-01T00:00:00Z', 20]);
  await sql(fill, ['open', 'doubt', null, 20]);
  expect(await pruneAttempts(sql, '2026-01-01T00:00:00Z')).toBe(true);
  expect(await pruneAttempts(sql, '2026-01-01T00:00:00Z')).toBe(false);
  const kept = await sql('select state, count(*)::int from attempt group by state order by state');
  expect(kept).toEqual([
    { state: 'doubt', count: 20 },
    { state: 'refused', count: 20 },
  ]);

  const logger = createLogger({ name: 'test', level: 'silent' });
  const keeper = new Housekeeper({ orm, clock: systemClock, logger, retentionDays: 36_500 });
  keeper.start();
  await keeper.stop();
  expect(await sql('select 1 from attempt')).toHaveLength(40);
  await sql(`update attempt set ended_at = '1900-01-01T00:00:00Z' where state = 'refused'`);
  const second = new Housekeeper({ orm, clock: systemClock, logger, retentionDays: 36_500 });
  second.start();
  await eventually('the old to be gone', async () => (await sql('select 1 from attempt')).length === 20);
  await second.stop();
  await close();
});
