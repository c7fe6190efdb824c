import { compileRule, comparisonsOf, decidingPart, KnownValues, type Rule } from '../index.js';

const rule = (source: string): Rule => {
  const result = compileRule(source);
  if (!result.ok) throw new Error(result.faults.map(({ message }) => message).join('; '));
  return result.rule;
};
const part = (source: string, values: Record<string, string>) => {
  const { expression, character, holds } = decidingPart(rule(source), new KnownValues(Object.entries(values)));
  return [expression, character, holds];
};

describe('decidingPart', () => {
  const sales = 'department == "Sales" && (location == "Cork" || location == "Oslo")';

  it.each<[string, string, Record<string, string>, unknown[]]>([
    [
      'the operand that is false',
      sales,
      { department: 'Legal', location: 'Cork' },
      ['department == "Sales"', 1, false],
    ],
    [
      'all of an || that is false',
      sales,
      { department: 'Sales', location: 'Rome' },
      ['location == "Cork" || location == "Oslo"', 27, false],
    ],
    ['the whole of an && that is true', sales, { department: 'Sales', location: 'Cork' }, [sales, 1, true]],
    [
      'the operand of || that is true',
      'a == "1" || b == "2" || c == "3"',
      { a: '0', b: '2', c: '3' },
      ['b == "2"', 13, true],
    ],
    ['the operand that is unknown', 'a == "1" && b == "2"', { a: '1' }, ['b == "2"', 13, undefined]],
    ['a false operand before an unknown one', 'a == "1" && b == "2"', { b: '3' }, ['b == "2"', 13, false]],
    ['what stands in a not', '!(a == "1" || b == "2")', { a: '0', b: '2' }, ['b == "2"', 15, true]],
    [
      'a not of one comparison',
      'a == "1" && !(b in ["2", "3"])',
      { a: '1', b: '2' },
      ['!(b in ["2", "3"])', 13, false],
    ],
    ['the branch that is taken', 'a == "1" ? b == "2" : c == "3"', { a: '0', b: '2', c: '4' }, ['c == "3"', 23, false]],
    [
      'a loop as a whole',
      '["x", "y"].exists(v, a.startsWith(v))',
      { a: 'z' },
      ['["x", "y"].exists(v, a.startsWith(v))', 1, false],
    ],
  ])('is %s', (_, source, values, expected) => {
    expect(part(source, values)).toEqual(expected);
  });
});

it('finds what a field is compared with', () => {
  const { texts, numbers } = comparisonsOf([
    rule('department in ["Sales", "Legal"] && !location.startsWith("Co") && size(code) > 3'),
    rule('department == "IT"'),
  ]);
  expect([...(texts.get('department') ?? [])]).toEqual(['Sales', 'Legal', 'IT']);
  expect([...(texts.get('location') ?? [])]).toEqual(['Co']);
  expect([...(numbers.get('code') ?? [])]).toEqual([3]);
});
