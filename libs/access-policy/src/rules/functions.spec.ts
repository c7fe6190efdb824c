import { compileRule, compileText } from './compile-expression.js';
import { compileTemplate } from './compile-template.js';
import { RULE_FUNCTIONS } from './functions.js';
import { KnownValues, type KnownValue } from './known-values.js';

const values = (fields: Record<string, KnownValue>) => new KnownValues(Object.entries(fields));
const give = (source: string, fields: Record<string, KnownValue> = {}) => {
  const result = compileText(source);
  if (!result.ok) throw new Error(result.faults.map(({ message }) => message).join('; '));
  return result.rule.ask(values(fields));
};

describe('the functions of a rule', () => {
  it.each<[string, string | undefined]>([
    ['lower("ÉCOLE")', 'école'],
    ['"Sales".upper()', 'SALES'],
    ['plain("Žofie Ångström-Nuñez 美咲")', 'Zofie Angstrom-Nunez 美咲'],
    ['pad("17", 6)', '000017'],
    ['"17".pad(6, "x")', 'xxxx17'],
    ['first("Zoë", 2) + last("Zoë", 1) + last("Zoë", 9)', 'ZoëZoë'],
    ['first("👩🏽 Ada", 1)', '👩'],
    ['replace("a-b-c", "-", "")', 'abc'],
    ['replace("a", "", "b")', undefined],
    ['string(size("four"))', '4'],
    ['int("17") + 1', '18'],
    ['int("no")', undefined],
    ['date("2026-02-28")', '2026-02-28'],
    ['date("2026-02-29")', undefined],
    ['days("2024-02-28", "2024-03-01")', '2'],
    ['addDays("2024-02-28", 1)', '2024-02-29'],
    ['addMonths("2026-01-31", 1)', '2026-02-28'],
    ['addYears("2024-02-29", -1)', '2023-02-28'],
    ['year("2026-03-02") * 10000 + month("2026-03-02") * 100 + day("2026-03-02")', '20260302'],
    ['" a ".trim() + "B".lowerAscii()', 'ab'],
  ])('%s is %j', (source, expected) => {
    expect(give(source)).toBe(expected);
  });

  it.each<[string, string, boolean]>([
    ['Head of Sales', 'head*', true],
    ['Head of Sales', '*sales', true],
    ['Head of Sales', '*of*', true],
    ['Head of Sales', 'h*f*s', true],
    ['Head of Sales', 'head', false],
    ['Head of Sales', 'head of sales', true],
    ['ab', 'ab*ab', false],
    ['abab', 'ab*ab', true],
    ['aXbXc', 'a*b*c*d', false],
    ['', '*', true],
    ['a.c', 'a.c', true],
    ['abc', 'a.c', false],
  ])('%s is like %s: %s', (text, pattern, expected) => {
    expect(give(`like(text, pattern)`, { text, pattern })).toBe(String(expected));
  });

  it.each([
    ['Blue, Red', 'red', 'true'],
    ['Blue, Red', 'Re', 'false'],
    ['', '', 'true'],
  ])('%j lists %j: %s', (teams, team, expected) => {
    expect(give('teams.lists(team)', { teams, team })).toBe(expected);
  });

  it('are named in one list, and nothing else of CEL is let through', () => {
    for (const name of ['matches', 'split', 'map', 'filter', 'type', 'duration', 'timestamp', 'bytes', 'dyn', 'has']) {
      expect(RULE_FUNCTIONS).not.toContain(name);
      expect(compileRule(`${name}(department)`).ok).toBe(false);
    }
  });

  it('reach a field by its number', () => {
    const result = compileRule('field("4340.4") == "44" && field("department") != ""');
    expect(result.ok && result.rule.fields).toEqual(['4340.4', 'department']);
    expect(result.ok && result.rule.holds(values({ field_4340_4: '44', department: 'x' }))).toBe(true);
    expect(compileRule('field(department) == ""').ok).toBe(false);
  });
});

describe('a template', () => {
  const faultsOf = (source: string) => {
    const result = compileTemplate(source, {});
    return result.ok ? [] : result.faults.map(({ message }) => message);
  };

  it.each([
    ['acme-{', ['a { without its } (at character 6)']],
    ['acme-}', ['a } without its { (at character 6)']],
    ['acme-{padd(x, 3)}', ['no function "padd" (at character 7); did you mean "pad"?']],
    ['acme-{a}-{b +}', ['Unexpected token: EOF (at character 14)']],
  ])('%s: %j', (source, expected) => {
    expect(faultsOf(source)).toEqual(expected);
  });

  it('fills its braces, and is empty where one of them is', () => {
    const result = compileTemplate('acme-{pad(a, 3)}{b}', {});
    const fill = (fields: Record<string, string>) => (result.ok ? result.rule.fill(values(fields)) : 'faulty');
    expect([fill({ a: '1', b: 'x' }), fill({ a: '1', b: ' ' }), fill({ a: '1' })]).toEqual([
      'acme-001x',
      null,
      undefined,
    ]);
  });
});
