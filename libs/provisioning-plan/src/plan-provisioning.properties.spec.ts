import fc from 'fast-check';
import { learner, portal } from '../test/samples.js';
import { BY_HAND, Vendor, type Wanted } from '../test/vendor.js';
import { planProvisioning, type Cell, type CellPlan, type Learner, type Person, type Realm } from './index.js';

const NAMES = ['academy', 'emea', 'apac'];
const EMAIL = 'ada@acme.example';

const wantedIn = (name: string): fc.Arbitrary<Wanted> =>
  fc
    .record({
      access: fc.constantFrom('granted' as const, 'withheld' as const, 'undecided' as const),
      leaving: fc.constantFrom('disable' as const, 'expire' as const, 'keep' as const),
      isHeld: fc.boolean(),
      expiresOn: fc.constantFrom('2026-02-01', '2026-03-31', '2026-05-31'),
      groups: fc.option(fc.subarray(['Sales', 'Field', 'Nobody made it']), { nil: undefined }),
      owned: fc.constantFrom('always' as const, 'on-create' as const, 'never' as const),
      onboarding: fc.constantFrom('create' as const, 'invite' as const),
      whenRefused: fc.constantFrom('invite' as const, 'wait' as const, 'report' as const),
      firstName: fc.constantFrom('Ada', 'Augusta'),
      team: fc.constantFrom('A', 'B'),
    })
    .map(({ access, leaving, isHeld, expiresOn, onboarding, whenRefused, firstName, team, groups, owned }) => ({
      portal: name,
      access,
      leaving,
      policyReason: 'in-audience',
      ...(access === 'withheld' && leaving === 'expire' ? { expiresOn } : {}),
      ...(access === 'withheld' && isHeld ? { isHeld } : {}),
      ...(access === 'granted'
        ? {
            learner: learner({
              ...{ email: EMAIL, onboarding, whenRefused, firstName, customData: { team } },
              ...(groups === undefined ? {} : { groups }),
              ownership: { 'customData.team': owned, groups: owned },
            }),
          }
        : {}),
    }));

const wantedEverywhere = fc.tuple(...NAMES.map(wantedIn));

const story = fc.record({
  declared: fc.boolean(),
  actual: fc.boolean(),
  byHand: fc.subarray(NAMES, { maxLength: 1 }),
  decisions: fc.array(wantedEverywhere, { minLength: 1, maxLength: 4 }),
  accepts: fc.boolean(),
});

type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

const realmOf = (declared: boolean): Realm => ({
  today: '2026-03-02',
  allowsDuplicates: declared,
  portals: NAMES.map((name) =>
    portal(name, {
      groups: new Map([
        ['sales', 'g-sales'],
        ['field', 'g-field'],
      ]),
    }),
  ),
});

/** Most writes that one decision about three portals may take: a refusal, a cancelled invite and five others each. */
const MOST_WRITES = 21;

/** Plans and performs portal by portal, in any order, until nobody has anything to do. */
const settle = (vendor: Vendor, order: () => number): void => {
  for (let round = 0; round <= MOST_WRITES; round += 1) {
    const portals = vendor.realm.portals.map((one) => ({ one, at: order() })).sort((left, right) => left.at - right.at);
    const wrote = portals.map(({ one }) => {
      const [plan] = planProvisioning(vendor.realm, vendor.person(), [one]);
      return plan !== undefined && vendor.perform(one, plan);
    });
    if (!wrote.includes(true)) return;
  }
  throw new Error(`it does not come to rest: ${vendor.log.join(', ')}`);
};

const run = ({ declared, actual, byHand, decisions, accepts }: Story, order: () => number): Vendor => {
  const vendor = new Vendor(realmOf(declared), actual, []);
  for (const name of byHand) vendor.addByHand(name, EMAIL);
  for (const decision of decisions) {
    vendor.want(decision);
    settle(vendor, order);
    if (!accepts) continue;
    vendor.acceptAll();
    settle(vendor, order);
  }
  return vendor;
};

const inOrder = () => 0;
const orderOf = (numbers: readonly number[]): (() => number) => {
  let next = 0;
  return () => numbers[next++ % numbers.length] ?? 0;
};

describe('whatever policy decides, whatever is there and whichever lane is first', () => {
  it('comes to rest, and then has nothing to do', () => {
    fc.assert(
      fc.property(story, (told) => {
        const vendor = run(told, inOrder);
        const writes = vendor.log.length;
        settle(vendor, inOrder);
        expect(vendor.log).toHaveLength(writes);
      }),
      { numRuns: 2_000 },
    );
  });

  it('ends in the same accounts and invites', () => {
    const numbers = fc.array(fc.nat(), { minLength: 7, maxLength: 30 });
    // Where the switch is declared on and is off, nobody waits, and whoever is first has the account.
    const declaredWell = story.filter(({ declared, actual }) => actual || !declared);
    fc.assert(
      fc.property(declaredWell, numbers, (told, order) => {
        expect(run(told, orderOf(order)).outcome()).toEqual(run(told, inOrder).outcome());
      }),
      { numRuns: 2_000 },
    );
  });

  it('never makes a second account or live invite for a cell', () => {
    fc.assert(
      fc.property(story, (told) => {
        const vendor = run(told, inOrder);
        const places = vendor.accounts.map((account) => `${account.portal} ${account.email}`);
        expect(new Set(places).size).toBe(places.length);
        const sent = vendor.invites.filter(({ status }) => status === 'sent').map((invite) => invite.portal);
        expect(new Set(sent).size).toBe(sent.length);
      }),
      { numRuns: 1_000 },
    );
  });

  it('disables nobody without a decision to withhold, and nobody made by hand who was never wanted', () => {
    fc.assert(
      fc.property(story, (told) => {
        const vendor = run(told, inOrder);
        const isWithheldSomewhere = told.decisions.some((cells) => cells.some(({ access }) => access === 'withheld'));
        if (!isWithheldSomewhere) expect(vendor.accounts.every(({ enabled }) => enabled)).toBe(true);
        for (const name of told.byHand) {
          const wasWanted = told.decisions.some((cells) =>
            cells.some((cell) => cell.portal === name && cell.access === 'granted'),
          );
          const account = vendor.accounts.find(
            ({ portal: where, firstName }) => where === name && firstName === 'Hand',
          );
          if (!wasWanted) expect(account).toMatchObject({ enabled: true });
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('equals the plan where the person is wanted and has an account', () => {
    fc.assert(
      fc.property(story, (told) => {
        const vendor = run({ ...told, declared: true, actual: true }, inOrder);
        const last = told.decisions.at(-1) ?? [];
        for (const { portal: where, access, learner: wanted } of last) {
          if (access !== 'granted' || wanted === undefined) continue;
          const account = vendor.accounts.find((one) => one.portal === where);
          if (account !== undefined) {
            expect(account).toMatchObject({ enabled: true, accountExpires: null });
            if (ownershipOf(wanted) !== 'always') continue;
            expect(account.customData).toMatchObject(wanted.customData);
            for (const title of ['Sales', 'Field']) {
              const isIn = account.groups.has(`g-${title.toLowerCase()}`);
              if (wanted.groups?.includes(title) === true) expect(isIn).toBe(true);
              else if (wanted.groups !== undefined) expect(isIn).toBe(false);
            }
          } else
            expect(vendor.invites.some((invite) => invite.portal === where && invite.status === 'sent')).toBe(true);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('what the gate keeps back', () => {
  const everywhere: readonly Wanted[] = NAMES.map((name) => ({
    portal: name,
    access: 'granted',
    leaving: 'disable',
    policyReason: 'in-audience',
    learner: learner({ email: EMAIL, customData: { team: 'A' } }),
  }));
  /** There is an account in each portal that could be taken. */
  const withAccounts = story.map((told) => ({
    ...{ ...told, declared: true, actual: true },
    decisions: [everywhere, ...told.decisions],
  }));

  /** Tells decision by decision, with what was there before the lanes came. */
  const runBesides = (
    told: Omit<Story, 'decisions'> & { decisions: readonly (readonly Wanted[])[] },
    look: (vendor: Vendor, settleAll: () => void) => void,
  ): void => {
    const vendor = new Vendor(realmOf(told.declared), told.actual, []);
    for (const name of told.byHand) vendor.addByHand(name, EMAIL);
    for (const decision of told.decisions) {
      vendor.want(decision);
      look(vendor, () => settle(vendor, inOrder));
      if (told.accepts) vendor.acceptAll();
    }
  };

  it('is never taken, in the portal itself or from the top', () => {
    fc.assert(
      fc.property(fc.oneof(story, withAccounts), (told) => {
        runBesides(told, (vendor, settleAll) => {
          const held = vendor.person().cells.filter(({ isHeld }) => isHeld === true);
          const had = held.flatMap(({ accounts, link }) =>
            accounts.filter(({ accountId }) => accountId === link?.accountId),
          );
          const invited = held.flatMap(({ invites, inviteId }) => invites.filter((one) => one.inviteId === inviteId));
          settleAll();
          for (const { accountId, enabled, accountExpires } of had) {
            expect(vendor.accounts.find(({ id }) => id === accountId)).toMatchObject({ enabled, accountExpires });
          }
          for (const { inviteId, status } of invited) {
            expect(vendor.invites.find(({ id }) => id === inviteId)).toMatchObject({ status });
          }
        });
      }),
      { numRuns: 2_000 },
    );
  });

  it('is what would be taken, no more and no less', () => {
    const withoutHold = ({ isHeld: _, ...cell }: Cell): Cell => cell;
    const planOne = ({ realm }: Vendor, person: Person, where: string): CellPlan | undefined =>
      planProvisioning(realm, person).find(({ portal }) => portal === where);
    fc.assert(
      fc.property(fc.oneof(story, withAccounts), (told) => {
        runBesides(told, (vendor, settleAll) => {
          settleAll();
          const person = vendor.person();
          for (const { portal: where, isHeld } of person.cells) {
            const cells = person.cells.map((cell) => (cell.portal === where ? withoutHold(cell) : cell));
            const plan = planOne(vendor, person, where);
            const after = planOne(vendor, { ...person, cells }, where);
            if (isHeld !== true || after?.operation === undefined) expect(plan).toEqual(after);
            else {
              const { operation: _, ...found } = after;
              expect(plan).toEqual({ ...found, reason: 'held', detail: expect.any(String) });
            }
          }
        });
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('what policy does not own', () => {
  const wasEver = ({ decisions }: Story, where: string, is: (owned: string) => boolean): boolean =>
    decisions.some((cells) =>
      cells.some((cell) => cell.portal === where && cell.learner !== undefined && is(ownershipOf(cell.learner))),
    );

  it('is not changed, whatever else is', () => {
    fc.assert(
      fc.property(story, (told) => {
        const vendor = run(told, inOrder);
        for (const account of vendor.accounts) {
          const isByHand = told.byHand.includes(account.portal);
          if (isByHand) expect(account.customData['hobby']).toBe('chess');
          if (isByHand) expect(account.groups.has(BY_HAND)).toBe(true);
          if (!wasEver(told, account.portal, (owned) => owned !== 'never')) {
            expect(account.customData['team']).toBe(isByHand ? 'Z' : undefined);
          }
          // What is owned on create belongs to accounts that Portico made or invited.
          if (isByHand && !wasEver(told, account.portal, (owned) => owned === 'always')) {
            expect(account.customData['team']).toBe('Z');
            expect([...account.groups]).toEqual([BY_HAND]);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

const ownershipOf = (wanted: Learner): string => wanted.ownership?.['groups'] ?? 'always';

it('plans a million cells well within ten seconds', () => {
  const where = realmOf(false);
  const vendor = new Vendor(where, false, fc.sample(wantedEverywhere, { seed: 7, numRuns: 1 })[0] ?? []);
  vendor.addByHand('academy', EMAIL);
  const person = vendor.person();
  const beganAt = performance.now();
  for (let cells = 0; cells < 1_000_000; cells += NAMES.length) planProvisioning(where, person);
  expect(performance.now() - beganAt).toBeLessThan(5_000);
});
