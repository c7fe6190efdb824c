import { ada, compiled, portal, time } from '../test/examples.js';
import { everything } from '../test/everything.js';
import { compilePolicy } from './compile-policy.js';
import { decideAccess } from './decide-access.js';
import type { EmployeeFacts } from './employee-facts.js';

const MOST_MS = 1_000;
const refused = (audience: string): string[] => {
  const result = compilePolicy({ portals: [portal({ audience })] });
  return result.ok ? [] : result.faults.map(({ message }) => message);
};
const quickly = <T>(work: () => T, most = MOST_MS): T => {
  const begun = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(begun);
  expect((user + system) / 1_000).toBeLessThan(most);
  return result;
};
const many = (count: number, text: (index: number) => string, between: string) =>
  Array.from({ length: count }, (_, index) => text(index)).join(between);
const sumOf = (count: number) => many(count, () => 'department', ' + ');

describe('hostile rules are refused', () => {
  it.each<[string, string]>([
    ['deep parentheses', `${'('.repeat(9_000)}true${')'.repeat(9_000)}`],
    ['deep negation', `${'!'.repeat(19_000)}true`],
    ['deep minus', `${'-'.repeat(19_000)}1 == 1`],
    ['deep ternaries', `${'true ? '.repeat(300)}true${' : false'.repeat(300)}`],
    ['deep lists', `${'['.repeat(5_000)}${']'.repeat(5_000)} == []`],
    ['a long chain', many(5_000, () => 'true', ' && ')],
    ['a huge list', `department in [${many(1_500, (index) => `"${index}"`, ',')}]`],
    ['a huge text', `department == "${'x'.repeat(30_000)}"`],
    ['a catastrophic pattern', 'department.matches("(a+)+$")'],
    ['unknown functions', 'duration("1s") == duration("2s") || type(department) == string || now() == ""'],
    ['bytes and maps of them', 'b"abc".json().x == 1'],
    ['macros in macros', '["a"].exists(x, ["b"].exists(y, ["c"].exists(z, x == y)))'],
    ['a bind', 'cel.bind(a, department + department, cel.bind(b, a + a, b == ""))'],
    ['a list that is built', '["a"].map(x, x + x).size() > 1'],
    ['a filter', '["a"].filter(x, x == "a").size() > 1'],
    [
      'many items times many steps',
      `[${many(600, (i) => `"${i}"`, ',')}].exists(x, ${many(300, () => 'x == "a"', ' || ')})`,
    ],
    ['texts joined in a loop', `[${many(100, (i) => `"${i}"`, ',')}].exists(x, (x + ${sumOf(90)}).contains("ab"))`],
    ['joined texts without accents', `["a", "b", "c"].exists(x, size(plain(${sumOf(180)})) < 0)`],
    ['a loop without accents', `[${many(1_000, (i) => `"${i}"`, ',')}].exists(x, plain(department) == x)`],
    ['a member of the prototype', 'department.constructor == "x"'],
    ['a variable of ours', 'rules_secret || field_1 == ""'],
  ])('%s', (_name, source) => {
    const messages = quickly(() => refused(source));
    expect(messages.length).toBeGreaterThan(0);
    expect(messages.length).toBeLessThanOrEqual(10);
    for (const message of messages) expect(message.length).toBeLessThan(400);
  });

  it('many that are each bounded, and take too long together', () => {
    const list = many(600, (index) => `"${index}"`, ',');
    const costly = (index: number) => `[${list}].exists(x, x == department || x == "r${index}" || x == jobTitle)`;
    const rules = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`r${index}`, costly(index)]));
    const fault = { path: 'portals', message: expect.stringMatching(/^the rules of all portals take \d+ steps/) };
    const named = quickly(() => compilePolicy({ rules, portals: [portal()] }), 5_000);
    expect(named.ok ? [] : named.faults).toEqual([fault]);
    const portals = Array.from({ length: 200 }, (_, index) => portal({ portal: `p${index}` }));
    const everywhere = compilePolicy({ defaults: { groups: [{ title: 'a', when: costly(0) }] }, portals });
    expect(everywhere.ok ? [] : everywhere.faults).toEqual([fault]);
    const shared = { rules: { one: costly(0) }, defaults: { groups: [{ title: 'a', when: 'rules.one' }] }, portals };
    expect(compilePolicy(shared).ok).toBe(true);
    expect(compilePolicy(everything(200)).ok).toBe(true);
  });

  it('a circle of named rules, with its chain', () => {
    const result = compilePolicy({
      rules: { a: 'rules.b', b: 'rules.c && department == ""', c: 'rules.a', own: '!rules.own', fine: 'true' },
      portals: [portal()],
    });
    expect(result.ok ? [] : result.faults).toEqual([
      { path: 'rules.a', message: 'goes round in a circle: rules.a → rules.b → rules.c → rules.a' },
      { path: 'rules.own', message: 'goes round in a circle: rules.own → rules.own' },
    ]);
  });
});

describe('hostile rules are bounded', () => {
  const withText = (text: string): EmployeeFacts => ({
    ...ada,
    fields: { ...ada.fields, department: text, jobTitle: text },
  });
  const long = 'ab'.repeat(5_000);
  it.each<[string, string, EmployeeFacts]>([
    ['a pattern of stars', `like(department, "${'a*'.repeat(400)}c")`, withText(long)],
    ['stars that nearly fit', `like(department, "*${'b*a'.repeat(300)}*")`, withText(long)],
    ['a text that grows', `department${'.replace("a", "aaaaaaaaaa")'.repeat(30)} == ""`, withText(long)],
    ['a text that is padded', `department${'.pad(1000000, "x")'.repeat(30)} == ""`, withText('a')],
    ['a sum of texts', `(${many(400, () => 'department + jobTitle', ' + ')}).contains("c")`, withText(long)],
    [
      'a loop over all the words of a list',
      `[${many(300, (i) => `"c${i}"`, ',')}].exists(x, lists(department, x))`,
      withText('ab,'.repeat(3_333)),
    ],
    [
      'a loop over small letters',
      `[${many(1_000, (i) => `"c${i}"`, ',')}].exists(x, department.lower().contains(x))`,
      withText(long),
    ],
    ['a field of a megabyte', 'department.contains("c") || department.lower() == "c"', withText('x'.repeat(1_000_000))],
    [
      'a loop over all it may',
      `[${many(150, (i) => `"c${i}"`, ',')}].exists(x, department.contains(x) || jobTitle.contains(x))`,
      withText(long),
    ],
    ['numbers without end', 'int(department) * 99999999999 * 99999999999 > 0', withText('99999999999')],
    [
      'days out of time',
      'addDays(department, 999999999999999) > "" || addMonths(department, -999999999) > ""',
      withText('2026-03-02'),
    ],
    ['a division by nothing', '1 / size(department) > 0', withText('')],
  ])('%s', (_name, audience, facts) => {
    const policy = compiled({ portals: [portal({ audience })] });
    const [decision] = quickly(() => decideAccess(facts, policy, [], time)).portals;
    expect(['granted', 'withheld', 'undecided']).toContain(decision?.access);
  });

  it('a text of more than 10,000 characters is unknown to a rule, and takes nothing away', () => {
    const policy = compiled({ portals: [portal({ audience: 'department == "Sales"' })] });
    const before = decideAccess(ada, policy, [], time).portals;
    const [decision] = decideAccess(withText('x'.repeat(10_001)), policy, before, time).portals;
    expect(decision).toMatchObject({ access: 'granted', reason: 'audience-unknown' });
    const [shorter] = decideAccess(withText('x'.repeat(10_000)), policy, before, time).portals;
    expect(shorter).toMatchObject({ access: 'withheld' });
  });

  it('two hundred named rules that ask each other twice are each worked out once', () => {
    const rules = Object.fromEntries(
      Array.from({ length: 200 }, (_, index) => [
        `r${index}`,
        index === 0 ? 'department == "Sales"' : `rules.r${index - 1} && rules.r${index - 1}`,
      ]),
    );
    const policy = compiled({ rules, portals: [portal({ audience: 'rules.r199' })] });
    expect(quickly(() => decideAccess(ada, policy, [], time)).portals[0]?.access).toBe('granted');
  });
});
