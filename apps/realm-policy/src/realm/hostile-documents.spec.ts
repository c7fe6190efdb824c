import { readFileSync } from 'node:fs';
import { decideAccess } from '@portico/access-policy';
import fc from 'fast-check';
import { parse } from 'yaml';
import { ada } from '../../test/examples.js';
import { toFacts, toStoredFacts } from '../facts.js';
import { checkDocument } from './check-document.js';
import { diffDocuments } from './diff-documents.js';
import { policyOf } from './policy-of.js';
import { toRealmChanged } from './to-realm-changed.js';

const file = new URL('../../../../examples/everything.realm.yaml', import.meta.url);
const everything: unknown = parse(readFileSync(file, 'utf8'));
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const pathsIn = (value: unknown, path: readonly string[] = []): (readonly string[])[] =>
  isObject(value)
    ? Object.entries(value).flatMap(([key, one]) => [[...path, key], ...pathsIn(one, [...path, key])])
    : [];
const paths = pathsIn(everything);

const words = [
  'x',
  'true',
  'rules.sales',
  'department',
  'type',
  'constructor',
  '__proto__',
  '{x}',
  '9999-12-31',
  '\u0000',
];
const value = fc.oneof(
  fc.constantFrom<unknown>(null, '', 0, -1, 1.5, true, [], {}, [null], [[]], [{}], { a: {} }),
  fc.constantFrom<unknown>(...words, ...words.map((word) => [word]), ...words.map((word) => ({ field: word }))),
  fc.constantFrom<unknown>('hire-date', 'date-added', 'username', 'invite', 'off', 'never', 'keep', 'expire', 'admin'),
  fc.constantFrom<unknown>([{ employee: 109, reason: 'x', until: '9999-12-31' }], [{ employee: '109', reason: 'x' }]),
  fc.constantFrom<unknown>(
    { action: 'expire', expireDays: 3_650, retainDays: 36_500 },
    { from: 'hire-date', days: 365 },
  ),
);
type Edit = readonly [readonly string[], unknown];
const at = (path: readonly string[], document = everything): unknown =>
  path.reduce<unknown>((one, key) => (isObject(one) ? one[key] : undefined), document);
// What stands under the same key elsewhere is often sound here as well: without such edits hardly a document is.
const moved = paths.flatMap((path) =>
  paths.filter((other) => other !== path && other.at(-1) === path.at(-1)).map((other): Edit => [path, at(other)]),
);
const edits = fc.array(fc.oneof(fc.tuple(fc.constantFrom(...paths), value), fc.constantFrom(...moved)), {
  minLength: 1,
  maxLength: 3,
});

const edited = (changes: readonly Edit[]): unknown => {
  const document = structuredClone(everything);
  for (const [path, to] of changes) {
    const owner = at(path.slice(0, -1), document);
    if (isObject(owner)) owner[path.at(-1) ?? ''] = structuredClone(to);
  }
  return document;
};

it('whatever is written is refused with its places, or can be stored, told, decided by, and applied again for nothing', () => {
  let sound = 0;
  fc.assert(
    fc.property(edits, (changes) => {
      const result = checkDocument(edited(changes), ['shared']);
      if (!result.ok) {
        expect(result.faults.length).toBeGreaterThan(0);
        for (const { message } of result.faults) expect(message).not.toMatch(/^$|undefined|\[object|: {2}|: ,/);
        return;
      }
      sound += 1;
      const { document } = result;
      const again = checkDocument(document, ['shared']);
      expect(again.ok && diffDocuments(document, again.document)).toEqual([]);
      toRealmChanged(document, { version: 1, revision: 1, changedAt: '2026-03-02T12:00:00Z' });
      const policy = policyOf(document);
      const facts = toFacts('109', toStoredFacts(ada()), document.timeZone, policy);
      decideAccess(facts, policy, [], { today: '2026-03-02', now: '2026-03-02T12:00:00Z' });
    }),
    {
      numRuns: 2_000,
      examples: [
        // Two portals of one address, and one of them without a name to be told by.
        ...[{}, ''].map((name): [Edit[]] => [
          [
            [['learnupon', 'portals', '1', 'portal'], name],
            [['learnupon', 'portals', '1', 'baseUrl'], at(['learnupon', 'portals', '0', 'baseUrl'])],
          ],
        ]),
        [
          [
            [['learnupon', 'portals', '0', 'include', '0', 'employee'], {}],
            [['learnupon', 'portals', '0', 'exclude', '0', 'employee'], {}],
          ],
        ],
      ],
    },
  );
  expect(sound).toBeGreaterThan(120);
});

const reserved = ['constructor', '__proto__', 'toString', 'valueOf', 'hasOwnProperty'];
const places = [[], ...paths.filter((path) => isObject(at(path)))];

it.each(reserved)('a key called %s is a fault wherever it is, and hides no other', (name) => {
  for (const path of places) {
    const document = structuredClone(everything) as Record<string, unknown>;
    document['pool'] = 'nowhere';
    const owner = at(path, document);
    if (Array.isArray(owner)) continue;
    Object.defineProperty(owner, name, { value: 'x', enumerable: true });
    const result = checkDocument(document, ['shared']);
    expect(result.ok ? [] : result.faults).toEqual([
      { path: [...path, name].join('.'), message: 'unknown key: none may be called so' },
      expect.objectContaining({ path: 'pool' }),
    ]);
  }
});

it.each(['audience', 'onboarding'])('defaults with nothing behind %s say nothing', (key) => {
  const document = edited([[['learnupon', 'defaults', key], null]]);
  const result = checkDocument(document, ['shared']);
  const portals = (everything as { learnupon: { portals: Record<string, unknown>[] } }).learnupon.portals;
  const without = portals.filter((portal) => portal[key] === undefined);
  expect(result.ok ? [] : result.faults.map(({ path }) => path)).toEqual(
    without.map(({ portal }) => `learnupon.portals.${String(portal)}.${key}`),
  );
});
