import fc from 'fast-check';
import { checked, portal, withPortals, written } from '../../test/examples.js';
import { diffDocuments } from './diff-documents.js';

const academy = { ...portal('academy', 'true'), topLevel: true };
const [emea, apac] = [portal('emea', 'true'), portal('apac', 'true')];
const diff = (from: Record<string, unknown>, to: Record<string, unknown>) => diffDocuments(checked(from), checked(to));

describe('diffDocuments', () => {
  it('finds nothing where both mean the same', () => {
    expect(diff(written(), { ...written({ pool: 'shared' }) })).toEqual([]);
  });

  it('shows each change with its place', () => {
    expect(
      diff(withPortals(academy, emea), {
        ...withPortals(academy, { ...emea, audience: 'department == "Sales"', customData: { Site: 'location' } }),
        pool: 'big',
      }),
    ).toEqual([
      { kind: 'changed', path: 'pool', from: 'shared', to: 'big' },
      {
        kind: 'changed',
        path: 'learnupon.portals.emea.audience',
        from: 'true',
        to: 'department == "Sales"',
      },
      { kind: 'added', path: 'learnupon.portals.emea.customData.Site', to: 'location' },
    ]);
  });

  it('shows a portal that comes or goes as a whole', () => {
    expect(diff(withPortals(academy, emea), withPortals(academy, apac))).toEqual([
      { kind: 'removed', path: 'learnupon.portals.emea', from: expect.objectContaining({ portal: 'emea' }) },
      { kind: 'added', path: 'learnupon.portals.apac', to: expect.objectContaining({ portal: 'apac' }) },
    ]);
  });

  it('shows the first document portal by portal', () => {
    expect(
      diffDocuments(undefined, checked(withPortals(academy, emea))).map(({ kind, path }) => `${kind} ${path}`),
    ).toEqual(expect.arrayContaining(['added tenant', 'added bamboohr.company', 'added learnupon.portals.emea']));
  });

  it('knows the order for what it is, and only where it changed', () => {
    expect(diff(withPortals(academy, emea, apac), withPortals(academy, apac, emea))).toEqual([
      {
        kind: 'changed',
        path: 'learnupon.portals',
        from: ['academy', 'emea', 'apac'],
        to: ['academy', 'apac', 'emea'],
      },
    ]);
    const names = fc.shuffledSubarray(['a', 'b', 'c', 'd'], { minLength: 1 });
    fc.assert(
      fc.property(names, names, (from, to) => {
        const portals = (all: string[]) => withPortals(academy, ...all.map((name) => portal(name, 'true')));
        const changes = diff(portals(from), portals(to));
        expect(changes.length === 0).toBe(from.join() === to.join());
      }),
    );
  });
});
