import fc from 'fast-check';
import { facts, history, NAMES, policy } from '../test/arbitraries.js';
import { compiled, portal, time, today } from '../test/examples.js';
import { decideAccess, type PreviousAccess } from './decide-access.js';
import type { EmployeeFacts } from './employee-facts.js';

describe('decideAccess, whatever the facts', () => {
  it('says the same of the same', () => {
    fc.assert(
      fc.property(policy, facts, fc.array(facts), (rules, is, earlier) => {
        const before = history(rules, earlier);
        const decision = decideAccess(is, rules, before, time);
        expect(decideAccess(structuredClone(is), rules, structuredClone(before), time)).toEqual(decision);
      }),
    );
  });

  it('does not depend on the order of portals, of fields or of what was', () => {
    fc.assert(
      fc.property(policy, facts, fc.array(facts), (rules, is, earlier) => {
        const before = history(rules, earlier);
        const turned = { ...rules, portals: [...rules.portals].reverse() };
        const shuffled = {
          ...is,
          fields: Object.fromEntries(Object.entries(is.fields).reverse()),
          unconfirmed: [...is.unconfirmed].reverse(),
        };
        const decision = decideAccess(is, rules, before, time).portals;
        expect([...decideAccess(shuffled, turned, [...before].reverse(), time).portals].reverse()).toEqual(decision);
      }),
    );
  });

  it('takes nothing away for something unknown', () => {
    fc.assert(
      fc.property(policy, facts, fc.array(facts), (rules, is, earlier) => {
        const before = history(rules, earlier);
        const nothing = { ...is, employment: { ...is.employment, state: 'unknown' as const }, unconfirmed: NAMES };
        for (const { portal: name, access, reason } of decideAccess(nothing, rules, before, time).portals) {
          if (rules.portals.some((one) => one.portal === name && one.audience.fields.length === 0)) continue;
          const was = before.find((one) => one.portal === name)?.access ?? 'undecided';
          expect({ name, access, reason }).toEqual({ name, access: was, reason: 'employment-unknown' });
        }
      }),
    );
  });

  it('leaves a decision that needs no unknown field as it is when another becomes unknown', () => {
    fc.assert(
      fc.property(policy, facts, fc.constantFrom('department', 'location'), (rules, is, field) => {
        const hidden = { ...is, unconfirmed: [...is.unconfirmed, field] };
        const decision = decideAccess(is, rules, [], time).portals;
        for (const [index, after] of decideAccess(hidden, rules, decision, time).portals.entries()) {
          expect(after.access).toBe(decision[index]?.access);
        }
      }),
    );
  });

  it('takes access away for a reason that is known only', () => {
    fc.assert(
      fc.property(policy, facts, fc.array(facts), (rules, is, earlier) => {
        const before = history(rules, earlier);
        for (const decision of decideAccess(is, rules, before, time).portals) {
          const was = before.find((one) => one.portal === decision.portal);
          if (was?.access !== 'granted' || decision.access === 'granted') continue;
          expect(decision.access).toBe('withheld');
          expect(['left', 'not-started', 'not-in-audience', 'not-eligible']).toContain(decision.reason);
        }
      }),
    );
  });

  it('is due on a later day or never, and the learner is there when access is granted', () => {
    fc.assert(
      fc.property(policy, facts, fc.array(facts), (rules, is, earlier) => {
        const decision = decideAccess(is, rules, history(rules, earlier), time);
        expect(decision.dueOn === null || decision.dueOn > today).toBe(true);
        for (const one of decision.portals) expect(one.learner !== undefined).toBe(one.access === 'granted');
      }),
    );
  });

  it('changes on no day before the one when it is due', () => {
    fc.assert(
      fc.property(policy, facts, fc.nat(1000), (rules, is, days) => {
        const decision = decideAccess(is, rules, [], time);
        const later = Temporal.PlainDate.from(today).add({ days }).toString();
        if (decision.dueOn !== null && later >= decision.dueOn) return;
        expect(decideAccess(is, rules, [], { ...time, today: later })).toEqual(decision);
      }),
    );
  });

  it('flips with the value that it names', () => {
    fc.assert(
      fc.property(facts, (is) => {
        const rules = compiled({ portals: [portal({ audience: 'department == "Sales"', identifier: 'email' })] });
        const known: EmployeeFacts = {
          ...is,
          employment: { state: 'employed', hireDate: null, lastDay: null },
          unconfirmed: [],
          fields: { firstName: 'Ada', lastName: 'Moss', workEmail: 'ada@acme.example' },
        };
        const decide = (department: string, before: readonly PreviousAccess[]) =>
          decideAccess({ ...known, fields: { ...known.fields, department } }, rules, before, time).portals;
        const inside = decide('Sales', []);
        const outside = decide('Legal', inside);
        expect([inside[0]?.access, outside[0]?.access]).toEqual(['granted', 'withheld']);
        expect(decide('Sales', outside)).toEqual(inside);
      }),
    );
  });
});
