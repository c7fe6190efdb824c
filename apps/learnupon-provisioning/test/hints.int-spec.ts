import { inTransaction } from '@portico/database';
import { eventually } from '@portico/testing';
import type { LaneLease } from '../src/persistence/lanes.js';
import { hintClaimants, hintWaiting, takeHints } from '../src/persistence/hints.js';
import { decisionOf, granted, learnerOf, openRealm, type TestRealm } from './fixtures.js';

let realm: TestRealm;
beforeEach(async () => {
  realm = await openRealm();
});
afterEach(() => realm.close());

const ACADEMY = { tenant: 'acme', portal: 'academy' } as LaneLease;
const EMEA = { tenant: 'acme', portal: 'emea' } as LaneLease;
const PEOPLE = 60_000;

const hints = () => realm.sql<{ portal: string }>('select portal from cell_hint order by id');
const dirty = async () =>
  (await realm.sql<{ id: string }>('select employee_id as id from cell where priority is not null order by 1')).map(
    ({ id }) => id,
  );
/** Of EMEA, everybody as wanted but for those given. */
const cells = (reasons: Readonly<Record<string, string>>) =>
  realm.sql(
    `insert into cell (tenant, portal, employee_id, access, policy_reason, leaving, reason, actual, since, account_id)
     select 'acme', 'emea', id, 'granted', 'other', 'keep', reason, 'active', now(), id
     from unnest($1::text[], $2::text[]) as one (id, reason)`,
    [Object.keys(reasons), Object.values(reasons)],
  );

test('however many hints wait, a plan takes a thousand of them and no longer than that', async () => {
  await realm.sql('vacuum analyze cell_hint');
  await realm.sql(`insert into cell (tenant, portal, employee_id, access, policy_reason, leaving, reason, actual, since)
    select 'acme', 'emea', n, 'granted', 'other', 'keep', 'waiting-for-home', 'none', now()
    from generate_series(1, ${PEOPLE}) as n`);
  await realm.sql(`insert into cell_hint (tenant, portal, employee_id)
    select 'acme', 'emea', n from generate_series(1, ${PEOPLE}) as n`);
  await inTransaction(realm.orm, async (sql) => {
    // It takes a sixth of a second, and took sixteen where each hint was compared with each.
    await sql(`set local statement_timeout = '5s'`);
    await takeHints(sql, EMEA, []);
  });
  expect(await hints()).toHaveLength(PEOPLE - 1_000);
  expect(await dirty()).toHaveLength(1_000);
});

test('reads of a portal leave one hint for another whose lane nobody serves, however many wait there', async () => {
  await cells({ '1': 'waiting-for-mirror', '2': 'waiting-for-mirror', '3': 'converged', '4': 'identifier-claimed' });
  for (let time = 0; time < 3; time += 1) {
    await inTransaction(realm.orm, async (sql) => {
      expect(await hintWaiting(sql, ACADEMY)).toEqual(['emea']);
      expect(await hintClaimants(sql, ACADEMY)).toEqual(['emea']);
    });
  }
  expect(await hints()).toHaveLength(6);
  await inTransaction(realm.orm, (sql) => takeHints(sql, EMEA, []));
  expect(await dirty()).toEqual(['1', '2', '4']);
  expect(await hints()).toEqual([]);
});

test('a cell that somebody writes just now keeps its hint', async () => {
  await cells({ '1': 'not-ours', '2': 'not-ours' });
  await realm.sql(
    `insert into cell_hint (tenant, portal, employee_id) values ('acme', 'emea', '1'), ('acme', 'emea', '2')`,
  );
  await inTransaction(realm.orm, async (other) => {
    await other(`select 1 from cell where employee_id = '1' for update`);
    await inTransaction(realm.orm, (sql) => takeHints(sql, EMEA, []));
    expect(await dirty()).toEqual(['2']);
  });
  expect(await hints()).toHaveLength(1);
  await inTransaction(realm.orm, (sql) => takeHints(sql, EMEA, []));
  expect(await dirty()).toEqual(['1', '2']);
});

test('a hint is found without its wake, which a worker of the version before may have taken', async () => {
  realm.startWorker();
  await realm.decide(decisionOf('1', [granted('emea', learnerOf('1'))]));
  expect(await realm.settled()).toEqual({ '1 emea': 'converged' });
  await realm.sql(`update lane set next_due = now() + interval '1 hour' where portal = 'emea'`);
  await realm.sql(`insert into cell_hint (tenant, portal, employee_id) values ('acme', 'emea', '1')`);
  await eventually('the lane', async () => (await hints()).length === 0);
});

test('a status is of one moment: what is done while it is made is in it or still outstanding', async () => {
  await realm.decide(decisionOf('1', [granted('academy', learnerOf('1')), granted('emea', learnerOf('1'))]));
  await realm.sql(
    `update cell set reason = 'waiting-for-home', priority = null, dirty_at = null where portal = 'emea'`,
  );
  const { status } = await inTransaction(realm.orm, async (sql) => {
    await sql('lock table cell in access exclusive mode');
    const asked = realm.status();
    await eventually('it to wait', async () => {
      const [row] = await realm.sql<{ waits: boolean }>(
        `select exists (select from pg_locks where not granted and relation = 'cell'::regclass) as waits`,
      );
      return row?.waits;
    });
    await sql(`update cell set reason = 'converged', priority = null, dirty_at = null where portal = 'academy'`);
    await sql(`insert into cell_hint (tenant, portal, employee_id) values ('acme', 'emea', '1')`);
    return { status: asked };
  });
  const { portals } = await status;
  expect(portals.reduce((sum, { outstanding }) => sum + outstanding, 0)).toBeGreaterThan(0);
});
