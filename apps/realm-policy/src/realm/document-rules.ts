import { compileRule, didYouMean, LANGUAGES, type LanguageSource } from '@portico/access-policy';
import { ValidateBy, type ValidationArguments } from 'class-validator';

const check = (name: string, faultIn: (value: unknown, args: ValidationArguments) => string | undefined) =>
  ValidateBy({
    name,
    validator: {
      validate: (value, args) => faultIn(value, args as ValidationArguments) === undefined,
      defaultMessage: (args) => (args && faultIn(args.value, args)) ?? '',
    },
  });

const FIELD = /^([A-Za-z][A-Za-z0-9_]{0,99}|\d+(\.\d+)?)$/;
const isField = (value: unknown): value is string => typeof value === 'string' && FIELD.test(value);
const notAField = 'must name a BambooHR field, such as workEmail';

export const IsFieldName = () => check('fieldName', (value) => (isField(value) ? undefined : notAField));

export const AreFieldNames = () =>
  check('fieldNames', (value) =>
    Array.isArray(value) && value.length > 0 && value.every(isField) ? undefined : 'must list BambooHR fields',
  );

/** Label of custom user data → field. */
export const IsFieldMap = () =>
  check('fieldMap', (value) => {
    if (!isPlain(value)) return 'must map labels to BambooHR fields';
    const wrong = Object.entries(value).find(([label, field]) => label.trim() === '' || !isField(field));
    return wrong && `"${wrong[0]}" ${notAField}`;
  });

const MAX_AUDIENCE = 20_000;

/** A CEL expression over the employee's fields. */
export const IsAudience = () =>
  check('audience', (value) => {
    if (typeof value !== 'string') return "must be a rule in quotes, such as 'department == \"Sales\"' or 'true'";
    if (value.length > MAX_AUDIENCE) return `is longer than ${MAX_AUDIENCE} characters`;
    const result = compileRule(value);
    return result.ok ? undefined : result.messages.join('; ');
  });

export const IsLanguage = () => check('language', languageFault);

const languageFault = (value: unknown): string | undefined => {
  if (isLanguageSource(value)) return undefined;
  const hint = typeof value === 'string' ? didYouMean(value, LANGUAGES) : '';
  return `must be one of LearnUpon's codes (${LANGUAGES.join(', ')}) or { field: … }${hint}`;
};

const isLanguageSource = (value: unknown): value is LanguageSource =>
  typeof value === 'string'
    ? LANGUAGES.includes(value)
    : isPlain(value) && isField(value['field']) && Object.keys(value).length === 1;

export const IsTimeZone = () =>
  check('timeZone', (value) =>
    typeof value === 'string' && /^[A-Za-z]/.test(value) && isTimeZone(value)
      ? undefined
      : 'must be an IANA time zone, such as Europe/Dublin',
  );

const isTimeZone = (name: string): boolean => {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
};

/** The name of a mounted directory: no path. */
export const IsSecretRef = () =>
  check('secretRef', (value) =>
    typeof value === 'string' && /^[a-z0-9]([a-z0-9-]{0,99}[a-z0-9])?$/.test(value)
      ? undefined
      : 'must name a mounted secret: a-z, 0-9 and -',
  );

interface PortalLike {
  readonly portal?: unknown;
  readonly topLevel?: unknown;
}
const portalsOf = (value: unknown): readonly PortalLike[] => (Array.isArray(value) ? value.filter(isObject) : []);

export const HasOneTopLevelPortal = () =>
  check('oneTopLevel', (value) => {
    const top = portalsOf(value).filter(({ topLevel }) => topLevel === true);
    if (top.length === 1) return undefined;
    if (top.length === 0) return 'must have one portal with topLevel: true';
    return `must have one portal with topLevel: true, and has ${top.length}: ${top.map(({ portal }) => String(portal)).join(', ')}`;
  });

export const HasUniquePortals = () =>
  check('uniquePortals', (value) => {
    const names = portalsOf(value).map(({ portal }) => portal);
    const twice = names.find((name, index) => name !== undefined && names.indexOf(name) !== index);
    return twice === undefined ? undefined : `has the portal "${String(twice)}" twice`;
  });

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isPlain = (value: unknown): value is Record<string, unknown> => isObject(value) && !Array.isArray(value);
