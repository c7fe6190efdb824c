import { compileRule } from './compile-expression.js';
import { FieldCatalogue } from './field-catalogue.js';
import { KnownValues } from './known-values.js';

const values = (fields: Record<string, string>) => new KnownValues(Object.entries(fields));
const ask = (source: string, fields: Record<string, string>) => {
  const result = compileRule(source);
  if (!result.ok) throw new Error(result.faults.map(({ message }) => message).join('; '));
  return result.rule.holds(values(fields));
};
const faults = (source: string, known?: readonly string[]) => {
  const result = compileRule(source, { fields: known && new FieldCatalogue(known.map((name) => ({ name }))) });
  return result.ok ? [] : result.faults.map(({ message }) => message);
};

describe('a rule', () => {
  it.each([
    ['department == "Sales"', { department: 'Sales' }, true],
    ['department == "Sales"', { department: 'Legal' }, false],
    ['department == "Sales"', {}, undefined],
    ['department in ["Sales", "Legal"]', { department: 'Legal' }, true],
    ['location.startsWith("C")', { location: 'Cork' }, true],
    ['["Head", "Chief"].exists(word, jobTitle.contains(word))', { jobTitle: 'Head of Sales' }, true],
    ['division == ""', { division: '' }, true],
    ['department.lowerAscii() == "sales"', { department: 'SALES' }, true],
    ['true', {}, true],
  ])('%s over %j is %s', (source, fields, expected) => {
    expect(ask(source, fields as Record<string, string>)).toBe(expected);
  });

  it.each([
    ['department == "Sales" && location == "Cork"', { location: 'Oslo' }, false],
    ['location == "Cork" && department == "Sales"', { location: 'Oslo' }, false],
    ['department == "Sales" || location == "Cork"', { location: 'Cork' }, true],
    ['department == "Sales" || location == "Cork"', { location: 'Oslo' }, undefined],
    ['!(department == "Sales")', {}, undefined],
  ])('absorbs the unknown where the rest decides: %s over %j is %s', (source, fields, expected) => {
    expect(ask(source, fields as Record<string, string>)).toBe(expected);
  });

  it('knows the fields that it names, and not its own variables', () => {
    const result = compileRule('["a"].exists(word, jobTitle == word) && (department == "x" || jobTitle == "")');
    expect(result.ok && result.rule.fields).toEqual(['department', 'jobTitle']);
  });

  it.each(['type', 'list', 'if'])('has a field that is called like a word of CEL by field("%s")', (name) => {
    const result = compileRule(`field("${name}") == "x"`);
    expect(result.ok && result.rule.fields).toEqual([name]);
  });

  it('asks for nothing but its values, whatever a field is called', () => {
    expect(ask('constructor == "x"', {})).toBeUndefined();
  });
});

const asNumber = 'a field is a text: write the number in quotes, or make one of the field by int(…) or double(…)';

describe('a faulty rule', () => {
  it.each([
    ['department ==', ['Unexpected token: EOF (at character 14)']],
    ['department', ['must be true or false, and is a string: compare it, such as department == "Sales"']],
    ['department == null', ['no such overload: string == null (at character 1); an empty field equals ""']],
    ['department == 3', [`no such overload: string == int (at character 1); ${asNumber}`]],
    ['size(department)', ['must be true or false, and is an int']],
    [
      'isSupervisor == true',
      ['no such overload: string == bool (at character 1); a field is a text: write "true" or "false" in quotes'],
    ],
    ['string == "x"', ['"string" is a word of CEL: a field of that name is field("string") (at character 1)']],
    ['null_type == "x"', ['"null_type" can\'t be a field (at character 1)']],
    ['department = "Sales"', ['unexpected = (at character 12); write == to compare']],
    ['a == "1" and b == "2"', ['unexpected and (at character 10); write &&']],
    ['a == "1" OR b == "2"', ['unexpected OR (at character 10); write ||']],
    ['a == "1" & b == "2"', ['unexpected & (at character 10); write && for "and"']],
    ['a == “1”', ['unexpected “ (at character 6); write straight quotes']],
    ['Job Title == "x"', ['unexpected Title (at character 5)']],
    ['department.startWith("S")', ['no function "startWith" (at character 12); did you mean "startsWith"?']],
    ['department.matches("(a+)+$")', ['no function "matches" (at character 12); like("Sales*") takes * for any text']],
    ['["a"].exists(x, ["b"].exists(y, x == y))', ['exists inside of another loop (at character 17)']],
  ])('%s: %j', (source, expected) => {
    expect(faults(source)).toEqual(expected);
  });

  it('names the nearest field when the fields are known', () => {
    expect(faults('departmnt == "Sales" && shoeSize == "44"', ['department', 'location'])).toEqual([
      'no field "departmnt" (at character 1); did you mean "department"?',
      'no field "shoeSize" (at character 25)',
    ]);
  });

  it('is refused when it is made to be heavy', () => {
    expect(faults(`${'('.repeat(500)}true${')'.repeat(500)}`)).toHaveLength(1);
    expect(faults(Array.from({ length: 5_000 }, () => 'true').join(' && '))).toHaveLength(1);
    expect(faults('cel.bind(a, department + department, a == "")').length).toBeGreaterThan(0);
  });
});
