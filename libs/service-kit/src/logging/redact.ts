const REDACTED = '[redacted]';

/** Compared without case, `_` and `-`. */
const SECRET_KEYS = new Set(
  `authorization proxyauthorization cookie setcookie apikey xapikey password natspassword token accesstoken secret
   databaseurl natsurl connectionstring
   email workemail homeemail emailaddress username user firstname lastname middlename preferredname fullname displayname
   mobilephone homephone workphone dateofbirth ssn address
   accepturl acceptlink customdata fields values row rows employee learner document`.split(/\s+/),
);
const isSecret = (key: string): boolean => SECRET_KEYS.has(key.toLowerCase().replace(/[_-]/g, ''));

const MAX_DEPTH = 8;

/** Only what an error always has: libraries hang queries, parameters and responses on theirs. */
const plainError = (error: Error, depth: number): Record<string, unknown> => ({
  type: error.name,
  message: error.message,
  stack: error.stack,
  ...('code' in error ? { code: error.code } : {}),
  ...(error.cause === undefined ? {} : { cause: redact(error.cause, depth + 1) }),
});

/** Counts and switches stay readable, such as `rows: 114`. */
const isTelling = (value: unknown): boolean => !['number', 'boolean', 'undefined'].includes(typeof value);

/** A copy without the values of keys that name secrets or people, at any depth. */
export const redact = (value: unknown, depth = 0): unknown => {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) return '[deep]';
  if (value instanceof Error) return plainError(value, depth);
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  if ('toJSON' in value && typeof value.toJSON === 'function') return value.toJSON() as unknown;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      isSecret(key) && isTelling(item) ? REDACTED : redact(item, depth + 1),
    ]),
  );
};

/** Takes e-mail addresses and the passwords of URLs out of text that others wrote, such as a database's error. */
export const scrub = (text: string): string =>
  text
    .replace(/([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@"'\\]+@/gi, `$1${REDACTED}@`)
    .replace(/(?<!redacted\])[\w.!#$%&*+/=?^`{|}~'-]{1,64}@[\w-]+(?:\.[\w-]+)+/g, '[e-mail]')
    .replace(/\b(Basic|Bearer) [A-Za-z0-9+/=._~-]{8,}/g, `$1 ${REDACTED}`);
