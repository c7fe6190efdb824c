import { didYouMean } from '@portico/access-policy';
import type { QuestionFault } from '@portico/contracts';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator';
import { RealmDocument } from './realm-document.js';

export type DocumentFault = NonNullable<QuestionFault['faults']>[number];
export type DocumentResult =
  | { readonly ok: true; readonly document: RealmDocument }
  | { readonly ok: false; readonly faults: readonly DocumentFault[] };

/**
 * Checks a realm.yaml, given as a JSON value, and fills in what it leaves out. All faults at once, each with its path,
 * such as `learnupon.portals.emea-sales.audience`.
 * @param pools those that the installation has workers for.
 */
export const checkDocument = (value: unknown, pools: readonly string[]): DocumentResult => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return {
      ok: false,
      faults: [{ path: '', message: 'is no realm: begin with tenant, timeZone, bamboohr, learnupon' }],
    };
  }
  const document = plainToInstance(RealmDocument, value);
  const errors = validateSync(document, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true });
  const faults = [...faultsOf(errors, ''), ...poolFaults(document, pools)];
  return faults.length > 0 ? { ok: false, faults } : { ok: true, document: complete(document) };
};

/** A stored document with what later versions added filled in; as it is, where this version would refuse it. */
export const asDocument = (stored: RealmDocument): RealmDocument => {
  const result = checkDocument(stored, [stored.pool]);
  return result.ok ? result.document : stored;
};

const poolFaults = ({ pool }: RealmDocument, pools: readonly string[]): DocumentFault[] =>
  typeof pool !== 'string' || pools.includes(pool)
    ? []
    : [{ path: 'pool', message: `nobody serves the pool "${pool}": take one of ${pools.join(', ')}` }];

const faultsOf = (errors: readonly ValidationError[], path: string): DocumentFault[] =>
  errors.flatMap((error) => {
    const here = join(path, nameOf(error));
    const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
      path: here,
      message: rule === 'whitelistValidation' ? unknownKey(error) : sentence(error, message),
    }));
    // The first rule that a missing value breaks says all.
    return [...(error.value === undefined ? own.slice(0, 1) : own), ...faultsOf(error.children ?? [], here)];
  });

const sentence = ({ property, value }: ValidationError, message: string): string =>
  value === undefined ? 'is missing' : message.replace(`${property} `, '').replace('nested property ', '');

const unknownKey = ({ property, target }: ValidationError): string =>
  `unknown key${didYouMean(property, target === undefined ? [] : keysOf(target.constructor))}`;

const keysOf = (type: unknown): string[] => [
  ...new Set(
    getMetadataStorage()
      .getTargetValidationMetadatas(type as never, '', false, false)
      .map(({ propertyName }) => propertyName),
  ),
];

/** A portal goes by its name, where it has one. */
const nameOf = ({ property, value }: ValidationError): string => {
  const portal: unknown = (value as { portal?: unknown } | null | undefined)?.portal;
  return /^\d+$/.test(property) && typeof portal === 'string' ? portal : property;
};

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

/** Plain data, with what is left to Portico filled in: two files that mean the same become the same. */
const complete = (document: RealmDocument): RealmDocument => {
  const { tenant, bamboohr, learnupon } = document;
  const filled = {
    ...document,
    bamboohr: { ...bamboohr, secretRef: bamboohr.secretRef ?? `${tenant}-bamboohr` },
    learnupon: {
      ...learnupon,
      portals: learnupon.portals.map((portal) => ({
        ...portal,
        secretRef: portal.secretRef ?? `${tenant}-${portal.portal}`,
      })),
    },
  };
  return JSON.parse(JSON.stringify(filled, (_key, value: unknown) => value ?? undefined)) as RealmDocument;
};
