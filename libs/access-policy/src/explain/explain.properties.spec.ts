import fc from 'fast-check';
import { facts, history, policy } from '../../test/arbitraries.js';
import { compiled, portal, time } from '../../test/examples.js';
import {
  decideAccess,
  explainDecision,
  nearestFlip,
  restsOnPrevious,
  type EmployeeFacts,
  type Flip,
  type PortalPolicy,
} from '../index.js';

/** What a person would do who takes a flip of the record at its word. */
const follow = (is: EmployeeFacts, { field, to }: Flip): EmployeeFacts => {
  const [, of] = /^employment\.(\w+)$/.exec(field) ?? [];
  const yesterday = '2026-03-01';
  if (of === 'state' && to === 'left')
    return { ...is, employment: { ...is.employment, state: 'left', lastDay: yesterday } };
  if (of === 'state') return { ...is, employment: { ...is.employment, state: 'employed', lastDay: null } };
  if (of === 'lastDay') return { ...is, employment: { ...is.employment, lastDay: to } };
  const changed = {
    ...is,
    fields: field === 'hireDate' ? is.fields : { ...is.fields, [field]: to },
    unconfirmed: is.unconfirmed.filter((name) => name !== field),
  };
  if (field !== 'hireDate') return changed;
  const state = (to ?? '') > time.today ? ('expected' as const) : ('employed' as const);
  return { ...changed, employment: { ...is.employment, hireDate: to, state } };
};
const POLICY_FIELDS = ['mode', 'ended', 'ramp', 'include.until', 'exclude.until'];

describe('an explanation, whatever the facts', () => {
  it('names a clause for every decision, and a part of a rule that comes to what the rule comes to', () => {
    fc.assert(
      fc.property(policy, facts, fc.array(facts), (rules, is, earlier) => {
        const decision = decideAccess(is, rules, history(rules, earlier), time);
        for (const [index, cell] of decision.portals.entries()) {
          const clause = explainDecision(is, rules, rules.portals[index] as PortalPolicy, cell, time);
          if (cell.reason === 'in-audience') expect(clause.part?.holds).toBe(true);
          if (cell.reason === 'not-in-audience') expect(clause.part?.holds).toBe(false);
          if (cell.reason === 'audience-unknown') expect(clause.part?.holds).toBe(undefined);
        }
      }),
    );
  });

  it('names a value that flips the decision when it is put in', () => {
    let flips = 0;
    fc.assert(
      fc.property(policy, facts, fc.array(facts), (rules, is, earlier) => {
        const before = history(rules, earlier);
        const decision = decideAccess(is, rules, before, time);
        for (const [index, cell] of decision.portals.entries()) {
          const own = rules.portals[index] as PortalPolicy;
          const { fields } = explainDecision(is, rules, own, cell, time);
          const flip = nearestFlip(is, rules, own, cell, before, time, fields);
          if (flip === null || POLICY_FIELDS.includes(flip.field)) continue;
          const next = decideAccess(follow(is, flip), rules, before, time).portals[index];
          expect([flip, next?.access, next?.reason]).toEqual([flip, flip.becomes, flip.reason]);
          expect(next?.access).not.toBe(cell.access);
          flips += 1;
        }
      }),
      { numRuns: 800 },
    );
    expect(flips).toBeGreaterThan(100);
  });
});

/** Policies without what always looks back: grace, ramps, dates that follow, groups. */
const plain = fc
  .record({
    audience: fc.constantFrom('true', 'department == "Sales"', 'location == "Cork" || department != "Legal"'),
    identifier: fc.constantFrom('email' as const, 'username' as const),
    email: fc.constantFrom(['workEmail'], ['department']),
    customData: fc.constantFrom({}, { Site: 'location' }),
  })
  .map((rules) => compiled({ portals: [portal({ onboarding: 'create', ...rules })] }));

/** Somebody whose account could be made, but for the address. */
const named = fc
  .tuple(facts, fc.constantFrom('a@x.example', null))
  .map(([is, workEmail]) => ({ ...is, fields: { firstName: 'Ada', lastName: 'Moss', ...is.fields, workEmail } }));
const anybody = fc.oneof(facts, named);

it('a decision that does not rest on what was comes out the same on top of anything', () => {
  let alike = 0;
  fc.assert(
    fc.property(fc.oneof(policy, plain), anybody, fc.array(anybody, { minLength: 1 }), (rules, is, earlier) => {
      const alone = decideAccess(is, rules, [], time);
      if (restsOnPrevious(alone.portals, rules)) return;
      expect(decideAccess(is, rules, history(rules, earlier), time)).toEqual(alone);
      alike += 1;
    }),
    { numRuns: 2_000 },
  );
  expect(alike).toBeGreaterThan(100);
});
