import type { HandPick, RealmRules } from '@portico/access-policy';
import type { ValidationError } from 'class-validator';
import type { PolicyExample } from '../examples/example.js';
import { isPlain } from './shapes.js';
import type { PolicyDocument, RealmDocument } from './realm-document.js';

type Loose = Readonly<Record<string, unknown>>;

/** Plain data, as it was written; what has one name only is filled in, and empty keys are left out. */
export const completeDocument = (document: RealmDocument): RealmDocument => {
  const { tenant, bamboohr, learnupon, examples } = document;
  const { defaults } = learnupon;
  const filled = {
    ...document,
    ...(examples && { examples: examples.map(withTextEmployee) }),
    bamboohr: withoutEmpty({ ...bamboohr, secretRef: bamboohr.secretRef ?? `${tenant}-bamboohr` }),
    learnupon: withoutEmpty({
      ...learnupon,
      ...(defaults && { defaults: completePolicy(defaults) }),
      portals: learnupon.portals.map((portal) => ({
        ...completePolicy(portal),
        secretRef: portal.secretRef ?? `${tenant}-${portal.portal}`,
      })),
    }),
  };
  return JSON.parse(JSON.stringify(filled)) as RealmDocument;
};

const completePolicy = (policy: PolicyDocument): Loose => {
  const { include, exclude } = policy;
  return withoutEmpty({
    ...policy,
    ...(include && { include: include.map(withTextId) }),
    ...(exclude && { exclude: exclude.map(withTextId) }),
  });
};

const withTextEmployee = (example: PolicyExample): PolicyExample =>
  example.employee === undefined ? example : { ...example, employee: String(example.employee) };

/** YAML reads an id of digits as a number. */
const withTextId = (pick: HandPick): HandPick => ({ ...pick, employee: String(pick.employee) });

/** `language:` with nothing behind it says nothing. */
const withoutEmpty = (value: object): Loose =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null && one !== undefined));

/**
 * The rules of a document of which some parts are faulty, without these: the faults of the rest are found at the same
 * time.
 */
export const withoutFaulty = (document: RealmDocument, errors: readonly ValidationError[]): RealmRules => {
  const pruned = prune(document as unknown as Loose, errors) as unknown as Partial<RealmDocument>;
  const learnupon: Partial<RealmDocument['learnupon']> = isPlain(pruned.learnupon) ? pruned.learnupon : {};
  const portals = Array.isArray(learnupon.portals) ? learnupon.portals : [];
  return {
    ...learnupon,
    tenant: String(pruned.tenant),
    portals: portals.flatMap((portal, index) =>
      isPlain(portal) ? [{ ...portal, portal: nameOf(document, index) }] : [],
    ),
  } as RealmRules;
};

/** Also a name that is faulty itself: faults go by it. */
const nameOf = (document: RealmDocument, index: number): string => {
  const portal: unknown = document.learnupon.portals[index]?.portal;
  return typeof portal === 'string' ? portal : String(index);
};

const prune = (value: Loose, errors: readonly ValidationError[]): Loose => {
  const byKey = new Map(errors.map((error) => [error.property, error]));
  const kept = Object.entries(value).flatMap(([key, one]): [string, unknown][] => {
    const error = byKey.get(key);
    if (error === undefined) return one === null ? [] : [[key, one]];
    // A list that is faulty as a whole may still hold portals with rules.
    if (error.constraints !== undefined && key !== 'portals') return [];
    return [[key, pruneInside(one, error.children ?? [])]];
  });
  return Object.fromEntries(kept);
};

const pruneInside = (value: unknown, errors: readonly ValidationError[]): unknown => {
  if (!Array.isArray(value)) return isPlain(value) ? prune(value, errors) : value;
  return value.map((item: unknown, index) => {
    const error = errors.find(({ property }) => property === String(index));
    return isPlain(item) ? prune(item, error?.children ?? []) : item;
  });
};
