import { ada } from '../test/examples.js';
import { decideOn, withFields } from '../test/deciding.js';
import type { CustomDataSource, RealmRules, UserTypeSource, WrittenPortal } from './policy.js';
import type { PreviousAccess } from './decide-access.js';
import type { WantedLearner } from './want-learner.js';

const today = '2026-03-02';
const learnerOf = (
  rules: Partial<WrittenPortal>,
  facts = ada,
  previous: readonly PreviousAccess[] = [],
  realm: Partial<RealmRules> = {},
) => decideOn(today, facts, rules, previous, realm).learner;
const had = (learner: Partial<WantedLearner>): PreviousAccess[] => [
  { portal: 'academy', access: 'granted', learner: { ...(learnerOf({}) as WantedLearner), ...learner } },
];

describe('custom data', () => {
  const read = (source: string | CustomDataSource, value: string | null, previous: PreviousAccess[] = []) =>
    learnerOf({ customData: { Field: source } }, withFields({ customField: value }), previous)?.customData;

  it.each<[string, CustomDataSource, string | null, string | null]>([
    ['a text', {}, ' Cork ', 'Cork'],
    ['nothing', {}, null, null],
    ['nothing, otherwise', { otherwise: 'none' }, null, 'none'],
    ['an integer', { type: 'integer' }, '42', '42'],
    ['a decimal', { type: 'decimal' }, '27000.50 USD', '27000.50'],
    ['a date', { type: 'date' }, '2028-02-29', '2028-02-29'],
    ['a choice', { choices: { Cork: 'EMEA' }, type: 'string-choice' }, 'Cork', 'EMEA'],
    ['another choice', { choices: { Cork: 'EMEA' } }, 'Lima', null],
    ['another choice, otherwise', { choices: { Cork: 'EMEA' }, otherwise: 'Other' }, 'Lima', 'Other'],
    ['a choice of numbers', { choices: { Gold: '3' }, type: 'integer-choice' }, 'Gold', '3'],
  ])('takes %s', (_name, source, value, expected) => {
    expect(read({ field: 'customField', ...source }, value)).toEqual({ Field: expected });
  });

  it.each<[CustomDataSource['type'], string]>([
    ['integer', '4.5'],
    ['decimal', 'much'],
    ['date', '2026-02-29'],
  ])('leaves the account alone where a value is no %s: %s', (type = 'string', value) => {
    const source = { field: 'customField', type };
    expect(read(source, value)).toEqual({});
    expect(read(source, value, had({ customData: { Field: '7' } }))).toEqual({ Field: '7' });
  });

  it('takes what a rule gives, of the last known values', () => {
    const rules = { customData: { Who: { value: 'upper(lastName) + ", " + firstName' } } };
    expect(learnerOf(rules, { ...ada, unconfirmed: ['lastName'] })?.customData).toEqual({ Who: 'MOSS, Ada' });
    const days = { customData: { Days: { value: 'days(hireDate, today)', type: 'integer' } } } as const;
    expect(learnerOf(days, withFields({ hireDate: '2026-03-01' }))?.customData).toEqual({ Days: '1' });
  });

  it('knows no label that policy never writes', () => {
    const rules = { customData: { A: 'department', B: 'neverThere' }, ownership: { 'customData.B': 'never' } } as const;
    expect(learnerOf(rules)).toMatchObject({ customData: { A: 'Sales' } });
    expect(learnerOf(rules)).not.toHaveProperty('ownership');
  });
});

describe('the username', () => {
  const of = (username: string, fields: Record<string, string | null>) =>
    decideOn(today, withFields(fields), { identifier: 'username', username });

  it.each([
    ['acme-{employeeNumber}', { employeeNumber: '17' }, 'acme-17'],
    ['acme-{pad(employeeNumber, 6)}', { employeeNumber: '17' }, 'acme-000017'],
    ['{lower(first(firstName, 1))}{lower(lastName)}', { firstName: 'Ada', lastName: 'Moss-Ng' }, 'amoss-ng'],
    ['{plain(lower(firstName))}.{plain(lower(lastName))}', { firstName: 'Zoë', lastName: 'Čapek' }, 'zoe.capek'],
    ['{firstName}-{lastName}', { firstName: '美咲', lastName: 'さとう' }, '美咲-さとう'],
    ['{firstName}_{lastName}', { firstName: 'अदिति', lastName: 'शर्मा' }, 'अदिति_शर्मा'],
    ['employeeNumber', { employeeNumber: ' 004417 ' }, '004417'],
    ['{replace(employeeNumber, "}", "-")}', { employeeNumber: '00}44}17' }, '00-44-17'],
  ])('%s of %j is %s', (template, fields, expected) => {
    expect(of(template, fields)).toMatchObject({ access: 'granted', learner: { username: expected } });
  });

  it.each([
    ['too short', 'a{employeeNumber}', { employeeNumber: '17' }],
    ['too long', '{employeeNumber}{employeeNumber}', { employeeNumber: '1234567890123456' }],
    ['a part is empty', 'acme-employee-{employeeNumber}', { employeeNumber: null }],
    ['a blank', '{firstName} {lastName}', {}],
  ])('is refused: %s', (_name, template, fields) => {
    expect(of(template, fields)).toMatchObject({ access: 'withheld', reason: 'invalid-identifier' });
  });

  it('of a field that was never known is not known', () => {
    expect(of('acme-{customBadge}', {})).toMatchObject({ access: 'undecided', reason: 'mapping-unknown' });
  });
});

describe('user types', () => {
  const userType: UserTypeSource = [{ type: 'manager', when: 'isSupervisor == "true"' }, 'learner'];
  const of = (isSupervisor: string | null, previous: PreviousAccess[] = []) =>
    learnerOf({ userType }, withFields({ isSupervisor }), previous)?.userType;

  it('are the first that holds, and nothing where policy does not speak of them', () => {
    expect([of('true'), of('false'), learnerOf({})?.userType]).toEqual(['manager', 'learner', undefined]);
  });

  it('stay while unknown', () => {
    expect(learnerOf({ userType }, ada, had({ userType: 'manager' }))?.userType).toBe('manager');
    expect(learnerOf({ userType }, ada)?.userType).toBeUndefined();
  });
});

describe('groups', () => {
  const groups = [
    'Everybody',
    { title: 'Sales', when: 'department == "Sales"' },
    { titleFrom: '"Team " + customTeam' },
  ];

  it('are those whose rule holds, and those that a rule names', () => {
    expect(learnerOf({ groups }, withFields({ customTeam: 'Blue' }))?.groups).toEqual([
      'Everybody',
      'Sales',
      'Team Blue',
    ]);
    expect(learnerOf({ groups: [{ titleFrom: 'customTeam' }] }, withFields({ customTeam: null }))?.groups).toEqual([]);
    expect(learnerOf({})).not.toHaveProperty('groups');
  });

  it('are not left for something unknown, and nobody is put in for it', () => {
    const unknown = ['Everybody', { title: 'Blue', when: 'customTeam == "Blue"' }];
    expect(learnerOf({ groups: unknown })?.groups).toEqual(['Everybody']);
    expect(learnerOf({ groups: unknown }, ada, had({ groups: ['Blue', 'Gone'] }))?.groups).toEqual([
      'Blue',
      'Everybody',
    ]);
    expect(learnerOf({ groups }, ada, had({ groups: ['Team Red'] }))?.groups).toEqual([
      'Everybody',
      'Sales',
      'Team Red',
    ]);
  });
});

describe('the realm', () => {
  it('takes preferred names, and the first name where there is none', () => {
    const names = { names: 'preferred' } as const;
    expect(learnerOf({}, withFields({ preferredName: ' Adi ' }), [], names)?.firstName).toBe('Adi');
    expect(learnerOf({}, withFields({ preferredName: null }), [], names)?.firstName).toBe('Ada');
    expect(learnerOf({}, ada, [], names)?.firstName).toBe('Ada');
    expect(learnerOf({}, withFields({ preferredName: 'Adi' }))?.firstName).toBe('Ada');
  });

  it.each([
    ['Deutsch', 'de', 'Berlin'],
    ['en-GB', 'en', 'Dublin'],
  ])('reads language and time zone of a field by their tables: %s', (value, language, timeZone) => {
    const realm: Partial<RealmRules> = {
      language: { field: 'customLanguage', choices: { Deutsch: 'de' }, otherwise: 'en' },
      timeZone: { field: 'customLanguage', choices: { Deutsch: 'Berlin' }, otherwise: 'Dublin' },
    };
    expect(learnerOf({}, withFields({ customLanguage: value }), [], realm)).toMatchObject({ language, timeZone });
  });

  it('takes a time zone by its name, whatever its case', () => {
    const realm = { timeZone: { field: 'customZone' } };
    expect(learnerOf({}, withFields({ customZone: 'dublin' }), [], realm)?.timeZone).toBe('Dublin');
    expect(learnerOf({}, withFields({ customZone: 'Atlantis' }), [], realm)?.timeZone).toBeNull();
    expect(learnerOf({}, ada, [], { timeZone: 'London' })?.timeZone).toBe('London');
  });
});
