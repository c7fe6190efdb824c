import { ada, compiled, portal, time } from '../test/examples.js';
import { compilePolicy } from './compile-policy.js';
import { decideAccess } from './decide-access.js';
import type { RealmRules } from './policy.js';
import { resolvePortal } from './resolve-portal.js';

describe('a portal that says nothing', () => {
  it('has what is built in', () => {
    expect(resolvePortal({ portal: 'emea', audience: 'true' })).toEqual({
      portal: 'emea',
      mode: 'on',
      ended: false,
      ramp: 100,
      audience: 'true',
      include: [],
      exclude: [],
      start: { from: 'hire-date', days: 0 },
      onboarding: 'create',
      whenRefused: 'report',
      identifier: 'email',
      username: 'employeeNumber',
      email: ['workEmail'],
      signIn: 'sso',
      customData: {},
      ownership: {},
      leaving: { action: 'disable', graceDays: 0, expireDays: 0, retainDays: null },
    });
  });
});

describe('defaults', () => {
  it('are overridden key by key, and maps by label are joined label by label', () => {
    const defaults = {
      mode: 'observe',
      email: ['workEmail', 'homeEmail'],
      leaving: { action: 'expire', expireDays: 30 },
      customData: { Site: 'location', Team: 'customTeam' },
      ownership: { customData: 'on-create' },
    } as const;
    const own = { email: ['homeEmail'], leaving: 'keep', customData: { Team: null, Level: { value: '"1"' } } } as const;
    expect(resolvePortal({ portal: 'emea', ...own }, defaults)).toMatchObject({
      mode: 'observe',
      email: ['homeEmail'],
      leaving: { action: 'keep', expireDays: 0 },
      customData: { Site: { field: 'location' }, Level: { value: '"1"' } },
      ownership: { customData: 'on-create' },
    });
  });

  it('have their faults once, where they are written', () => {
    const result = compilePolicy({
      defaults: { audience: 'rules.none', customData: { Site: { value: '1 +' } } },
      portals: [{ portal: 'a' }, { portal: 'b' }, { portal: 'c', audience: 'no(' }],
    });
    expect(result.ok ? [] : result.faults.map(({ path }) => path)).toEqual([
      'defaults.audience',
      'defaults.customData.Site.value',
      'portals.c.audience',
    ]);
  });
});

describe('named rules', () => {
  const realm: RealmRules = {
    rules: { sales: 'department == "Sales"', salesInCork: 'rules.sales && location == "Cork"' },
    portals: [portal({ audience: 'rules.salesInCork' }), portal({ portal: 'rest', audience: '!rules.salesInCork' })],
  };
  const accessOf = (facts: typeof ada) =>
    decideAccess(facts, compiled(realm), [], time).portals.map(({ access }) => access);

  it('are shared by portals and by other rules, and stay unknown where they are', () => {
    expect(accessOf(ada)).toEqual(['granted', 'withheld']);
    expect(accessOf({ ...ada, unconfirmed: ['department'] })).toEqual(['undecided', 'undecided']);
    expect(accessOf({ ...ada, unconfirmed: ['department'], fields: { ...ada.fields, location: 'Oslo' } })).toEqual([
      'withheld',
      'granted',
    ]);
  });

  it('that are not there are named, with the nearest', () => {
    const result = compilePolicy({ ...realm, portals: [portal({ audience: 'rules.sale && true' })] });
    expect(result.ok ? [] : result.faults).toEqual([
      {
        path: 'portals.academy.audience',
        message: 'no rule "sale" (at character 1); did you mean "sales"?',
        position: { line: 1, column: 1 },
      },
    ]);
  });
});

it('values that a list does not have are warned of, in statuses and tables', () => {
  const status = { name: 'employmentHistoryStatus', options: ['Full-Time', 'Contractor'] };
  const place = { name: 'location', options: ['Cork', 'Oslo'] };
  const others = ['firstName', 'lastName', 'workEmail'].map((name) => ({ name }));
  const result = compilePolicy(
    {
      timeZone: { field: 'location', choices: { Korck: 'Dublin' } },
      defaults: { eligible: ['Full-Tim', 'Contractor'] },
      portals: [
        portal({ customData: { Region: { field: 'location', choices: { Cork: 'EMEA', Lima: 'LATAM' } } } }),
        portal({ portal: 'emea' }),
      ],
    },
    [status, place, ...others],
  );
  expect(result.ok ? result.warnings : result.faults).toEqual([
    { path: 'timeZone.choices', message: 'location has no value "Korck"' },
    { path: 'portals.academy.customData.Region.choices', message: 'location has no value "Lima"' },
    {
      path: 'defaults.eligible',
      message: 'employmentHistoryStatus has no value "Full-Tim"; did you mean "Full-Time"?',
    },
  ]);
});

it('an identifier is written at least once', () => {
  const result = compilePolicy({ portals: [portal({ ownership: { email: 'never' } })] });
  expect(result.ok ? [] : result.faults).toMatchObject([{ path: 'portals.academy.ownership' }]);
});

it('an employee is not included and excluded at once', () => {
  const pick = [{ employee: '7', reason: 'x' }];
  const result = compilePolicy({ portals: [portal({ include: pick, exclude: pick })] });
  expect(result.ok ? [] : result.faults).toMatchObject([{ message: expect.stringContaining('employee 7') }]);
});
