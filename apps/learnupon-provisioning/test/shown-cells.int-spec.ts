import { listPeople } from '../src/list-cells.js';
import { decisionOf, granted, learnerOf, openRealm, portalsOf, TENANT, type TestRealm } from './fixtures.js';

let realm: TestRealm;
beforeEach(async () => {
  realm = await openRealm();
  realm.startWorker();
});
afterEach(() => realm.close());

const portals = (...named: readonly (readonly [string, 'on' | 'off'])[]) =>
  realm.realm({
    allowUserCreationIfUserAlreadyExists: false,
    portals: portalsOf(realm.sandbox).flatMap((portal) =>
      named.filter(([other]) => other === portal.portal).map(([, mode]) => ({ ...portal, mode })),
    ),
  });
const cellsOf = async (more: { portal?: string; reason?: 'portal-off' } = {}) =>
  (await listPeople(realm.orm, TENANT, more)).rows.map(({ cells }) =>
    cells.map(({ portal, reason }) => [portal, reason]),
  );

test('what a portal refused is told in its own words, until it takes it', async () => {
  await realm.decide(decisionOf('1', [granted('academy', learnerOf('1', { email: 'ada@@acme' }))]));
  await realm.settled();
  const refused = async () => (await listPeople(realm.orm, TENANT, {})).rows[0]?.cells[0];
  expect(await refused()).toMatchObject({
    reason: 'refused-invalid',
    detail: expect.stringMatching(/^LearnUpon said: .*email/i),
  });
  await realm.decide(decisionOf('1', [granted('academy', learnerOf('1'))]));
  await realm.settled();
  expect(await refused()).toMatchObject({ reason: 'converged' });
  expect(await refused()).not.toHaveProperty('detail');
});

test('a portal that is not in the configuration any more is told of where it is asked for alone', async () => {
  await realm.decide(decisionOf('1', [granted('academy', learnerOf('1')), granted('emea', learnerOf('1'))]));
  await realm.settled();
  await portals(['academy', 'on'], ['emea', 'off']);
  expect(await cellsOf()).toEqual([
    [
      ['academy', 'converged'],
      ['emea', 'portal-off'],
    ],
  ]);
  expect(await cellsOf({ reason: 'portal-off' })).toHaveLength(1);
  await portals(['academy', 'on']);
  expect(await cellsOf()).toEqual([[['academy', 'converged']]]);
  expect(await cellsOf({ reason: 'portal-off' })).toEqual([]);
  expect(await cellsOf({ portal: 'emea' })).toEqual([[['emea', 'portal-off']]]);
});
