import fc from 'fast-check';
import { formatFaults, readRealmFile, type PlacedFault } from './realm-file.js';

const TEXT = `# a realm
tenant: acme
bamboohr:
  company: acme
learnupon:
  portals:
    - portal: academy
      title: Academy
    - title: Europe
      portal: emea
      audience: departmnt == "Sales"
      customData: { Job Title: jobTitle, a.b: x }
`;

const sound = (text: string) => {
  const realm = readRealmFile(text);
  if (!realm.ok) throw new Error(formatFaults('realm', realm.faults));
  return realm;
};
const faultsOf = (text: string): readonly PlacedFault[] => {
  const realm = readRealmFile(text);
  return realm.ok ? [] : realm.faults;
};

describe('a realm file', () => {
  it.each([
    ['tenant', 2, 1],
    ['bamboohr.company', 4, 3],
    ['bamboohr.secretRef', 3, 1],
    ['learnupon.portals.emea.audience', 11, 7],
    ['learnupon.portals.1.audience', 11, 7],
    ['learnupon.portals.academy.audience', 7, 7],
    ['learnupon.portals.academy', 7, 7],
    ['learnupon.portals.nowhere', 6, 3],
    ['learnupon.portals.emea.customData.Job Title', 12, 21],
    ['learnupon.portals.emea.customData.a.b', 12, 42],
    ['timeZone', 1, 1],
    ['', 1, 1],
  ])('says where %j is: %i:%i', (path, line, column) => {
    expect(sound(TEXT).place({ path, message: 'x' }).position).toEqual({ line, column });
  });

  it('places every key of any document in a line that has it', () => {
    const key = fc.stringMatching(/^[a-z]{1,6}$/);
    const tree = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 3, depthSize: 'small' },
        fc.stringMatching(/^[a-z]{1,5}$/),
        fc.dictionary(key, tie('node'), { minKeys: 1, maxKeys: 4 }),
      ),
    }));
    const pathsOf = (value: unknown, path: readonly string[] = []): string[][] =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).flatMap(([name, inner]) => [[...path, name], ...pathsOf(inner, [...path, name])])
        : [];
    fc.assert(
      fc.property(fc.dictionary(key, tree.node, { minKeys: 1 }), (document) => {
        const text = `tenant: acme\n${JSON.stringify({ x: document }, null, 1).slice(2, -2)}`.replace(/^ /gm, '');
        const lines = text.split('\n');
        const realm = sound(text);
        for (const path of pathsOf(document)) {
          const { line } = realm.place({ path: ['x', ...path].join('.'), message: '' }).position;
          expect(lines[line - 1]).toContain(`"${path.at(-1)}"`);
        }
      }),
    );
  });

  it('has its faults of syntax listed by line', () => {
    const faults = faultsOf('tenant: acme\nbamboohr:\n  company: acme\n company: b\ntenant: twice\n');
    expect(faults.length).toBeGreaterThanOrEqual(2);
    expect(faults.map(({ position }) => position.line)).toEqual(expect.arrayContaining([4, 5]));
    expect(faults.every(({ message }) => !message.includes('\n'))).toBe(true);
  });

  it('shows the first faults of syntax, not all that follow from one', () => {
    const faults = faultsOf(`tenant: acme\nlearnupon: [\n${'  portal: a\n  title: A\n'.repeat(20)}`);
    expect(faults).toHaveLength(3);
  });

  it.each([
    ['', /begin with "tenant/],
    ['- a\n', /begin with "tenant/],
    [`tenant: acme\na: &a [x, x]\nb: &b [${'*a, '.repeat(99)}]\nc: [${'*b, '.repeat(99)}]\n`, /too many aliases/],
    ['tenant: acme\nlearnupon:\n  rules: { __proto__: "true" }\n', /no key may be called __proto__/],
    ['tenant: acme\n---\ntenant: acme\n', /a file is one realm/],
  ])('%j is none', (text, message) => {
    expect(faultsOf(text)).toEqual([expect.objectContaining({ message: expect.stringMatching(message) })]);
  });

  it.each(['tenants: acme\n', 'tenant: Acme Ltd\n', 'tenant: 3\n'])('%j has no tenant', (text) => {
    expect(sound(text).tenant).toBeUndefined();
  });

  it('lists faults in the order of the file', () => {
    const fault = (line: number, path: string) => ({ position: { line, column: 3 }, path, message: 'is wrong' });
    expect(formatFaults('r.yaml', [fault(9, 'b'), fault(2, '')])).toBe('r.yaml:2:3: is wrong\nr.yaml:9:3: b: is wrong');
  });
});
