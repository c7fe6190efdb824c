import { compilePolicy, didYouMean, type KnownField } from '@portico/access-policy';
import { isStorable, type QuestionFault } from '@portico/contracts';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator';
import { exampleFaults } from '../examples/examples-shape.js';
import { completeDocument } from './complete-document.js';
import { SHAPE, shapeFaults } from './document-rules.js';
import { portalName } from './portal-name.js';
import { RealmDocument } from './realm-document.js';
import { reservedKeys, withoutReservedKeys } from './reserved-keys.js';
import { secretFaults } from './secret-faults.js';
import { withoutFaulty } from './without-faulty.js';

export type DocumentFault = NonNullable<QuestionFault['faults']>[number];
export type DocumentResult =
  | {
      readonly ok: true;
      /** As it is written, in plain data. */
      readonly document: RealmDocument;
      /** What may become right: a value that no list has, for one. */
      readonly warnings: readonly DocumentFault[];
    }
  | { readonly ok: false; readonly faults: readonly DocumentFault[] };

/**
 * Checks a realm.yaml, given as a JSON value. All faults at once, each with its path, such as
 * `learnupon.portals.emea-sales.audience`.
 * @param pools those that the installation has workers for.
 * @param knownFields those that the BambooHR account has; without them every name is taken for a field.
 */
export const checkDocument = (
  value: unknown,
  pools: readonly string[],
  knownFields?: readonly KnownField[],
): DocumentResult => examine(value, pools, knownFields, secretFaults);

const examine = (
  value: unknown,
  pools: readonly string[],
  knownFields: readonly KnownField[] | undefined,
  secretsOf: (document: RealmDocument) => readonly DocumentFault[],
): DocumentResult => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return {
      ok: false,
      faults: [{ path: '', message: 'is no realm: begin with tenant, timeZone, bamboohr, learnupon' }],
    };
  }
  const document = plainToInstance(RealmDocument, withoutReservedKeys(value));
  const errors = validateSync(document, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true });
  const rules = compilePolicy(withoutFaulty(document, errors), knownFields);
  const faults = [
    ...faultsOf(errors, ''),
    ...reservedKeys(value),
    ...unstorable(value, []),
    ...listFaults(document),
    ...poolFaults(document, pools),
    ...missingFaults(document),
    ...secretsOf(document),
    ...exampleFaults(document),
    ...(rules.ok ? [] : inLearnUpon(rules.faults)),
  ];
  if (faults.length > 0) return { ok: false, faults };
  return { ok: true, document: completeDocument(document), warnings: rules.ok ? inLearnUpon(rules.warnings) : [] };
};

/** A stored document with what later versions added filled in; as it is, where this version would refuse it. */
export const asDocument = (stored: RealmDocument): RealmDocument => {
  const result = examine(stored, [stored.pool], undefined, () => []);
  return result.ok ? result.document : stored;
};

/** The validator takes a list for the map that each of its items is to be. */
const listFaults = ({ bamboohr, learnupon }: RealmDocument): DocumentFault[] => {
  const { defaults, portals } = (learnupon ?? {}) as { readonly defaults?: unknown; readonly portals?: unknown };
  const parts = { bamboohr, learnupon, 'learnupon.defaults': defaults };
  const each = Array.isArray(portals)
    ? portals.map((one: unknown, index): [string, unknown] => [`learnupon.portals.${index}`, one])
    : [];
  return [...Object.entries(parts), ...each]
    .filter(([, part]) => Array.isArray(part))
    .map(([path]) => ({ path, message: 'must be a map of keys, and is a list' }));
};

/** Texts that no database can hold, wherever they are. */
const unstorable = (value: unknown, path: readonly string[]): DocumentFault[] => {
  if (typeof value === 'string')
    return isStorable(value)
      ? []
      : [{ path: path.join('.'), message: 'has a character that is none: U+0000, or half of one' }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => [
    ...unstorable(key, [...path, key]),
    ...unstorable(one, [...path, key]),
  ]);
};

const inLearnUpon = (faults: readonly DocumentFault[]): DocumentFault[] =>
  faults.map((fault) => ({ ...fault, path: join('learnupon', fault.path) }));

const poolFaults = ({ pool }: RealmDocument, pools: readonly string[]): DocumentFault[] =>
  typeof pool !== 'string' || pools.includes(pool)
    ? []
    : [{ path: 'pool', message: `nobody serves the pool "${pool}": take one of ${pools.join(', ')}` }];

/** What every portal must say, or the defaults for it. */
const NEEDED = ['audience', 'onboarding'] as const;

const missingFaults = ({ learnupon }: RealmDocument): DocumentFault[] => {
  const portals: unknown = (learnupon as Partial<RealmDocument['learnupon']> | undefined)?.portals;
  if (!Array.isArray(portals)) return [];
  return portals.flatMap((portal: Partial<RealmDocument['learnupon']['portals'][number]> | null, index) =>
    typeof portal !== 'object' || portal === null
      ? []
      : NEEDED.filter((key) => (portal[key] ?? learnupon.defaults?.[key] ?? undefined) === undefined).map((key) => ({
          path: `learnupon.portals.${portalName(portals, index)}.${key}`,
          message: 'is missing',
        })),
  );
};

const faultsOf = (errors: readonly ValidationError[], path: string): DocumentFault[] =>
  errors.flatMap((error) => {
    const here = join(path, nameOf(error));
    const own = Object.entries(error.constraints ?? {}).flatMap(([rule, message]) =>
      ownFaults(error, rule, message, here),
    );
    // The first rule that a missing value breaks says all.
    return [...(error.value === undefined ? own.slice(0, 1) : own), ...faultsOf(error.children ?? [], here)];
  });

const ownFaults = (error: ValidationError, rule: string, message: string, here: string): DocumentFault[] => {
  const { target, property, value } = error;
  if (rule === SHAPE && target !== undefined) {
    return shapeFaults(target, property, value).map(({ path, message: text }) => ({
      path: [here, ...path].join('.'),
      message: text,
    }));
  }
  return [{ path: here, message: rule === 'whitelistValidation' ? unknownKey(error) : sentence(error, message) }];
};

const sentence = ({ property, value }: ValidationError, message: string): string =>
  value === undefined ? 'is missing' : message.replace(`${property} `, '').replace('nested property ', '');

const unknownKey = ({ property, target }: ValidationError): string =>
  `unknown key${didYouMean(property, target === undefined ? [] : keysOf(target.constructor))}`;

/** The keys that a part of a document may have. */
export const keysOf = (type: unknown): string[] => [
  ...new Set(
    getMetadataStorage()
      .getTargetValidationMetadatas(type as never, '', false, false)
      .map(({ propertyName }) => propertyName),
  ),
];

const nameOf = ({ property, target }: ValidationError): string =>
  Array.isArray(target) ? portalName(target, Number(property)) : property;

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);
