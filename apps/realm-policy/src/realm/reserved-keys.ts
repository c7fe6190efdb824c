import type { DocumentFault } from './check-document.js';

/** What every object has: whoever looks for such a key finds that. */
const RESERVED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Keys at any depth of a JSON value that no key may be called. */
export const reservedKeys = (value: unknown, path: readonly string[] = []): DocumentFault[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) =>
    RESERVED.has(key)
      ? [{ path: [...path, key].join('.'), message: 'unknown key: none may be called so' }]
      : reservedKeys(one, [...path, key]),
  );
};

export const withoutReservedKeys = (value: object): object =>
  JSON.parse(JSON.stringify(value), (key, one: unknown) => (RESERVED.has(key) ? undefined : one)) as object;
