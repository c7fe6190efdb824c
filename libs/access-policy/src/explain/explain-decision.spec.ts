import { ada, compiled, portal, time, today, without } from '../../test/examples.js';
import {
  decideAccess,
  explainDecision,
  nearestFlip,
  type EmployeeFacts,
  type PreviousAccess,
  type RealmRules,
  type WrittenPortal,
} from '../index.js';

const explained = (
  rules: Partial<WrittenPortal>,
  facts: EmployeeFacts = ada,
  more: Partial<RealmRules> = {},
  previous: readonly PreviousAccess[] = [],
) => {
  const policy = compiled({ ...more, portals: [portal(rules)] });
  const [own] = policy.portals;
  const [decision] = decideAccess(facts, policy, previous, time).portals;
  const clause = explainDecision(facts, policy, own!, decision!, time);
  const flip = nearestFlip(facts, policy, own!, decision!, previous, time, clause.fields);
  return { decision: decision!, clause, flip };
};
const employment = (changes: Partial<EmployeeFacts['employment']>): EmployeeFacts => ({
  ...ada,
  employment: { ...ada.employment, ...changes },
});

describe('the clause', () => {
  it('is the part of the audience that decides, with the fields that it reads', () => {
    const { clause, decision } = explained({ audience: 'department == "Sales" && location == "Oslo"' });
    expect(decision.reason).toBe('not-in-audience');
    expect(clause).toMatchObject({
      key: 'audience',
      text: 'department == "Sales" && location == "Oslo"',
      part: { expression: 'location == "Oslo"', character: 26, holds: false },
      fields: ['location'],
    });
  });

  it('of a mapping names the rule that gives nothing', () => {
    const customData = { N: { value: 'string(int(location))' }, Site: 'location' };
    expect(explained({ customData }).clause.text).toBe('N: string(int(location)) gives nothing');
  });

  it('is found in a named rule that decides alone', () => {
    const rules = { emea: 'division == "EMEA" || location in ["Oslo", "Rome"]', all: 'rules.emea' };
    expect(explained({ audience: 'department == "Sales" && rules.all' }, ada, { rules }).clause).toMatchObject({
      key: 'rules.emea',
      text: rules.emea,
      fields: ['division', 'location'],
    });
  });

  it.each<[string, Partial<WrittenPortal>, EmployeeFacts, string, readonly string[]]>([
    ['audience-unknown', { audience: 'department == "Sales"' }, without('department'), 'audience', ['department']],
    ['left', {}, employment({ state: 'left', lastDay: '2026-02-01' }), 'leaving', []],
    ['not-started', {}, employment({ state: 'expected', hireDate: '2026-03-09' }), 'start', []],
    ['employment-unknown', {}, employment({ state: 'unknown' }), 'employment', []],
    ['not-eligible', { eligible: ['Full-Time'] }, withStatus('Intern'), 'eligible', ['employmentHistoryStatus']],
    ['excluded', { exclude: [{ employee: '109', reason: 'on leave', until: '2026-05-01' }] }, ada, 'exclude', []],
    ['included', { audience: 'false', include: [{ employee: '109', reason: 'asked' }] }, ada, 'include', []],
    ['not-in-ramp', { ramp: 0 }, ada, 'ramp', []],
    ['access-ended', { ended: true }, ada, 'ended', []],
    ['portal-off', { mode: 'off' }, ada, 'mode', []],
    ['no-email', { email: ['division'] }, ada, 'email', ['division']],
    ['invalid-identifier', { email: ['location'] }, ada, 'email', ['location']],
    ['mapping-unknown', { customData: { Site: 'site' } }, ada, 'customData', ['site']],
    ['mapping-unknown', { customData: { N: { value: 'string(int(location))' } } }, ada, 'customData', ['location']],
    ['mapping-unknown', { identifier: 'username', username: 'acme-{int(location)}' }, ada, 'username', ['location']],
  ])('of %s says where it stands', (reason, rules, facts, key, fields) => {
    const { decision, clause } = explained(rules, facts);
    expect([decision.reason, clause.key, clause.fields]).toEqual([reason, key, fields]);
  });
});

function withStatus(status: string): EmployeeFacts {
  return { ...ada, fields: { ...ada.fields, employmentHistoryStatus: status } };
}

describe('the nearest change that flips', () => {
  it.each<[string, Partial<WrittenPortal>, EmployeeFacts, object]>([
    [
      'the value that the rule asks for',
      { audience: 'department in ["Engineering", "Sale"]' },
      ada,
      { field: 'department', from: 'Sales', to: 'Sale', becomes: 'granted', reason: 'in-audience' },
    ],
    [
      'any other value than the one that is granted',
      { audience: 'department == "Sales"' },
      ada,
      { field: 'department', from: 'Sales', isAnyOther: true, becomes: 'withheld' },
    ],
    ['what was never known', { audience: 'team == "Blue"' }, ada, { field: 'team', to: 'Blue', becomes: 'granted' }],
    [
      'a field that was not confirmed, as it is',
      { audience: 'department == "Sales"' },
      { ...ada, unconfirmed: ['department'] },
      { field: 'department', from: 'Sales', to: 'Sales', becomes: 'granted' },
    ],
    [
      'an address',
      { email: ['division'] },
      ada,
      { field: 'division', from: null, to: 'someone@example.com', isAnyOther: true, becomes: 'granted' },
    ],
    [
      'the hire date',
      {},
      employment({ state: 'expected', hireDate: '2026-03-09' }),
      { field: 'hireDate', from: '2026-03-09', to: today, becomes: 'granted' },
    ],
    [
      'the hire date, where the start is counted from it',
      { start: { from: 'hire-date', days: 10 } },
      employment({ state: 'employed', hireDate: '2026-02-25' }),
      { field: 'hireDate', from: '2026-02-25', to: '2026-02-20', becomes: 'granted' },
    ],
    [
      'the employment, where nothing else does',
      { audience: 'true' },
      ada,
      { field: 'employment.state', from: 'employed', to: 'left', becomes: 'withheld', reason: 'left' },
    ],
    [
      'that of a leaver',
      { audience: 'true' },
      employment({ state: 'left', lastDay: '2026-02-01' }),
      { field: 'employment.state', from: 'left', to: 'employed', becomes: 'granted' },
    ],
    [
      'the end of an exclusion',
      { exclude: [{ employee: '109', reason: 'on leave', until: '2026-05-01' }] },
      ada,
      { field: 'exclude.until', from: '2026-05-01', to: '2026-03-01', becomes: 'granted' },
    ],
    ['the switch', { mode: 'off' }, ada, { field: 'mode', from: 'off', to: 'on', becomes: 'granted' }],
    ['the end of access', { ended: true }, ada, { field: 'ended', to: 'false', becomes: 'granted' }],
    ['the ramp', { ramp: 0 }, ada, { field: 'ramp', from: '0', becomes: 'granted' }],
    [
      'the status',
      { eligible: ['Full-Time'] },
      withStatus('Intern'),
      { field: 'employmentHistoryStatus', from: 'Intern', to: 'Full-Time', becomes: 'granted' },
    ],
    [
      'a day that a rule counts from',
      { audience: 'days(started, today) > 30' },
      { ...ada, fields: { ...ada.fields, started: '2026-02-20' } },
      { field: 'started', from: '2026-02-20', to: '2026-01-30', becomes: 'granted' },
    ],
    ['a length', { audience: 'size(location) > 6' }, ada, { field: 'location', isAnyOther: true, becomes: 'granted' }],
  ])('is %s', (_, rules, facts, expected) => {
    expect(explained(rules, facts).flip).toMatchObject(expected);
  });

  it('in the days of grace is the last day that would have ended them', () => {
    const before: PreviousAccess[] = [{ portal: 'academy', access: 'granted' }];
    const left = employment({ state: 'left', lastDay: '2026-02-28' });
    const leaving = { action: 'disable', graceDays: 5 } as const;
    expect(explained({ leaving }, left, {}, before)).toMatchObject({
      decision: { access: 'granted', reason: 'grace' },
      flip: { field: 'employment.lastDay', from: '2026-02-28', to: '2026-02-24', becomes: 'withheld', reason: 'left' },
    });
  });

  it('is none where no single field does it', () => {
    expect(explained({ audience: 'department == "Legal" && location == "Oslo"' }).flip).toBeNull();
    expect(explained({ audience: 'false' }).flip).toBeNull();
  });
});
