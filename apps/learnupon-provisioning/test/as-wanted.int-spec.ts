import { listPeople } from '../src/list-cells.js';
import { decisionOf, granted, learnerOf, openRealm, TENANT, type TestRealm, waitFor } from './fixtures.js';

const PORTALS = [
  {
    portal: 'academy',
    topLevel: true,
    customFields: [
      { label: 'Cost Centre' },
      { label: 'Shirt', type: 'string-choice' as const, choices: ['S', 'M'] },
      { label: 'Rate', type: 'decimal' as const },
    ],
  },
  { portal: 'emea', customFields: [{ label: 'Cost Centre' }] },
];

let realm: TestRealm;
beforeEach(async () => {
  realm = await openRealm({ portals: PORTALS });
});
afterEach(() => realm.close());

const writes = async () => (await realm.calls()).map((calls) => calls.writes);
/** Reads every portal again, and waits until nothing is left to do. */
const readAgain = async () => {
  await realm.readAll();
  await realm.allRead();
  return realm.settled();
};

test('a created account has its type, time zone and custom data as the portal takes it, and must change its password', async () => {
  const { control, decide, settled, startWorker, clientOf } = realm;
  startWorker();
  const customData = { 'Cost Centre': 'Sales', Shirt: 'm', Rate: '7.50' };
  const learner = learnerOf('1', { userType: 'manager', timeZone: 'Dublin', signIn: 'password', customData });
  await decide(decisionOf('1', [granted('academy', learner)]));
  expect(await settled()).toEqual({ '1 academy': 'converged' });
  const [account] = (await control.state()).accounts;
  expect(account).toMatchObject({ userType: 'manager', customData: { Shirt: 'M', Rate: '7.5' } });
  expect(await clientOf('academy').getUser(String(account!.id))).toMatchObject({ timeZone: 'Dublin' });
  expect(await writes()).toEqual([1, 0]);
  expect(await readAgain()).toEqual({ '1 academy': 'converged' });
  expect(await writes()).toEqual([1, 0]);
});

test('what the portal refuses is left out and named, and done when an admin has put it right', async () => {
  const { control, decide, settled, startWorker, orm } = realm;
  startWorker();
  const customData = { 'Cost Centre': 'Sales', Shirt: 'XL', Hobby: 'chess' };
  await decide(decisionOf('1', [granted('academy', learnerOf('1', { customData }))]));
  expect(await settled()).toEqual({ '1 academy': 'field-missing' });
  expect((await control.state()).accounts).toMatchObject([{ customData: { 'Cost Centre': 'Sales' }, enabled: true }]);
  const [row] = (await listPeople(orm, TENANT, {})).rows;
  expect(row?.cells[0]).toMatchObject({
    actual: 'active',
    detail: expect.stringMatching(/"Hobby" is not defined there, "Shirt" refuses its value/),
  });
  expect((await realm.status()).portals[0]).toMatchObject({ active: 1, skipped: { 'field-missing': 1 } });
  await decide(decisionOf('1', [granted('academy', learnerOf('1', { customData: { Shirt: 'S' } }))]));
  expect(await settled()).toEqual({ '1 academy': 'converged' });
  expect(await writes()).toEqual([2, 0]);
});

test('drift is put right where policy owns the field always, and nowhere else', async () => {
  const { control, decide, startWorker, settled } = realm;
  startWorker();
  const ownership = { lastName: 'on-create', 'customData.Cost Centre': 'never', language: 'always' } as const;
  await decide(decisionOf('1', [granted('academy', learnerOf('1', { ownership }))]));
  await settled();
  const [account] = (await control.state()).accounts;
  expect(account).toMatchObject({ lastName: 'Moss 1', customData: {} });
  await control.changeAccount('academy', account!.id, {
    firstName: 'Augusta',
    lastName: 'Hill',
    customData: { 'Cost Centre': 'By hand' },
  });
  expect(await readAgain()).toEqual({ '1 academy': 'converged' });
  expect((await control.state()).accounts).toMatchObject([
    { firstName: 'Ada', lastName: 'Hill', customData: { 'Cost Centre': 'By hand' } },
  ]);
});

test('what is owned on create is written once into an account that was invited, and never into one that was found', async () => {
  const { control, decide, startWorker, settled } = realm;
  const learner = (id: string) =>
    learnerOf(id, {
      onboarding: 'invite',
      ownership: { 'customData.Cost Centre': 'on-create', lastName: 'on-create' },
    });
  await control.addAccount({ portal: 'academy', email: 'person2@acme.example', firstName: 'Ada', lastName: 'By Hand' });
  startWorker({ invitePollSeconds: 1 });
  await decide(
    decisionOf('1', [granted('academy', learner('1'))]),
    decisionOf('2', [granted('academy', learner('2'))]),
  );
  expect(await settled()).toEqual({ '1 academy': 'waiting-for-accept', '2 academy': 'converged' });
  await control.accept((await control.state()).invites[0]!.id);
  await waitFor('the account', async () => (await settled())['1 academy'] === 'converged');
  const byEmail = async (id: string) =>
    (await control.state()).accounts.find(({ email }) => email === `person${id}@acme.example`)!;
  expect(await byEmail('1')).toMatchObject({ lastName: 'Moss 1', customData: { 'Cost Centre': 'Sales' } });
  expect(await byEmail('2')).toMatchObject({ lastName: 'By Hand', customData: {} });

  await control.changeAccount('academy', (await byEmail('1')).id, { customData: { 'Cost Centre': 'By hand' } });
  expect(await readAgain()).toMatchObject({ '1 academy': 'converged' });
  expect(await byEmail('1')).toMatchObject({ customData: { 'Cost Centre': 'By hand' } });
});

test('an admin whom somebody else made one is left alone, one whom policy made is kept', async () => {
  const { control, decide, startWorker, settled } = realm;
  startWorker();
  const learner = (id: string, lastName: string) =>
    learnerOf(id, { lastName, userType: id === '2' ? 'admin' : 'learner' });
  const record = (lastName: string) => ['1', '2'].map((id) => decisionOf(id, [granted('emea', learner(id, lastName))]));
  await decide(...record('Moss'));
  await settled();
  const accounts = (await control.state()).accounts;
  expect(accounts.map(({ userType }) => userType)).toEqual(['learner', 'admin']);
  await control.changeAccount('emea', accounts[0]!.id, { userType: 'admin' });
  await readAgain();
  await decide(...record('Reed'));
  expect(await settled()).toEqual({ '1 emea': 'not-ours', '2 emea': 'converged' });
  expect((await control.state()).accounts).toMatchObject([
    { lastName: 'Moss', userType: 'admin' },
    { lastName: 'Reed', userType: 'admin' },
  ]);
});
