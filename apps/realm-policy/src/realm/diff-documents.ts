import { isDeepStrictEqual } from 'node:util';
import type { RealmChange } from '@portico/contracts';
import { effectiveDocument, type EffectiveDocument } from './effective-document.js';
import type { RealmDocument } from './realm-document.js';

type Branch = Readonly<Record<string, unknown>>;

/**
 * What a document changes of the stored one, portal by portal; empty where both mean the same, whatever is written as a
 * default or in short.
 */
export const diffDocuments = (stored: RealmDocument | undefined, next: RealmDocument): RealmChange[] => [
  ...diffBranches(
    stored === undefined ? EMPTY : byPortal(effectiveDocument(stored)),
    byPortal(effectiveDocument(next)),
    '',
  ),
  ...orderChange(stored, next),
];

const EMPTY: Branch = { bamboohr: {}, learnupon: { portals: {} } };

const byPortal = (document: EffectiveDocument): Branch => ({
  ...document,
  learnupon: {
    ...document.learnupon,
    portals: Object.fromEntries(document.learnupon.portals.map((portal) => [portal.portal, portal])),
  },
});

const diffBranches = (from: Branch, to: Branch, path: string): RealmChange[] =>
  [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((key) =>
    diffValues(from[key], to[key], path === '' ? key : `${path}.${key}`),
  );

const diffValues = (from: unknown, to: unknown, path: string): RealmChange[] => {
  if (isBranch(from) && isBranch(to)) return diffBranches(from, to, path);
  if (isDeepStrictEqual(from, to)) return [];
  if (from === undefined) return [{ kind: 'added', path, to }];
  if (to === undefined) return [{ kind: 'removed', path, from }];
  return [{ kind: 'changed', path, from, to }];
};

const isBranch = (value: unknown): value is Branch =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Portals that came or went change no order. */
const orderChange = (stored: RealmDocument | undefined, next: RealmDocument): RealmChange[] => {
  const before = namesOf(stored);
  const after = namesOf(next);
  const from = before.filter((name) => after.includes(name));
  const to = after.filter((name) => before.includes(name));
  return isDeepStrictEqual(from, to) ? [] : [{ kind: 'changed', path: 'learnupon.portals', from, to }];
};

const namesOf = (document: RealmDocument | undefined): string[] =>
  document?.learnupon.portals.map(({ portal }) => portal) ?? [];
