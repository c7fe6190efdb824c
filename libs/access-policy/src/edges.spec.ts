import { ada, policyOf, time } from '../test/examples.js';
import { decideOn, withEmployment, withFields } from '../test/deciding.js';
import { decideAccess, nearestFlip, type EmployeeFacts } from './index.js';

const today = '2026-03-02';
const gone = withEmployment({ state: 'left', lastDay: '9999-12-31' });

describe('ownership, identity and dates at their edges', () => {
  it('29 February: a hire on it starts on it, and a last day before it leaves it out', () => {
    const hired = withEmployment({ state: 'expected', hireDate: '2028-02-29' });
    expect(decideOn('2028-02-28', hired, {})).toMatchObject({ reason: 'not-started', dueOn: '2028-02-29' });
    expect(decideOn('2028-02-29', hired, {})).toMatchObject({ access: 'granted' });
    const leaves = withEmployment({ lastDay: '2028-02-28' });
    expect(decideOn('2028-02-28', leaves, {})).toMatchObject({ access: 'granted', dueOn: '2028-02-29' });
    expect(decideOn('2028-02-29', leaves, {})).toMatchObject({ access: 'withheld', reason: 'left' });
  });

  it('29 February: a year on it is 28 February to a rule', () => {
    const rules = { audience: 'today >= addYears(hireDate, 1)' };
    const hired = withFields({ hireDate: '2024-02-29' });
    expect(decideOn('2025-02-27', hired, rules)).toMatchObject({ access: 'withheld', dueOn: '2025-02-28' });
    expect(decideOn('2025-02-28', hired, rules)).toMatchObject({ access: 'granted' });
  });

  it('a person without an e-mail is withheld by e-mail, and granted by username', () => {
    const nobody = withFields({ workEmail: null });
    expect(decideOn(today, nobody, {})).toMatchObject({ access: 'withheld', reason: 'no-email' });
    expect(decideOn(today, nobody, { identifier: 'username' })).toMatchObject({
      access: 'granted',
      learner: { email: null, username: '004417' },
    });
    expect(decideOn(today, nobody, { identifier: 'username', onboarding: 'invite' })).toMatchObject({
      reason: 'no-email',
    });
  });

  it('two people with one address are both wanted: who has it is settled by the claim', () => {
    const twin = { ...ada, employeeId: '110', fields: { ...ada.fields, firstName: 'Eve' } };
    for (const person of [ada, twin]) {
      expect(decideOn(today, person, {})).toMatchObject({ access: 'granted', learner: { email: 'ada@acme.example' } });
    }
  });

  it.each(['Zoë Čapek', '美咲 佐藤', 'محمد علي', 'Αθηνά Ω', 'अदिति शर्मा', "D'Arcy O’Neil", 'Ng', '👩‍🚀 Ada'])(
    'a name in any script is kept as it is: %s',
    (name) => {
      const [firstName = '', lastName = ''] = name.split(' ');
      const facts = withFields({ firstName, lastName });
      expect(decideOn(today, facts, {}).learner).toMatchObject({ firstName, lastName });
      expect(decideOn(today, facts, { audience: `lastName == "${lastName}"` })).toMatchObject({ access: 'granted' });
    },
  );

  it('ownership travels field by field, and only where a field is not kept alike always', () => {
    const rules = {
      customData: { Site: 'location', Department: 'department' },
      ownership: { firstName: 'always', email: 'on-create', customData: 'on-create', 'customData.Site': 'always' },
    } as const;
    expect(decideOn(today, ada, rules).learner?.ownership).toEqual({
      email: 'on-create',
      'customData.Department': 'on-create',
    });
    expect(decideOn(today, ada, {}).learner).not.toHaveProperty('ownership');
  });

  it('a rule that asks for the day is decided again on the next, and only for those for whom it did', () => {
    const rules = { audience: 'department == "Sales" && days(hireDate, today) >= 90' };
    const sales = withFields({ hireDate: '2026-01-01' });
    expect(decideOn(today, sales, rules)).toMatchObject({ access: 'withheld', dueOn: '2026-03-03' });
    expect(decideOn(today, withFields({ department: 'Legal' }, sales), rules)).toMatchObject({ dueOn: null });
    expect(decideOn('2026-04-01', sales, rules)).toMatchObject({ access: 'granted', dueOn: '2026-04-02' });
  });

  it('a day that is none is unknown to a rule, and takes nothing away', () => {
    const granted = decideOn(today, ada, {}).portals;
    const rules = { audience: 'days(hireDate, today) >= 90' };
    for (const hireDate of [null, '0000-00-00', 'soon', '2026-02-29']) {
      expect(decideOn(today, withFields({ hireDate }), rules, granted)).toMatchObject({
        access: 'granted',
        reason: 'audience-unknown',
      });
    }
  });

  it.each<[string, Parameters<typeof decideOn>[2], EmployeeFacts]>([
    ['a hand', { include: [{ employee: '109', reason: 'for ever', until: '9999-12-31' }] }, ada],
    ['a last day', {}, withEmployment({ lastDay: '9999-12-31' })],
    ['a hire date', { start: { from: 'hire-date', days: 7 } }, withEmployment({ hireDate: '9999-12-31' })],
    ['a last day and grace', { leaving: { action: 'expire', graceDays: 30, expireDays: 30, retainDays: 365 } }, gone],
    ['a day that a rule names', { audience: 'hireDate < "9999-12-31"' }, withFields({ hireDate: '2026-01-01' })],
  ])('the last day of the calendar means never, and is decided and explained like any other: %s', (_, rules, facts) => {
    const policy = policyOf(rules);
    const [decision] = decideAccess(facts, policy, [], time).portals;
    expect(decision?.access).toMatch(/granted|withheld/);
    const [own] = policy.portals;
    expect(() => nearestFlip(facts, policy, own!, decision!, [], time, ['hireDate'])).not.toThrow();
  });

  it('a field that is called like a word of CEL is asked for by name', () => {
    const rules = { audience: 'field("type") == "Permanent"' };
    expect(decideOn(today, withFields({ type: 'Permanent' }), rules)).toMatchObject({ access: 'granted' });
    expect(decideOn(today, withFields({ type: 'Temporary' }), rules)).toMatchObject({ access: 'withheld' });
  });
});
