import type { LearnUponClient } from '@portico/learnupon-client';
import { listPeople } from '../src/list-cells.js';
import { decisionOf, granted, learnerOf, openRealm, TENANT, withheld, type TestRealm, waitFor } from './fixtures.js';

let realm: TestRealm;
let academy: LearnUponClient;
beforeEach(async () => {
  realm = await openRealm();
  academy = realm.clientOf('academy');
  for (const title of ['Sales', 'Field', 'By hand']) await addGroup(title);
});
afterEach(() => realm.close());

const addGroup = async (title: string) => {
  const { url, username, password } = realm.sandbox.learnupon[0]!;
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const body = JSON.stringify({ Group: { title, description: '' } });
  await fetch(`${url}/api/v1/groups`, { method: 'POST', headers: { authorization }, body });
};
const wants = (id: string, groups: string[] | undefined, part = {}) =>
  decisionOf(id, [granted('academy', learnerOf(id, { ...(groups === undefined ? {} : { groups }), ...part }))]);
const idOf = async (title: string) => (await academy.listGroups(1)).groups.find((group) => group.title === title)!.id;
const membersOf = async (title: string) => (await academy.listMembers(await idOf(title), 1)).userIds;
const accountOf = async (id: string) =>
  String((await realm.control.state()).accounts.find(({ email }) => email === `person${id}@acme.example`)!.id);
const byCall = async () =>
  ((await realm.control.calls()).portals['academy'] as { byCall: Record<string, number> }).byCall;
const readGroupsAgain = async () => {
  await realm.readAll();
  await waitFor('the groups', async () => {
    const lanes = await realm.sql(`select 1 from lane where portal = 'academy' and groups_completed_at is null`);
    return lanes.length === 0;
  });
};
const readBack = () =>
  waitFor('the memberships to be read back', async () => {
    const pending = await realm.sql('select 1 from group_membership where pending is not null');
    return pending.length === 0;
  });

test('a learner is put into the groups that policy names, by title, once, and is read back', async () => {
  const { decide, settled, startWorker, eventsOf } = realm;
  startWorker();
  await decide(wants('1', ['sales', 'Field']), wants('2', ['Sales']));
  expect(await settled()).toEqual({ '1 academy': 'converged', '2 academy': 'converged' });
  const [one, two] = [await accountOf('1'), await accountOf('2')];
  expect([...(await membersOf('Sales'))].sort()).toEqual([one, two].sort());
  expect(await membersOf('Field')).toEqual([one]);
  expect((await eventsOf()).filter((event) => event.includes('group'))).toHaveLength(3);
  await readBack();
  expect(await byCall()).toMatchObject({ 'POST /users': 2, 'POST /group_memberships': 3 });
  await decide(wants('1', ['Sales', 'Field']), wants('2', ['Sales']));
  await settled();
  await readGroupsAgain();
  await settled();
  expect(await byCall()).toMatchObject({ 'POST /group_memberships': 3 });
});

test('only memberships that Portico made are ended', async () => {
  const { decide, settled, startWorker, eventsOf } = realm;
  startWorker();
  await decide(wants('1', ['Sales']), wants('2', undefined));
  await settled();
  const [one, two] = [await accountOf('1'), await accountOf('2')];
  await academy.joinGroup(await idOf('By hand'), one);
  await academy.joinGroup(await idOf('Field'), two);
  await readBack();
  await decide(wants('1', ['Field']), wants('2', ['Field']));
  await settled();
  expect(await membersOf('Sales')).toEqual([]);
  expect([...(await membersOf('Field'))].sort()).toEqual([one, two].sort());
  await decide(wants('1', []), wants('2', []));
  await settled();
  await readBack();
  expect(await membersOf('Field')).toEqual([two]);
  expect(await membersOf('By hand')).toEqual([one]);
  expect((await eventsOf()).filter((event) => event.includes('2 academy group'))).toEqual([]);
  await decide(wants('1', ['Sales']));
  await settled();
  await decide(wants('1', undefined));
  await settled();
  expect(await membersOf('Sales')).toEqual([one]);
});

test('a group that is not there is named, the rest is done, and it is joined when somebody made it', async () => {
  const { decide, settled, startWorker, orm, status } = realm;
  startWorker();
  await decide(wants('1', ['Newcomers', 'Sales']));
  expect(await settled()).toEqual({ '1 academy': 'group-missing' });
  expect(await membersOf('Sales')).toEqual([await accountOf('1')]);
  const [row] = (await listPeople(orm, TENANT, {})).rows;
  expect(row?.cells[0]).toMatchObject({ actual: 'active', detail: expect.stringContaining('"Newcomers"') });
  expect((await status()).portals[0]).toMatchObject({ active: 1, skipped: { 'group-missing': 1 } });
  await addGroup('Newcomers');
  await readGroupsAgain();
  await waitFor('the group', async () => (await settled())['1 academy'] === 'converged');
  expect(await membersOf('Newcomers')).toEqual([await accountOf('1')]);
});

test('a member whom an admin took out comes back, unless groups are owned on create alone', async () => {
  const { decide, settled, startWorker } = realm;
  startWorker();
  await decide(wants('1', ['Sales']), wants('2', ['Sales'], { ownership: { groups: 'on-create' } }));
  await settled();
  await readBack();
  const [one, two] = [await accountOf('1'), await accountOf('2')];
  expect([...(await membersOf('Sales'))].sort()).toEqual([one, two].sort());
  for (const id of [one, two]) await academy.leaveGroup(await idOf('Sales'), id);
  await readGroupsAgain();
  await waitFor('the one who comes back', async () => (await membersOf('Sales')).length > 0);
  expect(await settled()).toEqual({ '1 academy': 'converged', '2 academy': 'converged' });
  expect(await membersOf('Sales')).toEqual([one]);
});

test('lists no groups where policy does not use them, and their members only of groups that it names', async () => {
  const { decide, settled, startWorker } = realm;
  startWorker();
  await decide(wants('1', undefined));
  await settled();
  expect(await byCall()).not.toHaveProperty('GET /groups');
  expect(await byCall()).not.toHaveProperty('GET /group_memberships');
  await decide(wants('1', ['Sales']));
  await settled();
  await readBack();
  // The members of the one group, and the one account that was put in it.
  expect(await byCall()).toMatchObject({ 'GET /groups': 1, 'GET /group_memberships': 2 });
});

test.each(['drop-after', 'drop-before'] as const)(
  'an answer that got lost (%s) is settled by looking',
  async (kind) => {
    const { control, decide, settled, startWorker, sql } = realm;
    startWorker();
    await decide(wants('1', []));
    await settled();
    await control.fault({ target: 'academy', kind, method: 'POST', path: 'group_memberships', count: 1 });
    await decide(wants('1', ['Sales']));
    await waitFor('the group', async () => (await settled())['1 academy'] === 'converged');
    expect(await membersOf('Sales')).toEqual([await accountOf('1')]);
    const states = await sql<{ state: string }>(
      `select state from attempt where operation ->> 'kind' = 'join-group' order by id`,
    );
    expect(states.map(({ state }) => state)).toEqual(kind === 'drop-after' ? ['done'] : ['absent', 'done']);
    // It is Portico's, so Portico ends it.
    await decide(wants('1', []));
    await settled();
    expect(await membersOf('Sales')).toEqual([]);
  },
);

test('a leaver keeps the groups, and needs none of them read', async () => {
  const { decide, settled, startWorker } = realm;
  startWorker();
  await decide(wants('1', ['Sales']));
  await settled();
  await decide(decisionOf('1', [withheld('academy')]));
  expect(await settled()).toEqual({ '1 academy': 'left' });
  expect(await membersOf('Sales')).toEqual([await accountOf('1')]);
});
