import { decisionOf, granted, learnerOf, openRealm, PORTALS, type TestRealm, waitFor } from './fixtures.js';

let realm: TestRealm;
afterEach(() => realm.close());

const BO = { firstName: 'Bo', lastName: 'Hill', email: 'bo@acme.example' };

test('an account that is met here is not given an address that another portal tells somebody else by', async () => {
  realm = await openRealm({
    portals: PORTALS.map((spec) => (spec.portal === 'emea' ? { ...spec, identifier: 'username' } : spec)),
    switches: { allowUserCreationIfUserAlreadyExists: true },
  });
  const { control, decide, settled, startWorker } = realm;
  await realm.realm({ allowUserCreationIfUserAlreadyExists: true });
  await realm.clientOf('emea').createUser({
    ...BO,
    email: 'bo.old@acme.example',
    username: 'bo.hill',
    password: 'by-hand-1!',
    language: 'en',
    customData: {},
  });
  startWorker();
  await decide(decisionOf('1', [granted('academy', learnerOf('1', { email: BO.email }))]));
  await waitFor('the holder', async () => (await settled())['1 academy'] === 'converged');

  await decide(
    decisionOf('2', [
      granted('academy', learnerOf('2', BO)),
      granted('emea', learnerOf('2', { ...BO, identifier: 'username', username: 'bo.hill' })),
    ]),
  );
  await waitFor('the account', async () => (await settled())['2 emea'] === 'identifier-claimed');
  // The one by hand.
  expect((await control.calls()).portals['emea']).toMatchObject({ writes: 1 });
});
