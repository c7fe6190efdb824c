import type { BambooCall } from '../request.js';
import type { Snapshot } from '../snapshot.js';
import { ALWAYS, OPTIONAL } from './list-fields.js';

export type Filter = (snapshot: Snapshot) => boolean;

const SUBSTRING_FILTERS = ['firstName', 'lastName', 'jobTitleName', 'workEmail', 'homeEmail'];
const STATUSES = ['active', 'inactive'];

/** The values of `filter[ids]=1,2` and of `filter[ids][]=1&filter[ids][]=2`. */
const idTextsOf = (query: URLSearchParams): string[] =>
  [...query.getAll('filter[ids]'), ...query.getAll('filter[ids][]')].flatMap((text) => text.split(','));

const substringFilter = (name: string, wanted: string, hidden: ReadonlySet<string>): Filter => {
  const field = ALWAYS[name] ?? OPTIONAL[name];
  const needle = wanted.toLowerCase();
  // A filter on what the key may not see matches nobody, so that it gives nothing away.
  if (!field || hidden.has(field.alias)) return () => false;
  return (snapshot) => (field.read(snapshot) ?? '').toLowerCase().includes(needle);
};

/** What all rows must match, or what is wrong with the request. */
export const filtersOf = ({ query, hidden }: BambooCall): Filter[] | string => {
  const filters: Filter[] = [];
  const ids = idTextsOf(query);
  if (ids.some((id) => !/^\d+$/.test(id.trim()))) return 'filter[ids] must be a list of employee IDs.';
  const wantedIds = new Set(ids.map(Number));
  if (ids.length > 0) filters.push(({ employee }) => wantedIds.has(employee.id));
  for (const name of SUBSTRING_FILTERS) {
    const wanted = query.get(`filter[${name}]`);
    if (wanted !== null) filters.push(substringFilter(name, wanted, hidden));
  }
  const status = query.get('filter[status]');
  if (status !== null && !STATUSES.includes(status)) return 'filter[status] must be active or inactive.';
  if (status !== null) filters.push(({ active }) => !hidden.has('status') && active === (status === 'active'));
  return filters;
};

const SORTABLE = ['employeeId', 'firstName', 'lastName', 'preferredName', 'jobTitleName', 'status'];

export interface SortKey {
  readonly name: string;
  readonly direction: 1 | -1;
}

/** What to sort by, or what is wrong with the request. */
export const sortKeysOf = (text: string | null): SortKey[] | string => {
  const keys = (text ?? '')
    .split(',')
    .filter((key) => key !== '')
    .map((key): SortKey => (key.startsWith('-') ? { name: key.slice(1), direction: -1 } : { name: key, direction: 1 }));
  const bad = keys.find(({ name }) => !SORTABLE.includes(name));
  return bad ? `Sorting by ${bad.name} is not supported.` : keys;
};

/** Nulls sort first in ascending order. */
const compareTexts = (one: string | null, other: string | null): number => {
  if (one === other) return 0;
  if (one === null) return -1;
  return other === null || one > other ? 1 : -1;
};

export const compareBy =
  (keys: readonly SortKey[]) =>
  (one: Snapshot, other: Snapshot): number => {
    for (const { name, direction } of keys) {
      const field = ALWAYS[name];
      const order = field ? compareTexts(field.read(one), field.read(other)) : one.employee.id - other.employee.id;
      if (order !== 0) return order * direction;
    }
    return one.employee.id - other.employee.id;
  };

/** Whoever may not see what is sorted by gets nobody: the order would tell. */
export const sortsByHidden = (keys: readonly SortKey[], hidden: ReadonlySet<string>): boolean =>
  keys.some(({ name }) => hidden.has(ALWAYS[name]?.alias ?? name));
