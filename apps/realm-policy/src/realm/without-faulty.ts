import type { HandPick, RealmRules } from '@portico/access-policy';
import type { ValidationError } from 'class-validator';
import { withTextId, withoutEmpty } from './complete-document.js';
import { SHAPE, shapeFaults } from './document-rules.js';
import { portalName } from './portal-name.js';
import type { RealmDocument } from './realm-document.js';
import { isPlain, type Plain } from './shapes.js';

/**
 * The rules of a document of which some parts are faulty, without these: the faults of the rest are found at the same
 * time.
 */
export const withoutFaulty = (document: RealmDocument, errors: readonly ValidationError[]): RealmRules => {
  const pruned = prune(document as unknown as Plain, errors);
  const learnupon = isPlain(pruned['learnupon']) ? pruned['learnupon'] : {};
  const { portals, defaults, rules, language, timeZone, ...rest } = learnupon;
  return {
    ...rest,
    ...(isPlain(defaults) ? { defaults: completeRules(defaults) } : {}),
    ...(isPlain(rules) ? { rules: withEveryName(rules, document.learnupon.rules) } : {}),
    ...(isSource(language) ? { language } : {}),
    ...(isSource(timeZone) ? { timeZone } : {}),
    tenant: String(pruned['tenant']),
    portals: (Array.isArray(portals) ? portals : []).flatMap((portal: unknown, index) =>
      isPlain(portal) ? [{ ...completeRules(portal), portal: portalName(document.learnupon.portals, index) }] : [],
    ),
  } as unknown as RealmRules;
};

/** As `completeDocument` has a policy's keys. */
const completeRules = (policy: Plain): Plain => {
  const filled = withoutEmpty(policy);
  const picks = ['include', 'exclude'].flatMap((key) => {
    const list = filled[key];
    return Array.isArray(list) ? [[key, list.filter(isPick).map(withTextId)] as const] : [];
  });
  return { ...filled, ...Object.fromEntries(picks) };
};
const isPick = (value: unknown): value is HandPick =>
  isPlain(value) && ['string', 'number'].includes(typeof value['employee']);

/** A rule that is faulty by itself is there all the same: whoever uses it has no fault of it. */
const withEveryName = (rules: Plain, written: unknown): Plain => ({
  ...Object.fromEntries(Object.keys(isPlain(written) ? written : {}).map((name) => [name, 'true'])),
  ...rules,
});

const isSource = (value: unknown): boolean => typeof value === 'string' || (isPlain(value) && 'field' in value);

const prune = (value: Plain, errors: readonly ValidationError[]): Plain => {
  const byKey = new Map(errors.map((error) => [error.property, error]));
  const kept = Object.entries(value).flatMap(([key, one]): [string, unknown][] => {
    const error = byKey.get(key);
    const rest = error === undefined ? one : pruneKey(key, one, error);
    return rest === undefined || rest === null ? [] : [[key, rest]];
  });
  return Object.fromEntries(kept);
};

const OF_TEXTS = ['eligible', 'email'];

const pruneKey = (key: string, value: unknown, { constraints, target, children = [] }: ValidationError): unknown => {
  if (constraints?.[SHAPE] !== undefined && target !== undefined) {
    const paths = shapeFaults(target, key, value).map(({ path }) => path);
    const isWrong = paths.some((path) => path.length === 0) || (paths.length > 0 && OF_TEXTS.includes(key));
    return isWrong ? undefined : withoutPaths(value, paths);
  }
  // A list that is faulty as a whole may still hold portals with rules.
  if (constraints !== undefined && key !== 'portals') return undefined;
  if (!Array.isArray(value)) return isPlain(value) ? prune(value, children) : value;
  return value.map((item: unknown, index) => {
    const error = children.find(({ property }) => property === String(index));
    return isPlain(item) ? prune(item, error?.children ?? []) : item;
  });
};

/** What is left where the parts at these paths are wrong; items of lists keep their places. */
const withoutPaths = (value: unknown, paths: readonly (readonly string[])[]): unknown => {
  if (paths.length === 0) return value;
  const inside = (key: string) => paths.flatMap(([first, ...rest]) => (first === key ? [rest] : []));
  if (isPlain(value)) {
    const kept = Object.entries(value).map(([key, one]) => [key, withoutPaths(one, inside(key))] as const);
    return Object.fromEntries(kept.filter(([, one]) => one !== undefined));
  }
  if (!Array.isArray(value) || paths.some((path) => path.length === 0)) return undefined;
  const items = value.map((one: unknown, index) => withoutPaths(one, inside(String(index))));
  return items.includes(undefined) ? undefined : items;
};
