import fc from 'fast-check';
import { ListSplitter } from './list-splitter.js';

/** Pieces of these lengths, again and again. */
const cut = (bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] => {
  const pieces: Uint8Array[] = [];
  for (let start = 0, turn = 0; start < bytes.length; turn += 1) {
    const end = start + (lengths[turn % lengths.length] ?? 1);
    pieces.push(bytes.subarray(start, end));
    start = end;
  }
  return pieces;
};

const split = (text: string, lengths: readonly number[]) => {
  const items: unknown[] = [];
  const heads: string[] = [];
  const splitter = new ListSplitter('employees', (json, head) => {
    const some = JSON.parse(`[${json}]`) as unknown[];
    if (some.length === 0) throw new SyntaxError('no item');
    items.push(...some);
    heads.push(head);
  });
  for (const piece of cut(Buffer.from(text), lengths)) splitter.push(piece);
  const rest = JSON.parse(splitter.end()) as Record<string, unknown>;
  return { items, heads, rest };
};

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('"', '\\', '\\"', ']},', '"employees":[', 'Zoë', '🦊'),
);
// No key is `\`: JSON.parse of Node 26.10 may take the key `"` for it.
const key = fc.oneof(fc.stringMatching(/^[a-z]{1,5}$/), fc.constantFrom('employees', 'x"employees', 'Zoë', '🦊', ''));
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.constantFrom(null, true, -1.5e3),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(key, tie('any'), { maxKeys: 3 }),
  ),
})).any;
const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });
const report = fc.record({ before: value, employees: fc.array(value, { maxLength: 8 }), after: value });
const indent = fc.constantFrom(undefined, 1, '\t');

test('however the bytes are cut, the items and the rest are what the text says', () => {
  fc.assert(
    fc.property(report, indent, lengths, (whole, space, pieces) => {
      const { items, heads, rest } = split(JSON.stringify(whole, null, space), pieces);
      expect(items).toEqual(whole.employees);
      expect(rest).toEqual({ ...whole, employees: [] });
      for (const head of heads) expect(JSON.parse(`${head}]}`)).toEqual({ before: whole.before, employees: [] });
    }),
    { numRuns: 500 },
  );
});

test('a text is refused where it is no JSON, and only there', () => {
  const outcome = (work: () => unknown): 'refused' | 'read' => {
    try {
      work();
      return 'read';
    } catch {
      return 'refused';
    }
  };
  const marks = fc.constantFrom('', ',', ']', '}', '[', '{', '"', '\\', ':', '1', '[]', ' ');
  fc.assert(
    fc.property(report, fc.nat(), fc.nat(3), marks, lengths, (whole, at, gone, mark, pieces) => {
      const sound = JSON.stringify(whole);
      const place = at % (sound.length + 1);
      const broken = sound.slice(0, place) + mark + sound.slice(place + gone);
      expect(outcome(() => split(broken, pieces))).toBe(outcome(() => JSON.parse(broken)));
    }),
    { numRuns: 3_000 },
  );
});

it.each([
  ['[]', 0],
  ['{"employees":{"employees":[1]}}', 0],
  ['{"a":{"employees":[1]},"b":[[{"employees":[1]}]]}', 0],
  ['{"x\\"employees":[1]}', 0],
  ['{"a":"\\"employees\\":[1]"}', 0],
  ['{"employees":[[1,[2]],{"a":[]}] , "a":[3]}', 2],
  ['\ufeff{"employees" : [ 1 ]}', 1],
])('of %s it takes what is in the list', (json, count) => {
  expect(split(json, [3]).items).toHaveLength(count);
});

test('many lists that are not the one cost time in proportion', () => {
  const lists = `[${'[],'.repeat(300_000)}[]]`;
  expect(split(lists, [65_536]).rest).toHaveLength(300_001);
});
