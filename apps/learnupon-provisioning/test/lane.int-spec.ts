import { decisionOf, granted, learnerOf, openRealm, withheld, type TestRealm } from './fixtures.js';

let realm: TestRealm;
beforeEach(async () => {
  realm = await openRealm();
});
afterEach(() => realm.close());

test('a learner is created at home, the others are invited, and what was written is read back', async () => {
  const { control, decide, settled, startWorker, eventsOf } = realm;
  startWorker();
  await decide(
    decisionOf('1', [
      granted('academy', learnerOf('1')),
      granted('emea', learnerOf('1', { onboarding: 'invite' })),
      withheld('apac', { reason: 'not-in-audience' }),
    ]),
  );
  expect(await settled()).toEqual({
    '1 academy': 'converged',
    '1 apac': 'not-in-audience',
    '1 emea': 'waiting-for-accept',
  });
  const { accounts, invites } = await control.state();
  expect(accounts).toMatchObject([
    { portal: 'academy', email: 'person1@acme.example', lastName: 'Moss 1', customData: { 'Cost Centre': 'Sales' } },
  ]);
  expect(invites).toMatchObject([{ portal: 'emea', email: 'person1@acme.example', status: 'sent' }]);
  expect(await eventsOf()).toEqual(['1 academy created', '1 emea invited']);
});
