import { ada, compiled, now, policyOf, portal, time, today, without } from '../test/examples.js';
import { decideAccess, previousOf, type PreviousAccess } from './decide-access.js';
import type { EmployeeFacts } from './employee-facts.js';
import type { WrittenPortal } from './policy.js';

const sales = { audience: 'department == "Sales"' };
const decide = (
  facts: EmployeeFacts,
  rules: Partial<WrittenPortal> = sales,
  previous: readonly PreviousAccess[] = [],
) => {
  const decision = decideAccess(facts, policyOf(rules), previous, time);
  return { ...decision, ...decision.portals[0]!, portals: decision.portals };
};
const employed = (employment: Partial<EmployeeFacts['employment']>, facts: EmployeeFacts = ada): EmployeeFacts => ({
  ...facts,
  employment: { ...facts.employment, ...employment },
});
const unconfirmed = (...names: string[]): EmployeeFacts => ({ ...ada, unconfirmed: names });
const granted = decide(ada).portals;
const withheld: PreviousAccess[] = [{ portal: 'academy', access: 'withheld' }];
const since = '2026-02-01T00:00:00Z';

describe('decideAccess', () => {
  it('wants the learner of an employee in the audience', () => {
    expect(decide(ada, { ...sales, customData: { Department: 'department', Division: 'division' } }).portals).toEqual([
      {
        portal: 'academy',
        access: 'granted',
        reason: 'in-audience',
        leaving: 'disable',
        learner: {
          onboarding: 'create',
          whenRefused: 'report',
          identifier: 'email',
          email: 'ada@acme.example',
          username: null,
          firstName: 'Ada',
          lastName: 'Moss',
          language: null,
          customData: { Department: 'Sales', Division: null },
        },
      },
    ]);
  });

  describe('by employment', () => {
    it.each<[string, Partial<EmployeeFacts['employment']>, string, string, string | null]>([
      ['at work', {}, 'granted', 'in-audience', null],
      ['starts tomorrow', { state: 'expected', hireDate: '2026-03-03' }, 'withheld', 'not-started', '2026-03-03'],
      ['starts today', { state: 'expected', hireDate: today }, 'granted', 'in-audience', null],
      ['should have started', { state: 'expected', hireDate: '2026-03-01' }, 'granted', 'in-audience', null],
      ['is expected some day', { state: 'expected', hireDate: null }, 'undecided', 'employment-unknown', null],
      ['last day today', { lastDay: today }, 'granted', 'in-audience', '2026-03-03'],
      ['last day on 28 February', { lastDay: '2026-03-01' }, 'withheld', 'left', null],
      ['last day is far', { lastDay: '2028-02-28' }, 'granted', 'in-audience', '2028-02-29'],
      ['was hired again since', { lastDay: '2023-05-31' }, 'granted', 'in-audience', null],
      ['has left', { state: 'left' }, 'withheld', 'left', null],
      ['is unknown', { state: 'unknown' }, 'undecided', 'employment-unknown', null],
      [
        'is unknown, and the last day is over',
        { state: 'unknown', lastDay: '2026-03-01' },
        'undecided',
        'employment-unknown',
        null,
      ],
    ])('%s', (_name, employment, access, reason, dueOn) => {
      expect(decide(employed(employment))).toMatchObject({ access, reason, dueOn, leaver: reason === 'left' });
    });

    it('takes a last day that was not confirmed for unknown', () => {
      const facts = employed({ lastDay: '2026-03-01' }, unconfirmed('terminationDate'));
      expect(decide(facts, sales, granted)).toMatchObject({
        access: 'granted',
        reason: 'employment-unknown',
        leaver: false,
      });
    });
  });

  describe('when something is unknown', () => {
    it.each<[string, EmployeeFacts, readonly PreviousAccess[], object]>([
      ['keeps a granted access', unconfirmed('department'), granted, { access: 'granted', keptSince: now }],
      ['keeps a withheld access', unconfirmed('department'), withheld, { access: 'withheld', keptSince: now }],
      ['stays undecided', unconfirmed('department'), [], { access: 'undecided' }],
      ['never known is the same', without('department'), granted, { access: 'granted', keptSince: now }],
      ['employment', employed({ state: 'unknown' }), granted, { access: 'granted', reason: 'employment-unknown' }],
      [
        'remembers since when',
        unconfirmed('department'),
        [{ ...granted[0]!, keptSince: since }],
        { access: 'granted', reason: 'audience-unknown', keptSince: since },
      ],
    ])('%s', (_name, facts, previous, expected) => {
      expect(decide(facts, sales, previous)).toMatchObject(expected);
    });

    it('is decided by what is known, where that is enough', () => {
      const rule = { audience: 'department == "Sales" && location == "Oslo"' };
      expect(decide(unconfirmed('department'), rule, granted)).toMatchObject({
        access: 'withheld',
        reason: 'not-in-audience',
      });
      const outside = employed({ state: 'unknown' }, { ...ada, fields: { ...ada.fields, department: 'Legal' } });
      expect(decide(outside, sales, granted)).toMatchObject({ access: 'withheld', reason: 'not-in-audience' });
    });

    it('forgets since when, once known again', () => {
      expect(decide(ada, sales, [{ ...granted[0]!, keptSince: since }]).portals).toEqual(granted);
    });

    it('still follows what is known of the account', () => {
      const renamed = { ...unconfirmed('department'), fields: { ...ada.fields, lastName: 'Reed' } };
      expect(decide(renamed, sales, granted).learner).toMatchObject({ lastName: 'Reed' });
    });

    it('keeps the value of a mapped field that was never known', () => {
      const rules = { ...sales, customData: { Site: 'location' } };
      const before = decide(ada, rules).portals;
      const renamed = { ...without('location'), fields: { ...without('location').fields, lastName: 'Reed' } };
      expect(decide(renamed, rules, before)).toMatchObject({
        reason: 'in-audience',
        learner: { lastName: 'Reed', customData: { Site: 'Cork' } },
      });
      expect(decide(without('location'), rules)).toMatchObject({ access: 'undecided', reason: 'mapping-unknown' });
    });
  });

  describe('the identifier', () => {
    const email = (value: string | null, home: string | null = null): EmployeeFacts => ({
      ...ada,
      fields: { ...ada.fields, workEmail: value, homeEmail: home },
    });
    const number = (value: string | null): EmployeeFacts => ({
      ...ada,
      fields: { ...ada.fields, employeeNumber: value },
    });

    it('is the first address that is not empty', () => {
      expect(decide(email(' ', 'ada@home.example'), { email: ['workEmail', 'homeEmail'] }).learner?.email).toBe(
        'ada@home.example',
      );
    });

    it('is not the second address while the first is not known', () => {
      const rules = { email: ['workEmail', 'homeEmail'] };
      expect(decide(without('workEmail'), rules)).toMatchObject({ access: 'undecided', reason: 'mapping-unknown' });
      expect(decide(without('workEmail'), rules, granted).learner?.email).toBe('ada@acme.example');
    });

    it.each<[string, EmployeeFacts, Partial<WrittenPortal>, string]>([
      ['no address', email(null), {}, 'no-email'],
      ['two addresses in one', email('a@x.example,b@x.example'), {}, 'invalid-identifier'],
      [
        'a username without an address to invite',
        email(null),
        { identifier: 'username', onboarding: 'invite' },
        'no-email',
      ],
      ['no username', number(null), { identifier: 'username' }, 'invalid-identifier'],
      ['five characters', number('12345'), { identifier: 'username' }, 'invalid-identifier'],
      ['31 characters', number('1'.repeat(31)), { identifier: 'username' }, 'invalid-identifier'],
      ['a blank inside', number('12 3456'), { identifier: 'username' }, 'invalid-identifier'],
    ])('%s withholds', (_name, facts, rules, reason) => {
      expect(decide(facts, rules)).toMatchObject({ access: 'withheld', reason });
    });

    it.each(['123456', 'ünïcode-名前', '1'.repeat(30), '+-.,$#@_'])(
      '%s is a username, without an address too',
      (username) => {
        const facts = { ...ada, fields: { ...ada.fields, employeeNumber: username, workEmail: null } };
        expect(decide(facts, { identifier: 'username' }).learner).toMatchObject({ username, email: null });
      },
    );

    it('is kept, visibly, where the address of an account is lost', () => {
      const lost = decide(email(null), sales, granted);
      expect(lost).toMatchObject({ access: 'granted', reason: 'no-email', keptSince: now });
      expect(lost.learner?.email).toBe('ada@acme.example');
    });
  });

  it.each([
    ['en-GB', 'en_gb'],
    ['de', 'de'],
    ['Klingon', null],
    [null, null],
  ])('takes the language %s for %s', (value, expected) => {
    const policy = compiled({ language: { field: 'customLanguage' }, portals: [portal()] });
    const facts = { ...ada, fields: { ...ada.fields, customLanguage: value } };
    expect(decideAccess(facts, policy, [], time).portals[0]?.learner?.language).toBe(expected);
  });

  it('decides nothing for a portal that is off, and decides for one that is watched', () => {
    expect(decide(ada, { mode: 'off' }, granted)).toMatchObject({ access: 'undecided', reason: 'portal-off' });
    expect(decide(ada, { mode: 'observe' })).toMatchObject({ access: 'granted' });
  });

  it('says nothing of a portal that policy no longer has', () => {
    const previous = [...granted, { ...granted[0]!, portal: 'gone' }];
    expect(decideAccess(ada, policyOf(sales), previous, time).portals.map(({ portal }) => portal)).toEqual(['academy']);
  });

  it.each([
    ['off', policyOf({ ...sales, mode: 'off' })],
    ['out', compiled({ portals: [portal({ portal: 'other' })] })],
  ])('keeps what was decided of a portal while it is %s, however often others are', (_name, policy) => {
    const first = decideAccess(ada, policy, granted, time);
    const again = decideAccess(ada, policy, previousOf(first), time);
    expect(again.earlier).toEqual(granted);
    const back = decideAccess(unconfirmed('department'), policyOf(sales), previousOf(again), time);
    expect(back.portals).toMatchObject([{ access: 'granted', reason: 'audience-unknown' }]);
    expect(back.earlier ?? []).not.toContainEqual(granted[0]);
  });
});
