import type { DecisionClause } from '@portico/access-policy';
import type { ReadValue } from '@portico/contracts';
import type { Sql } from '@portico/messaging';
import type { StoredFacts } from '../facts.js';
import { valuesBefore, type EarlierValues, type KnownRevision } from '../persistence/access-history.js';
import type { PersonKey } from '../persistence/people.js';

const PAGE = 200;

/** Since when something is what it is: of the oldest record in an unbroken row that has the same. */
export type Origins = ReadonlyMap<string, Pick<ReadValue, 'since' | 'cause'>>;

/** Looks back through the records, as far as it must, for where the values of these fields came from. */
export const originsOf = async (
  sql: Sql,
  person: PersonKey,
  { revision, facts }: KnownRevision,
  names: readonly string[],
): Promise<Origins> => {
  const origins = new Map<string, EarlierValues>();
  let open = new Set(names);
  let upTo = revision;
  while (open.size > 0) {
    const rows = await valuesBefore(sql, person, [...open], { upTo, limit: PAGE });
    for (const row of rows) {
      open = new Set([...open].filter((name) => valueOf(row, name) === valueOf(facts, name)));
      for (const name of open) origins.set(name, row);
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) break;
    upTo = last.revision - 1;
  }
  return new Map([...origins].map(([name, { recordedAt, cause }]) => [name, originOf(recordedAt, cause)]));
};

const originOf = (since: string, cause: EarlierValues['cause']): Pick<ReadValue, 'since' | 'cause'> =>
  cause === null ? { since } : { since, cause };

const valueOf = ({ fields, employment }: Pick<EarlierValues, 'fields' | 'employment'>, name: string): unknown => {
  const [, of] = /^employment\.(\w+)$/.exec(name) ?? [];
  return of === undefined ? fields?.[name] : employment[of as keyof StoredFacts['employment']];
};

/** What a clause read, each value with where it came from. */
export const readValues = ({ fields, others }: DecisionClause, facts: StoredFacts, origins: Origins): ReadValue[] => [
  ...fields.map((field) => {
    const value = facts.fields[field];
    return {
      field,
      ...(value === undefined ? {} : { value }),
      isConfirmed: value !== undefined && !facts.unconfirmed.includes(field),
      ...(value === undefined ? {} : origins.get(field)),
    };
  }),
  ...Object.entries(others).map(([field, value]) => ({ field, value, isConfirmed: true, ...origins.get(field) })),
];
