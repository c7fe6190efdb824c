import { compileRule } from './compile-expression.js';
import { FieldCatalogue } from './field-catalogue.js';

const fields = new FieldCatalogue([
  { name: 'department', label: 'Department', type: 'list', options: ['Sales', 'Legal', 'Research'] },
  { name: 'hireDate', label: 'Hire Date', type: 'date' },
  { name: 'isSupervisor', type: 'bool' },
  { name: 'customLevel', type: 'int' },
  { name: 'customNote', type: 'text' },
  { name: '4340.4', label: 'Shirt size', type: 'list', options: ['M', 'L'] },
]);
const check = (source: string) => {
  const result = compileRule(source, { fields });
  return result.ok
    ? { warnings: result.warnings.map(({ message }) => message) }
    : { faults: result.faults.map(({ message }) => message) };
};

describe('a rule over the fields that an account really has', () => {
  it.each<[string, string[]]>([
    ['departmnt == "Sales"', ['no field "departmnt" (at character 1); did you mean "department"?']],
    ['shirtSize == "M"', ['no field "shirtSize" (at character 1)']],
    ['hireDate > "1 March"', ['hireDate is a date: write it as YYYY-MM-DD (at character 12)']],
    ['"yes" == isSupervisor', ['isSupervisor is "true" or "false" (at character 1)']],
    ['customLevel in ["3", "high"]', ['customLevel is a whole number (at character 22)']],
    ['days(department, today) > 3', ['days takes days, and department is a list (at character 6)']],
    ['department.year() == 2026', ['year takes days, and department is a list (at character 1)']],
    [
      'department == "Sales"\n  && hireDat == ""',
      ['no field "hireDat" (at line 2, character 6); did you mean "hireDate"?'],
    ],
  ])('%s is refused: %j', (source, expected) => {
    expect(check(source)).toEqual({ faults: expected });
  });

  it.each<[string, string[]]>([
    ['department == "Sals"', ['department has no value "Sals" (at character 15); did you mean "Sales"?']],
    ['department in ["Sales", "IT"]', ['department has no value "IT" (at character 25)']],
    ['field("4340.4") != "XL"', ['4340.4 has no value "XL" (at character 20); did you mean "L"?']],
    ['department == "" || hireDate > "2026-03-01" && isSupervisor == "true"', []],
    ['days(hireDate, today) > 3 && date(customNote) < today && customNote == "what I like"', []],
  ])('%s passes, with %j', (source, expected) => {
    expect(check(source)).toEqual({ warnings: expected });
  });

  it('knows a field also by what people call it', () => {
    expect(new FieldCatalogue([{ name: '4340.4', label: 'Shirt size' }]).hintFor('shirt size')).toBe(
      '; "Shirt size" is the field 4340.4',
    );
  });
});
