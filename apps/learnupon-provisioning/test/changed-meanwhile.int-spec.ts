import { eventually } from '@portico/testing';
import { decisionOf, granted, learnerOf, openRealm, portalsOf, type TestRealm } from './fixtures.js';

let realm: TestRealm;
beforeEach(async () => {
  realm = await openRealm();
});
afterEach(() => realm.close());

const PEOPLE = 200;
const begin = async () => {
  await realm.control.fault({ target: 'academy', kind: 'latency', method: 'POST', ms: 60 });
  realm.startWorker({ concurrency: 4 });
  await realm.decide(
    ...Array.from({ length: PEOPLE }, (_, index) =>
      decisionOf(`${index}`, [granted('academy', learnerOf(`${index}`))]),
    ),
  );
  await eventually('calls under way', async () => {
    const [row] = await realm.sql<{ count: number }>(`select count(*)::int from attempt`);
    return (row?.count ?? 0) > 30;
  });
};
const attemptsAfter = async (at: string): Promise<number> => {
  const [row] = await realm.sql<{ count: number }>(
    'select count(*)::int from attempt where begun_at > $1::timestamptz',
    [at],
  );
  return row?.count ?? 0;
};
const now = async () => (await realm.sql<{ at: string }>('select clock_timestamp()::text as at'))[0]!.at;

test('a portal that comes to be observed in the middle of a turn gets no more calls than were written down', async () => {
  await begin();
  await realm.realm({ portals: portalsOf(realm.sandbox).map((portal) => ({ ...portal, mode: 'observe' as const })) });
  const at = await now();
  await eventually(
    'the end of the turn',
    async () => {
      const [lane] = await realm.sql<{ free: boolean }>(
        `select lease_holder is null or lease_number > 1 as free from lane where portal = 'academy'`,
      );
      return lane?.free;
    },
    { timeoutMs: 15_000 },
  );
  expect(await attemptsAfter(at)).toBe(0);
});

test('a portal that moves in the middle of a turn: what was read at the old address is not taken for the new one', async () => {
  await begin();
  const portals = portalsOf(realm.sandbox);
  const emea = portals[1]!;
  await realm.realm({
    portals: [
      { ...portals[0]!, baseUrl: emea.baseUrl, secretRef: emea.secretRef },
      { ...emea, mode: 'off' as const },
      portals[2]!,
    ],
  });
  const at = await now();
  const reasons = Object.values(await realm.settled());
  const { accounts } = await realm.control.state();
  const there = (portal: string) => accounts.filter((account) => account.portal === portal).length;
  const [before] = await realm.sql<{ count: number }>(
    'select count(*)::int from attempt where begun_at <= $1::timestamptz',
    [at],
  );
  expect(there('academy')).toBeLessThanOrEqual(before?.count ?? 0);
  // Whoever has an account at the old address is refused at the new one, and only they.
  expect(reasons.filter((reason) => reason === 'converged')).toHaveLength(there('emea'));
  expect(reasons.filter((reason) => reason === 'refused-exists')).toHaveLength(there('academy'));
});
