import { portal, withPortals } from '../../test/examples.js';
import { checkDocument } from './check-document.js';

const fields = ['department', 'location', 'workEmail', 'employeeNumber', 'employmentHistoryStatus'];
const known = fields.map((name) => ({ name }));

/** The paths of all faults of a realm of two portals, the first with these keys. */
const pathsOf = (keys: object, realm: object = {}, defaults: object = {}): string[] => {
  const academy = { ...portal('academy', 'true'), topLevel: true, ...keys };
  const document = withPortals(academy, portal('emea', 'location == "Cork"'));
  const learnupon = {
    ...(document['learnupon'] as object),
    ...realm,
    ...(Object.keys(defaults).length > 0 ? { defaults } : {}),
  };
  const result = checkDocument({ ...document, learnupon }, ['shared'], known);
  return result.ok ? [] : result.faults.map(({ path }) => path.replace('learnupon.', '')).sort();
};

describe('a fault hides none of what is beside it', () => {
  it('in custom data', () => {
    const customData = {
      Twice: { field: 'nope', value: '1' },
      Rule: { value: 'matches(department, "x")' },
      Type: { field: 'locaton', type: 'datum' },
      Gone: 'depatment',
    };
    expect(pathsOf({ customData })).toEqual(
      ['Gone', 'Rule.value', 'Twice', 'Twice', 'Type', 'Type.type'].map((each) => `portals.academy.customData.${each}`),
    );
  });

  it('in groups and types', () => {
    expect(pathsOf({ groups: [{ when: 'depatment == "x"' }, { title: '', when: 'x y' }] })).toEqual(
      ['0', '0.when', '1.title', '1.when'].map((each) => `portals.academy.groups.${each}`),
    );
    expect(pathsOf({ userType: [{ type: 'boss', when: 'depatment == "x"' }] })).toEqual(
      ['0.type', '0.when'].map((each) => `portals.academy.userType.${each}`),
    );
  });

  it('in ownership', () => {
    const ownership = { email: 'never', frstName: 'always' };
    expect(pathsOf({ ownership })).toEqual(['portals.academy.ownership', 'portals.academy.ownership.frstName']);
  });

  it('in language and time zone', () => {
    const language = { field: 'langage', choices: { a: 'xx' } };
    expect(pathsOf({}, { language })).toEqual(['language.choices.a', 'language.field']);
    expect(pathsOf({}, { timeZone: { choices: { a: 'Nowhere' } } })).toEqual(['timeZone.choices.a', 'timeZone.field']);
  });

  it('in named rules, and those that use them have none of it', () => {
    const rules = { one: 'rules.two', two: 'rules.one', 'bad name': 'true', number: 3, slip: 'depatment == ""' };
    const audience = 'rules.number && rules.slip';
    expect(pathsOf({ audience }, { rules })).toEqual(['rules.bad name', 'rules.number', 'rules.one', 'rules.slip']);
  });

  it('in the defaults', () => {
    expect(pathsOf({}, {}, { email: ['workMail'], customData: { A: 3, B: 'depatment' } })).toEqual([
      'defaults.customData.A',
      'defaults.customData.B',
      'defaults.email',
    ]);
  });
});

it('portals of one name have their faults at their own places', () => {
  const twice = [
    { ...portal('academy', 'true'), topLevel: true },
    { ...portal('academy', 'x y'), ramp: 101, baseUrl: 'https://other.learnupon.com' },
  ];
  expect(pathsOf({}, { portals: twice })).toEqual(['portals', 'portals.1.audience', 'portals.1.ramp']);
});

it('one portal of LearnUpon has one name', () => {
  const emea = { ...portal('emea', 'true'), baseUrl: 'https://ACADEMY.learnupon.com/' };
  expect(pathsOf({}, { portals: [{ ...portal('academy', 'true'), topLevel: true }, emea] })).toEqual(['portals']);
});

it.each(['https://user:word@acme.learnupon.com', 'https://acme.learnupon.com/?key=1', 'https://acme.learnupon.com/#a'])(
  'an address holds no secret: %s',
  (baseUrl) => {
    expect(pathsOf({ baseUrl })).toEqual(['portals.academy.baseUrl']);
  },
);

it.each(['nul \u0000', 'half \ud83d'])('a text that no database can hold is a fault: %j', (text) => {
  expect(pathsOf({ title: text, groups: [text] })).toEqual(['portals.0.groups.0', 'portals.0.title']);
});

it('a field by its number says what to write', () => {
  const result = checkDocument(withPortals({ ...portal('academy', 'true'), topLevel: true, email: [4340.1] }), [
    'shared',
  ]);
  expect(result.ok ? [] : result.faults).toEqual([
    { path: 'learnupon.portals.academy.email.0', message: 'must be a text: put the number of a field in quotes' },
  ]);
});

it.each([
  ['acme {employeeNumber}', 'has " " outside of braces'],
  ['{replace(employeeNumber, "}", " ")}!', 'has "!" outside of braces'],
  [`${'x'.repeat(31)}{employeeNumber}`, 'more than 30 characters'],
])('a username that LearnUpon can never take is a fault: %s', (username, message) => {
  const document = withPortals({ ...portal('academy', 'true'), topLevel: true, identifier: 'username', username });
  const result = checkDocument(document, ['shared']);
  expect(result.ok ? [] : result.faults).toEqual([
    { path: 'learnupon.portals.academy.username', message: expect.stringContaining(message) },
  ]);
});

it('a list in place of a map is a fault', () => {
  const document = withPortals({ ...portal('academy', 'true'), topLevel: true });
  const result = checkDocument({ ...document, bamboohr: [document['bamboohr']] }, ['shared']);
  expect(result.ok ? [] : result.faults.map(({ path }) => path)).toEqual(['bamboohr']);
  expect(pathsOf({}, { defaults: [[]] })).toContain('defaults');
  const academy = { ...portal('academy', 'true'), topLevel: true };
  expect(pathsOf({}, { portals: [academy, [], [academy]] })).toEqual(
    expect.arrayContaining(['portals.1', 'portals.2']),
  );
});

it.each([{ email: ['constructor'] }, { customData: { A: 'toString' } }])(
  'what every object has is no field: %j',
  (keys) => {
    const result = checkDocument(withPortals({ ...portal('academy', 'true'), topLevel: true, ...keys }), ['shared']);
    expect(result.ok ? [] : result.faults.map(({ message }) => message)).toEqual([
      'must name a BambooHR field, such as workEmail',
    ]);
  },
);

it('one person by a number and by a text is one: not both included and excluded', () => {
  const by = (employee: unknown) => [{ employee, reason: 'asked' }];
  expect(pathsOf({ include: by(4), exclude: by('4') })).toEqual(['portals.academy.exclude']);
});

it.each([[[null]], [[3]], [[{}]], ['__proto__'], ['constructor'], ['x'], [{ a: null }], [null], [{ a: [] }]])(
  'nothing that is written breaks the check: %j',
  (value) => {
    const keys = [
      'customData',
      'groups',
      'userType',
      'include',
      'exclude',
      'ownership',
      'email',
      'eligible',
      'leaving',
      'start',
      'username',
    ];
    for (const key of keys) expect(() => pathsOf({ [key]: value }, {}, { [key]: value })).not.toThrow();
    for (const key of ['rules', 'language', 'timeZone', 'names', 'defaults'])
      expect(() => pathsOf({}, { [key]: value })).not.toThrow();
  },
);
