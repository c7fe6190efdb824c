import { decisionOf, granted, learnerOf, openRealm, withheld, type TestRealm, waitFor } from './fixtures.js';

let realm: TestRealm;
beforeEach(async () => {
  realm = await openRealm({ switches: { allowUserCreationIfUserAlreadyExists: true } });
  await realm.realm({ allowUserCreationIfUserAlreadyExists: true });
});
afterEach(() => realm.close());

const inDays = (days: number) => realm.today().add({ days }).toString();
const expiring = (portal: string, days: number, part = {}) =>
  withheld(portal, { leaving: 'expire', expiresOn: inDays(days), ...part });
const everywhere = (id: string) => [granted('academy', learnerOf(id)), granted('emea', learnerOf(id))];
const shown = async () =>
  (await realm.control.state()).accounts.map(({ portal, enabled, accountExpires }) => [
    portal,
    enabled,
    accountExpires,
  ]);
const actuals = async () => Object.fromEntries((await realm.cells()).map(({ portal, actual }) => [portal, actual]));

test('a leaver’s account expires instead of being disabled, counts as gone after its day, and retention is said', async () => {
  const { control, decide, settled, startWorker, moveOn } = realm;
  await control.switch({ disableCascades: false });
  startWorker();
  await decide(decisionOf('1', everywhere('1')));
  await settled();
  const retainUntil = inDays(40);
  const last = inDays(10);
  await decide(decisionOf('1', [expiring('academy', 10, { retainUntil }), expiring('emea', 10, { retainUntil })]));
  expect(await settled()).toEqual({ '1 academy': 'left', '1 emea': 'left' });
  expect(await shown()).toEqual([
    ['academy', true, last],
    ['emea', true, last],
  ]);
  expect(await actuals()).toEqual({ academy: 'active', emea: 'active' });
  const before = (await realm.calls()).map((calls) => calls.writes);

  await moveOn(11);
  await waitFor('the expiry', async () => (await actuals())['academy'] === 'disabled');
  expect(await settled()).toEqual({ '1 academy': 'left', '1 emea': 'left' });
  await moveOn(30);
  await waitFor('the end of retention', async () => (await settled())['1 emea'] === 'retention-over');
  expect(await shown()).toHaveLength(2);
  expect((await realm.calls()).map((calls) => calls.writes)).toEqual(before);
});

test('who comes back before the day or after it has no last day any more', async () => {
  const { decide, settled, startWorker, moveOn } = realm;
  startWorker();
  const wanted = [granted('emea', learnerOf('1'))];
  await decide(decisionOf('1', wanted));
  await settled();
  await decide(decisionOf('1', [expiring('emea', 10)]));
  await settled();
  await decide(decisionOf('1', wanted));
  expect(await settled()).toEqual({ '1 emea': 'converged' });
  expect(await shown()).toEqual([['emea', true, null]]);

  await decide(decisionOf('1', [expiring('emea', 10)]));
  await settled();
  await moveOn(20);
  await waitFor('the expiry', async () => (await actuals())['emea'] === 'disabled');
  await decide(decisionOf('1', wanted));
  expect(await settled()).toEqual({ '1 emea': 'converged' });
  expect(await shown()).toEqual([['emea', true, null]]);
});

test('a last day that somebody set by hand stays with who belongs', async () => {
  const { control, decide, settled, startWorker, readAll } = realm;
  startWorker();
  await decide(decisionOf('1', [granted('emea', learnerOf('1'))]));
  await settled();
  const byHand = inDays(90);
  await control.changeAccount('emea', (await control.state()).accounts[0]!.id, { accountExpires: byHand });
  await readAll();
  await decide(decisionOf('1', [granted('emea', learnerOf('1', { lastName: 'Reed' }))]));
  await settled();
  expect(await shown()).toEqual([['emea', true, byHand]]);
});

test('the top-level portal waits until the last day of a sub-portal is over', async () => {
  const { decide, settled, startWorker, moveOn } = realm;
  startWorker();
  await decide(decisionOf('1', everywhere('1')));
  await settled();
  await decide(decisionOf('1', [withheld('academy'), expiring('emea', 10)]));
  expect(await settled()).toEqual({ '1 academy': 'needed-in-sub-portal', '1 emea': 'left' });
  await moveOn(11);
  await waitFor('the top-level portal', async () => (await settled())['1 academy'] === 'left');
  expect((await shown())[0]).toEqual(['academy', false, null]);
});
