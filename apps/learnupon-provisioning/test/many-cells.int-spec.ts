import { eventually } from '@portico/testing';
import { decisionOf, granted, learnerOf, openRealm, withheld, type TestRealm } from './fixtures.js';

let realm: TestRealm;
beforeEach(async () => {
  realm = await openRealm();
});
afterEach(() => realm.close());

const PEOPLE = 60;
/** At least, of 4 calls at once, until the portal has shown how quick its writes are. */
const FIRST_BATCH = 20;

const decideAll = (portal = 'academy', count = PEOPLE) =>
  realm.decide(
    ...Array.from({ length: count }, (_, index) => decisionOf(`${index}`, [granted(portal, learnerOf(`${index}`))])),
  );
const slowPosts = (ms: number) => realm.control.fault({ target: 'academy', kind: 'latency', method: 'POST', ms });
const accountsOf = async (portal: string) =>
  (await realm.control.state()).accounts.filter((account) => account.portal === portal);
const attempts = async (): Promise<Record<string, number>> => {
  const rows = await realm.sql<{ state: string; count: number }>(
    'select state, count(*)::int from attempt group by state',
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
};

const expectEverybodyOnce = async () => {
  expect(new Set(Object.values(await realm.settled()))).toEqual(new Set(['converged']));
  const addresses = (await accountsOf('academy')).map(({ email }) => email);
  expect(addresses).toHaveLength(PEOPLE);
  expect(new Set(addresses).size).toBe(PEOPLE);
};

test('while a batch is called the next one is written down, and a lane that nobody waits for keeps its turn', async () => {
  await slowPosts(60);
  realm.startWorker({ concurrency: 4 });
  await decideAll();
  await eventually('two batches in hand', async () => ((await attempts())['begun'] ?? 0) > FIRST_BATCH + 8);
  await expectEverybodyOnce();
  expect(await attempts()).toEqual({ done: PEOPLE });
  const [turns] = await realm.sql<{ count: number }>('select count(distinct lease_number)::int from attempt');
  expect(turns?.count).toBe(1);
});

test('when the portal has had enough, calls that were only written down are handed back', async () => {
  await slowPosts(60);
  realm.startWorker({ concurrency: 4 });
  await decideAll();
  await eventually('two batches in hand', async () => ((await attempts())['begun'] ?? 0) > FIRST_BATCH + 8);
  await realm.control.fault({ target: 'academy', kind: 'throttle', retryAfterSeconds: 60 });
  await eventually('the end of the turn', async () => {
    const [lane] = await realm.sql<{ isPaused: boolean }>(
      `select lease_holder is null and paused_until > now() as "isPaused" from lane where portal = 'academy'`,
    );
    return lane?.isPaused;
  });
  const { begun, doubt, unsent } = await attempts();
  expect({ begun, doubt }).toEqual({});
  expect(unsent).toBeGreaterThanOrEqual(FIRST_BATCH);

  await realm.control.clearFaults();
  await realm.sql('update lane set paused_until = null, pace = null');
  await expectEverybodyOnce();
});

test('what calls came to is recorded where the next batch cannot be planned', async () => {
  await realm.sql(`create function refuse() returns trigger language plpgsql as $$
    begin
      if (select count(*) from attempt) >= ${FIRST_BATCH} then raise exception 'no more'; end if;
      return new;
    end $$`);
  await realm.sql('create trigger refuse before insert on attempt for each statement execute function refuse()');
  // A call whose outcome is lost is in doubt until it is looked for.
  await realm.sql('create table doubted (id bigint)');
  await realm.sql(`create function note_doubt() returns trigger language plpgsql as $$
    begin insert into doubted values (new.id); return new; end $$`);
  await realm.sql(`create trigger note_doubt after update on attempt for each row when (new.state = 'doubt')
    execute function note_doubt()`);
  realm.startWorker({ concurrency: 4 });
  await decideAll();
  await eventually('the turn that failed', async () => (await realm.status()).portals[0]?.quarantine !== undefined);
  const { done, ...others } = await attempts();
  expect(done).toBeGreaterThanOrEqual(FIRST_BATCH);
  expect(others).toEqual({});
  expect(await realm.sql('select id from doubted')).toEqual([]);

  await realm.sql('drop trigger refuse on attempt');
  await realm.sql('update lane set paused_until = null');
  await expectEverybodyOnce();
  expect(await attempts()).toEqual({ done: PEOPLE });
});

test('a lane that waits is served before the next batch of another, which is handed back', async () => {
  await slowPosts(300);
  realm.startWorker({ concurrency: 4 }, 1);
  await realm.allRead();
  await decideAll();
  await eventually('two batches in hand', async () => ((await attempts())['begun'] ?? 0) > FIRST_BATCH);
  await realm.decide(decisionOf('500', [granted('emea', learnerOf('500'))]));
  await eventually('the other portal', async () => (await accountsOf('emea')).length === 1);
  expect((await attempts())['unsent']).toBeGreaterThan(0);
  // They were all wanted at once, and whoever was handed back keeps their place.
  expect(
    await realm.sql(`select distinct dirty_at from cell where portal = 'academy' and priority is not null`),
  ).toHaveLength(1);
  await realm.control.clearFaults();
  await expectEverybodyOnce();
});

test('a lane with much to do gives way to one that waits', async () => {
  await slowPosts(60);
  realm.startWorker({ concurrency: 2 }, 1);
  await decideAll();
  await eventually('calls under way', async () => (await accountsOf('academy')).length > 0);
  await realm.decide(
    decisionOf('500', [granted('emea', learnerOf('500')), withheld('academy', { reason: 'not-in-audience' })]),
  );
  await eventually('the other portal', async () => (await accountsOf('emea')).length === 1);
  expect((await accountsOf('academy')).length).toBeLessThan(PEOPLE);
});
