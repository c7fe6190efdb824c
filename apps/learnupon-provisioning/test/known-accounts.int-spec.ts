import { decisionOf, granted, learnerOf, openRealm, PORTALS, type TestRealm } from './fixtures.js';

let realm: TestRealm;
afterEach(() => realm.close());

const portals = [...PORTALS, ...['amer', 'latam', 'partners'].map((portal) => ({ ...PORTALS[1]!, portal }))];
const PEOPLE = Array.from({ length: 60 }, (_, index) => `${index}`);

const deadlocks = async (): Promise<number> =>
  (
    await realm.sql<{ deadlocks: number }>(
      'select deadlocks::int from pg_stat_database where datname = current_database()',
    )
  )[0]?.deadlocks ?? 0;

test.each([true, false])(
  'people with accounts in every portal: no lane waits for another (switch %s)',
  async (isOn) => {
    realm = await openRealm({ portals, switches: { allowUserCreationIfUserAlreadyExists: true } });
    const { control, decide, settled, startWorker } = realm;
    await realm.realm({ allowUserCreationIfUserAlreadyExists: isOn });
    for (const id of PEOPLE) {
      const { email, firstName, lastName } = learnerOf(id);
      for (const { portal } of portals) await control.addAccount({ portal, email, firstName, lastName });
    }
    await decide(
      ...PEOPLE.map((id) =>
        decisionOf(
          id,
          portals.map(({ portal }) => granted(portal, learnerOf(id, { customData: {} }))),
        ),
      ),
    );
    startWorker({}, portals.length);
    const reasons = await settled();
    expect(new Set(Object.values(reasons))).toEqual(new Set(['converged']));
    expect(await deadlocks()).toBe(0);
  },
);
