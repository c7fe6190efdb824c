import type { AccessDecidedV1, AccessHold, Caller } from '@portico/contracts';
import { inTransaction, sqlOf } from '@portico/database';
import { eventually } from '@portico/testing';
import fc from 'fast-check';
import { HeldSetCache } from '../src/held-set-cache.js';
import { approveHold, listHeldPeople } from '../src/holds.js';
import { lockHold, saveApproval } from '../src/persistence/holds.js';
import { pruneHolds } from '../src/persistence/prune.js';
import { recordAccess } from '../src/record-access.js';
import { decisionOf, granted, learnerOf, openDatabase, TENANT, withheld } from './fixtures.js';

type Database = Awaited<ReturnType<typeof openDatabase>>;
let database: Database;
beforeEach(async () => {
  database = await openDatabase();
});
afterEach(() => database.close());

const TODAY = '2026-03-02';
const NOW = { today: TODAY, at: `${TODAY}T10:00:00.000Z` };
const ADMIN: Caller = { tenant: TENANT, role: 'admin', name: 'Ines' };
const READ: AccessHold = { kind: 'read', id: 'read-9', people: 30, of: 40 };
const KEY = { portal: 'emea', causeId: READ.id };
const IDS = ['1', '2', '10', '9', 'a', 'B'];
/** By number; the same in whatever collation. */
const IN_ORDER = ['1', '2', '9', 'B', 'a', '10'];

const sql = (text: string, params: unknown[] = []) => sqlOf(database.orm.em.fork())(text, params);
const decide = (...decisions: readonly AccessDecidedV1[]) =>
  recordAccess(
    database.orm,
    decisions.map((access) => ({ access })),
  );
const hold = (id: string, part = {}) => decisionOf(id, [withheld('emea', { hold: READ })], part);
/** Everybody with an account, as a lane leaves them. */
const give = async (ids: readonly string[]): Promise<void> => {
  await decide(...ids.map((id) => decisionOf(id, [granted('emea', learnerOf(id))])));
  await sql(`update cell set account_id = 'of-' || employee_id, actual = 'active', priority = null, dirty_at = null`);
};
const people = (part = {}, sets = new HeldSetCache(database.orm)) =>
  listHeldPeople(sets, TENANT, { ...KEY, ...part }, TODAY);
const approve = (digest: string) => approveHold(database.orm, ADMIN, { ...KEY, digest }, NOW);
const opened = async () => (await sql(`select 1 from operation_outbox where type like '%hold.opened%'`)).length;

test('the messages of a cause hold the same people with the same digest, however often and in whatever order they come', async () => {
  await give(IDS);
  const before = await sql('select * from cell');
  expect(before).toHaveLength(IDS.length);
  // Each with what came before it of the same person, which is older.
  const messages = IDS.flatMap((id) => [decisionOf(id, [granted('emea', learnerOf(id))]), hold(id)]);
  const digests = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([...messages, ...messages], { minLength: messages.length }),
      fc.integer({ min: 1, max: 5 }),
      async (some, batch) => {
        const all = [...some, ...messages];
        for (let start = 0; start < all.length; start += batch) await decide(...all.slice(start, start + batch));
        expect(await opened()).toBe(1);
        const { rows, digest } = await people();
        expect(rows.map(({ employeeId }) => employeeId)).toEqual(IN_ORDER);
        digests.add(digest);
        await sql('truncate cell, person, hold, operation_outbox');
        await give(IDS);
        await sql('update person set revision = 1');
      },
    ),
    { numRuns: 30 },
  );
  expect(digests.size).toBe(1);
});

test('the digest is of the whole set, whatever the page and wherever it begins', async () => {
  await give(IDS);
  await decide(...IDS.map((id) => hold(id)));
  const { digest } = await people();
  const seen: string[] = [];
  for (let cursor: string | undefined, isFirst = true; isFirst || cursor !== undefined; isFirst = false) {
    const page = await people({ limit: 2, ...(cursor === undefined ? {} : { cursor }) });
    expect(page.digest).toBe(digest);
    seen.push(...page.rows.map(({ employeeId }) => employeeId));
    cursor = page.next;
  }
  expect(seen).toEqual(IN_ORDER);
});

test('pages that are asked for soon after one another are of one set, and an approval of what is held by then', async () => {
  await give(IDS);
  await decide(...IDS.slice(1).map((id) => hold(id)));
  const sets = new HeldSetCache(database.orm);
  const first = await people({ limit: 3 }, sets);
  await decide(hold(IDS[0]!));
  const second = await people({ cursor: first.next }, sets);
  expect([...first.rows, ...second.rows].map(({ employeeId }) => employeeId)).toEqual(IN_ORDER.slice(1));
  expect(second.digest).toBe(first.digest);
  await expect(approve(second.digest)).rejects.toMatchObject({ code: 'conflict' });

  // Another day, another tenant or another hold is another set.
  const other = (tenant: string, causeId: string) =>
    listHeldPeople(sets, tenant, { ...KEY, causeId }, TODAY).catch((error: unknown) => error);
  expect(await other('globex', READ.id)).toMatchObject({ code: 'not-found' });
  expect(await other(TENANT, 'read-8')).toMatchObject({ code: 'not-found' });
  const { rows, digest } = await listHeldPeople(sets, TENANT, KEY, '2026-03-03');
  expect(rows).toHaveLength(IDS.length);
  expect(await approve(digest)).toMatchObject({ people: IDS.length });
});

test('a set is shown again for a moment only', async () => {
  await give(IDS);
  await decide(...IDS.slice(1).map((id) => hold(id)));
  const sets = new HeldSetCache(database.orm, 10);
  await people({}, sets);
  await decide(hold(IDS[0]!));
  await eventually('the set as it is by now', async () => (await people({}, sets)).rows.length === IDS.length);
});

test('a set that could not be made is made anew', async () => {
  await give(IDS);
  await decide(...IDS.map((id) => hold(id)));
  const sets = new HeldSetCache(database.orm);
  await sql('alter table cell rename to cell_away');
  await expect(people({}, sets)).rejects.toThrow(/cell/);
  await sql('alter table cell_away rename to cell');
  expect((await people({}, sets)).rows).toHaveLength(IDS.length);
});

test('decisions that come again after an approval change nothing', async () => {
  await give(IDS);
  const held = IDS.map((id) => hold(id));
  await decide(...held);
  await approve((await people()).digest);
  const state = () => sql('select * from cell order by employee_id');
  const before = await state();
  await decide(...held.toReversed());
  expect(await state()).toEqual(before);
  expect(await opened()).toBe(1);
  await expect(people()).rejects.toMatchObject({ code: 'not-found' });
});

test('a hold is taken over also where nothing else is decided anew', async () => {
  await give(['1', '2']);
  await decide(decisionOf('1', [withheld('emea')]), hold('2'));
  await sql('update cell set priority = null, dirty_at = null');
  await decide(hold('1'), decisionOf('2', [withheld('emea')]));
  expect((await people()).rows.map(({ employeeId }) => employeeId)).toEqual(['1']);
  expect(await sql('select 1 from cell where priority is not null')).toHaveLength(2);
});

const LATE = ['1'];
const FIRST = IDS.slice(1);

test('who comes before the hold is locked makes it another set, and nobody waits for somebody who waits for them', async () => {
  await give(IDS);
  await decide(...IDS.map((id) => hold(id)));
  const { digest } = await people();
  const setCause = `update cell set hold_cause = $1 where employee_id = any($2::text[])`;
  await sql(setCause, [null, LATE]);
  // Somebody has a cell of the set, as whoever records a decision, and comes by the hold after it.
  const { outcome } = await inTransaction(database.orm, async (own) => {
    await own(`select 1 from cell where employee_id = '2' for update`);
    const approval = Promise.allSettled([approve(digest)]);
    await eventually('an approval that waits', waiting(1));
    await own('select 1 from hold for update nowait');
    await own(setCause, [READ.id, LATE]);
    return { outcome: approval };
  });
  expect(await outcome).toMatchObject([{ reason: { code: 'conflict' } }]);
  expect(await sql('select 1 from cell where approved_cause is not null')).toEqual([]);
  expect(await approve(digest)).toMatchObject({ people: IDS.length });
});

/** While somebody has the hold, an approval waits for it, and then `decisions` come. */
const approveWhile = async (...decisions: readonly AccessDecidedV1[]) => {
  const { digest } = await people();
  let late: Promise<boolean> | undefined;
  const { approval } = await inTransaction(database.orm, async (own) => {
    await own('select 1 from hold for update');
    const asked = approve(digest);
    await eventually('an approval that waits', waiting(1));
    late = decide(...decisions);
    await eventually('a decision that waits', waiting(2));
    return { approval: asked };
  });
  const answer = await approval;
  await late;
  return answer;
};

test('who comes while the hold is being approved is held, and opens it again', async () => {
  await give(IDS);
  await decide(...FIRST.map((id) => hold(id)));
  expect(await approveWhile(...LATE.map((id) => hold(id)))).toMatchObject({ people: FIRST.length });
  expect((await people()).rows.map(({ employeeId }) => employeeId)).toEqual(LATE);
  expect(await opened()).toBe(2);
  expect(await sql('select 1 from hold where approved_at is null')).toHaveLength(1);
});

test('who is decided about anew while they are being approved opens nothing', async () => {
  await give(IDS);
  await decide(...IDS.map((id) => hold(id)));
  expect(await approveWhile(...IDS.map((id) => hold(id)))).toMatchObject({ people: IDS.length });
  await expect(people()).rejects.toMatchObject({ code: 'not-found' });
  expect(await opened()).toBe(1);
  expect(await sql('select 1 from hold where approved_at is null')).toEqual([]);
});

test('only who is held by just that cause is approved', async () => {
  await give(['1', '2', '9']);
  await decide(hold('1'), decisionOf('2', [withheld('emea', { hold: { ...READ, id: 'read-8' } })]));
  await inTransaction(database.orm, async (own) => {
    const { hold: locked, cells } = await lockHold(own, TENANT, KEY);
    expect(cells).toBe(1);
    const answer = { ...KEY, digest: 'sha256:0', people: 3, approvedBy: ADMIN.name, approvedAt: NOW.at };
    await saveApproval(own, locked!, answer, ['1', '2', '9']);
  });
  expect(
    await sql('select employee_id as id, approved_cause as cause from cell where approved_cause is not null'),
  ).toEqual([{ id: '1', cause: READ.id }]);
});

test('only cells elsewhere that waited for the hold, or may be planned as it was, are told of an approval', async () => {
  const portals = ['emea', 'academy', 'apac', 'sales'];
  await decide(
    ...['1', '2', '9'].map((id) =>
      decisionOf(
        id,
        portals.map((portal) => granted(portal, learnerOf(id))),
      ),
    ),
  );
  await sql(
    `insert into portal (tenant, portal, position, title, top_level, mode, base_url, secret_ref)
     select $1, portal, 1, portal, portal = 'academy', 'on', '', '' from unnest($2::text[]) as portal`,
    [TENANT, portals],
  );
  await sql(
    `insert into lane (tenant, portal, pool, active) select $1, portal, 'shared', true from unnest($2::text[]) as portal`,
    [TENANT, portals],
  );
  await sql(`update cell set account_id = portal || employee_id, actual = 'active', priority = null, dirty_at = null`);
  await sql(`insert into hold (tenant, portal, cause_id, kind, judged_people, judged_of, opened_at)
    values ('${TENANT}', 'emea', '${READ.id}', 'read', 2, 3, now())`);
  await sql(`update cell set access = 'withheld', hold_cause = '${READ.id}', reason = 'held' where employee_id <> '2'`);
  const set = (change: string, ...cells: readonly string[]) =>
    sql(`update cell set ${change} where employee_id || ' ' || portal = any($1)`, [cells]);
  await set(`reason = 'needed-in-sub-portal', blocked_portal = 'emea'`, '1 academy', '2 academy');
  await set(`priority = 1, dirty_at = now()`, '1 sales', '9 academy', '9 apac', '2 apac');
  await set(`access = 'granted'`, '9 apac', '9 sales');
  await approve((await people()).digest);
  expect(await sql(`select employee_id || ' ' || portal as told from cell_hint order by 1`)).toEqual([
    { told: '1 academy' },
    { told: '9 academy' },
    { told: '9 apac' },
  ]);
});

const waiting = (count: number) => async () => {
  const rows = await sql(
    `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows.length >= count;
};

test('a hold is told also where the people have nothing to take yet, in words that are true then', async () => {
  await decide(hold('1'));
  await expect(people()).rejects.toMatchObject({ code: 'not-found' });
  expect(await sql(`select event ->> 'message' as message from operation_outbox`)).toEqual([
    { message: 'read read-9 takes access in emea from up to 30 of 40: what it takes there waits for an approval' },
  ]);
});

test('old holds are forgotten when nobody is held by them any more', async () => {
  await give(IDS);
  await decide(
    hold('1'),
    decisionOf('2', [withheld('emea', { hold: { ...READ, id: 'read-8' } })]),
    decisionOf('9', [withheld('emea', { hold: { ...READ, id: 'read-7' } })]),
  );
  const left = async (before: string) => {
    await pruneHolds(database.orm, before);
    return (await sql('select cause_id as id from hold order by 1')).map((row) => (row as { id: string }).id);
  };
  expect(await left('2999-01-01T00:00:00Z')).toEqual(['read-7', 'read-8', 'read-9']);
  await approve((await people()).digest);
  // One comes back, and of the other the portal is taken out of the realm.
  await decide(decisionOf('2', [granted('emea', learnerOf('2'))]), decisionOf('9', []));
  expect(await left('2026-01-01T00:00:00Z')).toEqual(['read-7', 'read-8', 'read-9']);
  expect(await left('2026-04-01T00:00:00Z')).toEqual(['read-7', 'read-8']);
  expect(await left('2999-01-01T00:00:00Z')).toEqual([]);
  // Whoever was approved stays approved, and who comes now is told of as the first.
  await decide(hold('1'), hold('9'));
  expect((await people()).rows.map(({ employeeId }) => employeeId)).toEqual(['9']);
  expect(await opened()).toBe(4);
});
