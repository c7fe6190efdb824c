import { decisionOf, granted, learnerOf, openRealm, withheld, type TestRealm, waitFor } from './fixtures.js';

let realm: TestRealm;
beforeEach(async () => {
  realm = await openRealm();
});
afterEach(() => realm.close());

const ids = Array.from({ length: 40 }, (_, index) => String(index));
const academy = async () => (await realm.status()).portals[0];
const suspectReads = async () => {
  const [lane] = await realm.sql<{ reads: number }>(`select suspect_reads as reads from lane where portal = 'academy'`);
  return lane?.reads ?? 0;
};
const retryNow = () => realm.sql(`update lane set users_retry_at = now(), next_due = now() where portal = 'academy'`);

test('a portal that suddenly lists nobody is not believed, asked a few ids, and read again later and later', async () => {
  const { control, decide, settled, startWorker, status } = realm;
  startWorker({ mirrorMaxAgeSeconds: 1 });
  await decide(...ids.map((id) => decisionOf(id, [granted('academy', learnerOf(id))])));
  await settled();
  await control.clearCalls();
  await control.fault({ target: 'academy', kind: 'empty-read' });
  for (const round of [1, 2, 3]) {
    await waitFor(`the suspicion of round ${round}`, async () => (await suspectReads()) === round);
    await retryNow();
  }
  await waitFor('the last suspicion', async () => (await suspectReads()) === 4);
  const { byCall } = (await control.calls()).portals['academy'] as { byCall: Record<string, number> };
  expect(byCall['GET /users/:id']).toBeLessThanOrEqual(4); // One a read: the first that is there says enough.
  const [lane] = await realm.sql<{ seconds: number }>(
    `select extract(epoch from users_retry_at - now())::int as seconds from lane where portal = 'academy'`,
  );
  expect(lane?.seconds).toBeGreaterThan(200);
  expect((await status()).attention).toEqual([
    expect.stringMatching(/^academy is not believed: its list of users has 0, and lacks 41 that are there/),
  ]);

  // What needs no list goes on; who is new waits.
  await decide(
    decisionOf('1', [withheld('academy', { leaving: 'keep' })]),
    decisionOf('2', [granted('academy', learnerOf('2', { lastName: 'Reed' }))]),
    decisionOf('new', [granted('academy', learnerOf('new'))]),
  );
  const reasons = () =>
    realm.cells().then((cells) => Object.fromEntries(cells.map(({ employeeId, reason }) => [employeeId, reason])));
  await waitFor('the plans', async () => {
    const found = await reasons();
    return found['2'] === 'converged' && found['new'] === 'waiting-for-mirror';
  });
  expect((await control.state()).accounts).toHaveLength(40);

  await control.clearFaults();
  await retryNow();
  expect(await settled()).toMatchObject({ 'new academy': 'converged', '3 academy': 'converged' });
  expect((await control.state()).accounts).toHaveLength(41);
  expect((await status()).attention).toBeUndefined();
});

test('accounts that are really gone are asked for once each', async () => {
  const { control, decide, settled, startWorker } = realm;
  startWorker({ mirrorMaxAgeSeconds: 1 });
  await decide(...ids.map((id) => decisionOf(id, [granted('academy', learnerOf(id))])));
  await settled();
  const { accounts } = await control.state();
  for (const { id } of accounts.slice(0, 20)) await control.deleteAccount('academy', id);
  await waitFor('all of them again', async () => (await control.state()).accounts.length === 40);
  await settled();
  expect((await academy())?.active).toBe(40);
});
