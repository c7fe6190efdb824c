import { inTransaction } from '@portico/database';
import { eventually } from '@portico/testing';
import { listCreated, listInvites, listPeople } from '../src/list-cells.js';
import { reportStatus } from '../src/report-status.js';
import { StatusReports } from '../src/status-reports.js';
import { decisionOf, granted, learnerOf, openRealm, TENANT, withheld, type TestRealm } from './fixtures.js';

let realm: TestRealm;
beforeAll(async () => {
  realm = await openRealm();
  realm.startWorker();
  const ids = Array.from({ length: 12 }, (_, index) => String(index + 1));
  await realm.decide(
    ...ids.map((id) =>
      decisionOf(id, [
        granted('academy', learnerOf(id)),
        Number(id) % 2 === 0 ? granted('emea', learnerOf(id, { onboarding: 'invite' })) : withheld('emea'),
        granted('apac', learnerOf(id, { email: null })),
      ]),
    ),
  );
  await realm.settled();
});
afterAll(() => realm.close());

/** All rows, page by page. */
const allOf = async <Row>(
  page: (cursor?: string) => Promise<{ rows: readonly Row[]; next?: string }>,
): Promise<Row[]> => {
  const rows: Row[] = [];
  for (let cursor: string | undefined; ;) {
    const answer = await page(cursor);
    rows.push(...answer.rows);
    if (answer.next === undefined) return rows;
    cursor = answer.next;
  }
};
const from = (cursor: string | undefined) => (cursor === undefined ? {} : { cursor });

test('people come page by page, in the order of their numbers, with all their cells in the order of the realm', async () => {
  const people = await allOf((cursor) => listPeople(realm.orm, TENANT, { limit: 5, ...from(cursor) }));
  expect(people.map(({ employeeId }) => Number(employeeId))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect(people[1]?.cells).toEqual([
    {
      portal: 'academy',
      wanted: 'granted',
      actual: 'active',
      reason: 'converged',
      accountId: expect.any(String),
      since: expect.any(String),
    },
    {
      portal: 'emea',
      wanted: 'granted',
      actual: 'invited',
      reason: 'waiting-for-accept',
      inviteId: expect.any(String),
      since: expect.any(String),
    },
    { portal: 'apac', wanted: 'granted', actual: 'none', reason: 'no-email', since: expect.any(String) },
  ]);
});

test('people are found by id, portal and reason', async () => {
  const found = await listPeople(realm.orm, TENANT, {
    employeeIds: ['3', '4'],
    portal: 'emea',
    reason: 'waiting-for-accept',
  });
  expect(found.rows.map(({ employeeId, cells }) => [employeeId, cells.length])).toEqual([['4', 1]]);
});

test('pending invites come with the link to hand out', async () => {
  const invites = await allOf((cursor) => listInvites(realm.orm, TENANT, { limit: 4, ...from(cursor) }));
  expect(invites).toHaveLength(6);
  expect(invites[0]).toMatchObject({
    portal: 'emea',
    acceptUrl: expect.stringContaining('accept'),
    sentAt: expect.any(String),
  });
});

test('created accounts since a moment, oldest first', async () => {
  const since = '2020-01-01T00:00:00Z';
  const created = await allOf((cursor) => listCreated(realm.orm, TENANT, { since, limit: 5, ...from(cursor) }));
  expect(new Set(created.map(({ employeeId }) => employeeId)).size).toBe(12);
  expect(created.map(({ createdAt }) => createdAt)).toEqual(created.map(({ createdAt }) => createdAt).sort());
  expect((await listCreated(realm.orm, TENANT, { since: '2100-01-01T00:00:00Z' })).rows).toEqual([]);
  expect((await listCreated(realm.orm, TENANT, { since, portal: 'emea' })).rows).toEqual([]);
});

test('the status counts what is, what is skipped and why', async () => {
  const { people, portals } = await reportStatus(realm.orm, TENANT);
  expect(people).toBe(12);
  expect(portals).toMatchObject([
    {
      portal: 'academy',
      wanted: 12,
      active: 12,
      outstanding: 0,
      effects: { created: 12 },
      convergedAt: expect.any(String),
    },
    { portal: 'emea', wanted: 6, active: 0, pendingInvites: 6, skipped: {} },
    { portal: 'apac', wanted: 12, active: 0, skipped: { 'no-email': 12 } },
  ]);
});

test('a status that many ask for is counted once', async () => {
  const reports = new StatusReports(realm.orm);
  const answers = await Promise.all([reports.report(TENANT), reports.report(TENANT)]);
  expect(answers[0]).toBe(answers[1]);
});

/** An answer that all is at rest, counted slowly, so that it would be used again for long. */
const countedAtRest = async () => {
  const reports = new StatusReports(realm.orm);
  // As if all were published.
  for (const table of ['learner_event_batch', 'operation_outbox']) await realm.sql(`delete from ${table}`);
  const { status } = await inTransaction(realm.orm, async (sql) => {
    await sql('lock table cell in access exclusive mode');
    const asked = reports.report(TENANT);
    await eventually('it to wait for long', async () => {
      const [row] = await realm.sql<{ waits: boolean }>(
        `select exists (select from pg_locks where not granted and relation = 'cell'::regclass
           and waitstart < clock_timestamp() - interval '200 ms') as waits`,
      );
      return row?.waits;
    });
    return { status: asked };
  });
  const before = await status;
  expect(before.portals.map(({ outstanding }) => outstanding)).toEqual([0, 0, 0]);
  expect(await reports.report(TENANT)).toBe(before);
  return { reports, before };
};
const ONE = `portal = 'academy' and employee_id = '1'`;
const attempt = (state: string) =>
  `insert into attempt (tenant, portal, employee_id, operation, lease_number, deadline, state, begun_at)
   values ('${TENANT}', 'academy', '1', '{}', 0, '2999-01-01', '${state}', now())`;
const event = `values ('${TENANT}', 'x', 'x', 'x', now(), '{}')`;

describe('a status that says that all is at rest', () => {
  afterEach(async () => {
    await realm.sql('update cell set priority = null, dirty_at = null, pending = null, unverified_since = null');
    await realm.sql(`update portal set mode = 'on'`);
    await realm.sql(`delete from attempt where operation = '{}'`);
    for (const table of ['learner_outbox', 'operation_outbox']) await realm.sql(`delete from ${table}`);
  });

  test.each([
    ['a cell is dirty', `update cell set priority = 0, dirty_at = now() where ${ONE}`],
    ['an account is not read back', `update cell set unverified_since = now() where ${ONE}`],
    [
      'an invite is not read back',
      `update cell set unverified_since = now() where portal = 'emea' and employee_id = '2'`,
    ],
    ['a call is in doubt', attempt('doubt')],
    ['a call is under way', `with begun as (${attempt('begun')}) update cell set pending = 'disable' where ${ONE}`],
    [
      'events are left',
      `insert into learner_event_batch (tenant, events, heads, bodies) values ('${TENANT}', 1, '[]', '{}')`,
    ],
    ['an older event is left', `insert into learner_outbox (tenant, id, subject, type, time, event) ${event}`],
    ['a fact is left', `insert into operation_outbox (tenant, id, subject, type, time, event) ${event}`],
  ])('is not given again once %s, and whoever asks then shares the next', async (_, begin) => {
    const { reports, before } = await countedAtRest();
    await realm.sql(begin);
    const [one, other] = await Promise.all([reports.report(TENANT), reports.report(TENANT)]);
    expect(one).not.toBe(before);
    expect(other).toBe(one);
    const { portals, unpublished } = one;
    expect(portals.reduce((sum, { outstanding, inDoubt }) => sum + outstanding + inDoubt, unpublished)).toBe(1);
  });

  test.each([
    [
      'is only observed',
      `with changed as (update portal set mode = 'observe') update cell set priority = 0, dirty_at = now() where ${ONE}`,
    ],
    ['was read back since', `update cell set unverified_since = '2020-01-01' where ${ONE}`],
  ])('is given again where what is left %s', async (_, begin) => {
    const { reports, before } = await countedAtRest();
    await realm.sql(begin);
    expect(await reports.report(TENANT)).toBe(before);
  });
});

test('another tenant sees nothing of it', async () => {
  expect(await listPeople(realm.orm, 'globex', {})).toEqual({ rows: [] });
  expect(await listInvites(realm.orm, 'globex', {})).toEqual({ rows: [] });
  expect(await listCreated(realm.orm, 'globex', { since: '2020-01-01T00:00:00Z' })).toEqual({ rows: [] });
  expect(await reportStatus(realm.orm, 'globex')).toEqual({
    people: 0,
    maxAccessRevision: 0,
    accessRevisionSum: '0',
    unpublished: 0,
    portals: [],
  });
});

test('a broken request says what is wrong with it', async () => {
  await expect(listPeople(realm.orm, TENANT, { cursor: 'nonsense' })).rejects.toThrow('first page');
  await expect(listPeople(realm.orm, TENANT, { limit: 0 })).rejects.toThrow('limit');
  await expect(listCreated(realm.orm, TENANT, { since: 'yesterday' })).rejects.toThrow('since');
});

test('the status says which realm was taken in', async () => {
  await realm.realm({ revision: 5_000 });
  expect(await reportStatus(realm.orm, TENANT)).toMatchObject({ realmRevision: 5_000 });
  expect(await reportStatus(realm.orm, 'nobody')).not.toHaveProperty('realmRevision');
});
