import type { RealmChangedV1 } from '@portico/contracts';
import { fixedClock } from '@portico/service-kit';
import fc from 'fast-check';
import { TenantEntity } from '../src/persistence/entities.js';
import { sqlOf } from '@portico/database';
import { StoreRealm } from '../src/store-realm.js';
import { openDatabase, realmOf } from './fixtures.js';

const clock = fixedClock('2026-03-02T10:00:00Z');
let database: Awaited<ReturnType<typeof openDatabase>>;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

const load = (tenant: string) => database.orm.em.fork().findOneOrFail(TenantEntity, { tenant });
const settle = (tenant: string) =>
  sqlOf(database.orm.em.fork())(
    `update tenant set full_due_at = '2027-01-01', poll_due_at = '2027-01-01', failures = 3, changed_since = 'x' where tenant = $1`,
    [tenant],
  );

const version = fc.record({
  pool: fc.constantFrom('shared', 'big'),
  active: fc.boolean(),
  timeZone: fc.constantFrom('Europe/Dublin', 'Pacific/Auckland'),
});
const history = fc.array(version, { minLength: 1, maxLength: 6 });

test('whatever order revisions come in and however often, the newest stays', async () => {
  let run = 0;
  const deliveries = history.chain((versions) =>
    fc.record({
      versions: fc.constant(versions),
      order: fc.array(fc.nat(versions.length - 1), { minLength: 1, maxLength: 12 }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(deliveries, async ({ versions, order }) => {
      run += 1;
      const tenant = `t${run}`;
      const store = new StoreRealm(database.orm, clock);
      const events = versions.map((part, index): RealmChangedV1 => realmOf({ ...part, tenant, revision: index + 1 }));
      for (const index of order) await store.store(events[index]!);
      const newest = events[Math.max(...order)]!;
      expect(await load(tenant)).toMatchObject({
        revision: newest.revision,
        pool: newest.pool,
        active: newest.active,
        timeZone: newest.timeZone,
      });
    }),
    { numRuns: 40 },
  );
});

test('at the same time, too', async () => {
  const store = new StoreRealm(database.orm, clock);
  const revisions = [3, 1, 5, 2, 4, 5];
  const answers = await Promise.all(revisions.map((revision) => store.store(realmOf({ tenant: 'race', revision }))));
  expect((await load('race')).revision).toBe(5);
  expect(answers.filter(Boolean).length).toBeGreaterThan(0);
});

test.each<[string, Partial<RealmChangedV1>, Partial<RealmChangedV1['source']>, boolean]>([
  ['another field', {}, { fields: ['firstName', 'division'] }, true],
  ['another time zone', { timeZone: 'Asia/Tokyo' }, {}, true],
  ['another secret', {}, { secretRef: 'other' }, true],
  ['the order of the fields', {}, { fields: ['workEmail', 'lastName', 'firstName', 'department'] }, false],
  ['another policy version', { policyVersion: 2 }, {}, false],
  ['another pace', {}, { pollSeconds: 30 }, false],
])('%s: read at once?', async (name, part, source, isDue) => {
  const tenant = `due-${name.replaceAll(/[^a-z]/g, '-')}`;
  const store = new StoreRealm(database.orm, clock);
  await store.store(realmOf({ tenant }));
  await settle(tenant);
  await store.store(realmOf({ ...part, tenant, revision: 2 }, source));
  const { fullDueAt, failures } = await load(tenant);
  expect([fullDueAt.toISOString() === '2026-03-02T10:00:00.000Z', failures]).toEqual([isDue, isDue ? 0 : 3]);
});

test('another company has a feed of its own', async () => {
  const store = new StoreRealm(database.orm, clock);
  await store.store(realmOf({ tenant: 'feed' }));
  await settle('feed');
  await store.store(realmOf({ tenant: 'feed', revision: 2 }, { company: 'other' }));
  expect((await load('feed')).changedSince).toBeNull();
});
