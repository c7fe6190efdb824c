import { ada, policyOf, time } from '../test/examples.js';
import { addEffects, type EffectTotals } from './compare-decisions.js';
import { decideAccess, type PreviousAccess } from './decide-access.js';

const granted = decideAccess(ada, policyOf({}), [], time).portals;
const renamed = decideAccess({ ...ada, fields: { ...ada.fields, lastName: 'Reed' } }, policyOf({}), [], time).portals;
const withheld: PreviousAccess[] = [{ portal: 'academy', access: 'withheld' }];

describe('addEffects', () => {
  it.each<[string, readonly PreviousAccess[], readonly PreviousAccess[], object]>([
    ['a first grant', [], granted, { granted: 1, changed: 0, withheld: 0 }],
    ['an end', granted, withheld, { granted: 0, changed: 0, withheld: 1 }],
    ['a rename', granted, renamed, { granted: 0, changed: 1, withheld: 0 }],
    ['nothing new', granted, granted, { granted: 0, changed: 0, withheld: 0 }],
    ['a first refusal', [], withheld, { granted: 0, changed: 0, withheld: 0 }],
  ])('counts %s', (_name, before, after, expected) => {
    const totals: EffectTotals = {};
    addEffects(totals, before, after);
    expect(totals).toEqual({ academy: expected });
  });
});
