import type { AccessDecidedV1, RealmChangedV1 } from '@portico/contracts';
import type { Sandbox } from '@portico/sandbox';
import fc from 'fast-check';
import { sqlOf } from '@portico/database';
import { recordAccess } from '../src/record-access.js';
import { storeRealm } from '../src/store-realm.js';
import { decisionOf, granted, learnerOf, openDatabase, realmOf, withheld } from './fixtures.js';

const PORTALS = ['academy', 'emea', 'apac'];
const sandbox = {
  learnupon: PORTALS.map((portal) => ({
    portal,
    name: portal,
    url: `http://127.0.0.1:1/${portal}`,
    username: '',
    password: '',
  })),
} as unknown as Sandbox;

type Event = { readonly access: AccessDecidedV1 } | { readonly realm: RealmChangedV1 };

const portalAccess = fc.record({
  state: fc.constantFrom('granted', 'withheld', 'absent'),
  lastName: fc.constantFrom('Moss', 'Reed'),
});

const accessEvent = fc
  .record({
    tenant: fc.constantFrom('acme', 'globex'),
    employeeId: fc.constantFrom('1', '2', '3'),
    revision: fc.integer({ min: 1, max: 6 }),
    portals: fc.tuple(portalAccess, portalAccess, portalAccess),
  })
  // A revision says one thing only, so what it says is made from who and which revision it is.
  .map(({ tenant, employeeId, revision, portals }): Event => {
    const seed = `${tenant}${employeeId}${revision}`;
    const wanted = portals.flatMap((_, index) => {
      const portal = PORTALS[index] ?? '';
      const choice = [...`${seed}${portal}`].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 997, 7) % 4;
      if (choice === 0) return [];
      const hold = { kind: 'read' as const, id: `read-${revision % 2}`, people: 30, of: 40 };
      if (choice === 1) return [withheld(portal, revision < 4 ? { hold } : {})];
      return [granted(portal, learnerOf(employeeId, { lastName: choice === 2 ? 'Moss' : 'Reed' }))];
    });
    return { access: decisionOf(employeeId, wanted, { tenant, revision }) };
  });

const realmEvent = fc
  .record({ tenant: fc.constantFrom('acme', 'globex'), revision: fc.integer({ min: 1, max: 4 }) })
  .map(({ tenant, revision }): Event => {
    const { portals, ...realm } = realmOf(sandbox, {
      tenant,
      revision,
      allowUserCreationIfUserAlreadyExists: revision % 2 === 0,
    });
    const shown = revision === 3 ? portals.slice(0, 2) : portals;
    return {
      realm: { ...realm, portals: shown.map((portal) => ({ ...portal, mode: revision === 2 ? 'observe' : 'on' })) },
    };
  });

/** Some events, and the same ones in another order, some of them twice, cut in batches in another way. */
const deliveries = fc
  .array(fc.oneof({ weight: 4, arbitrary: accessEvent }, realmEvent), { maxLength: 20 })
  .chain((events) =>
    fc.record({
      events: fc.constant(events),
      again: fc
        .shuffledSubarray([...events, ...events], { minLength: events.length })
        .map((some) => [...events, ...some]),
      order: fc.infiniteStream(fc.nat({ max: 1_000 })).map((stream) => stream),
      batch: fc.integer({ min: 1, max: 7 }),
    }),
  );

const shuffled = <T>(all: readonly T[], order: Iterable<number>): T[] => {
  const numbers = order[Symbol.iterator]();
  return all
    .map((one) => ({ one, at: (numbers.next().value as number | undefined) ?? 0 }))
    .sort((left, right) => left.at - right.at)
    .map(({ one }) => one);
};

const STATE = [
  'select tenant, revision::int, pool, active, allows_duplicates from realm order by 1',
  'select tenant, portal, position, title, top_level, mode from portal where mode <> $1 order by 1, 2',
  'select tenant, employee_id, revision::int, leaver from person order by 1, 2',
  `select tenant, portal, employee_id, access, learner, leaving, policy_reason, hold_cause
   from cell where policy_reason <> 'portal-off' order by 1, 2, 3`,
];

test('the same events twice and out of order end in the same state, with all that changed marked for the lanes', async () => {
  const { orm, close } = await openDatabase();
  const sql = sqlOf(orm.em.fork());

  const deliver = async (events: readonly Event[], batch: number): Promise<unknown> => {
    for (let start = 0; start < events.length; start += batch) {
      const some = events.slice(start, start + batch);
      await recordAccess(
        orm,
        some.flatMap((event) => ('access' in event ? [{ access: event.access }] : [])),
      );
      for (const event of some) if ('realm' in event) await storeRealm(orm, event.realm);
    }
    const [unmarked] = await sql<{ count: number }>(
      `select count(*)::int from cell where priority is null and reason <> 'portal-off'`,
    );
    expect(unmarked?.count).toBe(0);
    const states = [];
    for (const statement of STATE) states.push(await sql(statement, statement.includes('$1') ? ['off'] : []));
    await sql('truncate realm, portal, lane, lane_wake, person, cell');
    return states;
  };

  await fc.assert(
    fc.asyncProperty(deliveries, async ({ events, again, order, batch }) => {
      const once = await deliver(events, 1);
      expect(await deliver(shuffled(again, order), batch)).toEqual(once);
    }),
    { numRuns: 60 },
  );
  await close();
});
