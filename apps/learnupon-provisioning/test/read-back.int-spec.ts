import { takeTurn } from '../src/lane/take-turn.js';
import { decisionOf, granted, learnerOf, openRealm, SETTINGS, type TestRealm, waitFor } from './fixtures.js';

let realm: TestRealm;
beforeEach(async () => {
  realm = await openRealm();
});
afterEach(() => realm.close());

const ids = Array.from({ length: 5 }, (_, index) => String(index));
const decideAll = () => realm.decide(...ids.map((id) => decisionOf(id, [granted('academy', learnerOf(id))])));
const accounts = async () => (await realm.control.state()).accounts;
const change = async (id: string, what: object) => {
  const account = (await accounts()).find(({ email }) => email === learnerOf(id).email);
  await realm.control.changeAccount('academy', account!.id, what);
};
/** One worker, turn by turn, until something was written and before it is read back. */
const turnsUntil = async (what: string, isSo: () => Promise<boolean>) => {
  const turns = realm.turnsOf('first', SETTINGS);
  await waitFor(what, async () => {
    await takeTurn(turns, new AbortController().signal);
    return isSo();
  });
};
const writeAll = () => turnsUntil('the accounts', async () => (await accounts()).length === ids.length);
const unverified = async () => {
  const rows = await realm.sql<{ id: string }>(
    `select employee_id as id from cell where portal = 'academy' and unverified_since is not null order by 1`,
  );
  return rows.map(({ id }) => id);
};
const named = async (lastName: string) => (await accounts()).filter((account) => account.lastName === lastName).length;

test('a list reads back all that was written before it, and what changes later is repaired', async () => {
  realm.startWorker();
  await decideAll();
  await realm.settled();
  const [lane] = await realm.sql(
    `select 1 from lane where portal = 'academy'
       and users_verified_at > (select max(unverified_since) from cell where portal = 'academy')`,
  );
  expect(lane).toBeDefined();
  for (const _ of ['once', 'and once more']) {
    // Two, since one would be read by its id.
    await change('3', { lastName: 'Otherwise' });
    await change('4', { lastName: 'Otherwise' });
    await realm.readAll();
    await waitFor('the repair', async () => (await named('Otherwise')) === 0);
    expect(await realm.settled()).toMatchObject({ '3 academy': 'converged' });
  }
});

test('what LearnUpon took and does not show is not written again', async () => {
  await decideAll();
  await writeAll();
  await change('3', { lastName: 'Otherwise' });
  await realm.readAll();
  await turnsUntil('the correction', async () => (await named('Otherwise')) === 0);
  await change('3', { lastName: 'Otherwise' });
  realm.startWorker();
  expect(await realm.settled()).toMatchObject({ '2 academy': 'converged', '3 academy': 'refused-other' });
  expect(await named('Otherwise')).toBe(1);
});

test('an account that a list lacks is not read back, and all others are', async () => {
  await decideAll();
  await writeAll();
  const gone = (await accounts()).find(({ email }) => email === learnerOf('3').email);
  await realm.control.deleteAccount('academy', gone!.id);
  await realm.readAll();
  await turnsUntil('the list', async () => (await unverified()).length < ids.length);
  expect(await unverified()).toEqual(['3']);
  realm.startWorker();
  expect(await realm.settled()).toMatchObject({ '2 academy': 'converged', '3 academy': 'refused-other' });
});
