import { jsonAnswer } from '../http/call.js';
import type { Employee } from '../world/employee.js';
import { keepRows } from '../world/faults.js';
import { codedError } from './answers.js';
import { firstLast } from './fields.js';
import { snapshotOf, type BambooCall, type BambooHandler } from './request.js';
import type { Snapshot } from './snapshot.js';

interface ListField {
  /** The alias whose permission counts. */
  readonly alias: string;
  readonly read: (snapshot: Snapshot) => string | null;
}

const own = (alias: keyof Employee & string): ListField => ({
  alias,
  read: ({ employee }) => (employee[alias] as string | null) ?? null,
});

const unset = (alias: string): ListField => ({ alias, read: () => null });

const manager = ({ company, job }: Snapshot): Employee | undefined =>
  job?.managerId === null || job?.managerId === undefined ? undefined : company.find(job.managerId);

const ALWAYS: Readonly<Record<string, ListField>> = {
  firstName: own('firstName'),
  lastName: own('lastName'),
  preferredName: own('preferredName'),
  photoUrl: unset('photoUrl'),
  jobTitleName: { alias: 'jobTitle', read: ({ job }) => job?.jobTitle ?? null },
  status: { alias: 'status', read: ({ active }) => (active ? 'Active' : 'Inactive') },
};

/** Neither terminationDate nor custom fields, lastChanged or employeeNumber: this endpoint doesn't have them. */
const OPTIONAL: Readonly<Record<string, ListField>> = {
  workEmail: own('workEmail'),
  homeEmail: own('homeEmail'),
  bestEmail: { alias: 'bestEmail', read: ({ employee }) => employee.workEmail ?? employee.homeEmail },
  middleName: own('middleName'),
  workPhone: own('workPhone'),
  workPhoneExtension: unset('workPhoneExtension'),
  mobilePhone: own('mobilePhone'),
  homePhone: unset('homePhone'),
  birthDate: unset('birthDate'),
  hireDate: own('hireDate'),
  divisionName: { alias: 'division', read: ({ job }) => job?.division ?? null },
  departmentName: { alias: 'department', read: ({ job }) => job?.department ?? null },
  locationName: { alias: 'location', read: ({ job }) => job?.location ?? null },
  employmentStatusName: { alias: 'employmentHistoryStatus', read: ({ employment }) => employment?.status ?? null },
  reportsToName: { alias: 'reportsTo', read: (snapshot) => firstLast(manager(snapshot)) },
  reportsToId: { alias: 'reportsTo', read: (snapshot) => manager(snapshot)?.id.toString() ?? null },
};

const SORTABLE = ['employeeId', 'firstName', 'lastName', 'preferredName', 'jobTitleName', 'status'];
const SUBSTRING_FILTERS = ['firstName', 'lastName', 'jobTitleName', 'workEmail', 'homeEmail'];
const MOST_ROWS = 2_500;

/** The values of `filter[ids]=1,2` and of `filter[ids][]=1&filter[ids][]=2`. */
const idsOf = (query: URLSearchParams): ReadonlySet<number> | undefined => {
  const texts = [...query.getAll('filter[ids]'), ...query.getAll('filter[ids][]')].flatMap((text) => text.split(','));
  return texts.length > 0 ? new Set(texts.map(Number)) : undefined;
};

type Filter = (snapshot: Snapshot) => boolean;

const substringFilter = (name: string, wanted: string, hidden: ReadonlySet<string>): Filter => {
  const field = ALWAYS[name] ?? OPTIONAL[name] ?? unset(name);
  const needle = wanted.toLowerCase();
  // A filter on what the key may not see matches nobody, so that it gives nothing away.
  if (hidden.has(field.alias)) return () => false;
  return (snapshot) => (field.read(snapshot) ?? '').toLowerCase().includes(needle);
};

const filtersOf = ({ query, hidden }: BambooCall): Filter[] => {
  const filters: Filter[] = [];
  const ids = idsOf(query);
  if (ids) filters.push(({ employee }) => ids.has(employee.id));
  for (const name of SUBSTRING_FILTERS) {
    const wanted = query.get(`filter[${name}]`);
    if (wanted !== null) filters.push(substringFilter(name, wanted, hidden));
  }
  const status = query.get('filter[status]');
  if (status !== null) filters.push(({ active }) => !hidden.has('status') && active === (status === 'active'));
  return filters;
};

interface SortKey {
  readonly name: string;
  readonly direction: 1 | -1;
}

const sortKeysOf = (text: string | null): SortKey[] =>
  (text ?? '')
    .split(',')
    .filter((key) => key !== '')
    .map((key) => (key.startsWith('-') ? { name: key.slice(1), direction: -1 } : { name: key, direction: 1 }));

/** Nulls sort first in ascending order. */
const compareTexts = (one: string | null, other: string | null): number => {
  if (one === other) return 0;
  if (one === null) return -1;
  return other === null || one > other ? 1 : -1;
};

const compareBy =
  (keys: readonly SortKey[]) =>
  (one: Snapshot, other: Snapshot): number => {
    for (const { name, direction } of keys) {
      const field = ALWAYS[name];
      const order = field ? compareTexts(field.read(one), field.read(other)) : one.employee.id - other.employee.id;
      if (order !== 0) return order * direction;
    }
    return one.employee.id - other.employee.id;
  };

const cursorOf = (key: 'nextEmployee' | 'prevEmployee', id: number): string =>
  Buffer.from(JSON.stringify({ [key]: id })).toString('base64');

const readCursor = (text: string, key: 'nextEmployee' | 'prevEmployee'): number | undefined => {
  try {
    const id = (JSON.parse(Buffer.from(text, 'base64').toString()) as Record<string, unknown>)[key];
    return typeof id === 'number' ? id : undefined;
  } catch {
    return undefined;
  }
};

interface Page {
  readonly rows: readonly Snapshot[];
  readonly hasNext: boolean;
  readonly hasPrevious: boolean;
}

/** The page after or before the boundary employee; `undefined` when that one is gone or no longer matches. */
const pageOf = (found: readonly Snapshot[], query: URLSearchParams, limit: number): Page | undefined => {
  const after = query.get('page[after]');
  const before = query.get('page[before]');
  const boundary =
    after === null
      ? before === null
        ? undefined
        : readCursor(before, 'prevEmployee')
      : readCursor(after, 'nextEmployee');
  let start = 0;
  if (after !== null || before !== null) {
    const index = boundary === undefined ? -1 : found.findIndex(({ employee }) => employee.id === boundary);
    if (index < 0) return undefined;
    start = after === null ? Math.max(0, index - limit) : index + 1;
    if (after === null) return { rows: found.slice(start, index), hasNext: true, hasPrevious: start > 0 };
  }
  const end = start + limit;
  return { rows: found.slice(start, end), hasNext: end < found.length, hasPrevious: start > 0 };
};

const rowOf = (
  { hidden }: BambooCall,
  fields: readonly (readonly [string, ListField])[],
  snapshot: Snapshot,
): object => {
  const restricted = fields.filter(([, { alias }]) => hidden.has(alias)).map(([name]) => name);
  const values = fields.map(([name, field]) => [name, hidden.has(field.alias) ? null : field.read(snapshot)] as const);
  return { employeeId: String(snapshot.employee.id), ...Object.fromEntries(values), _restrictedFields: restricted };
};

const linkTo = ({ world, query }: BambooCall, limit: number, cursor: Record<string, string>): { href: string } => {
  const others = [...query].filter(([name]) => !name.startsWith('page['));
  const search = new URLSearchParams([...others, ['page[limit]', String(limit)], ...Object.entries(cursor)]);
  return { href: `https://${world.company.name}.bamboohr.com/api/v1/employees?${search}` };
};

const answerPage = (call: BambooCall, page: Page, total: number, limit: number): object => {
  const asked = (call.query.get('fields') ?? '').split(',');
  const optional = Object.entries(OPTIONAL).filter(([name]) => asked.includes(name));
  const fields = [...Object.entries(ALWAYS), ...optional];
  const first = page.rows[0];
  const last = page.rows.at(-1);
  const nextCursor = page.hasNext && last ? cursorOf('nextEmployee', last.employee.id) : null;
  const prevCursor = page.hasPrevious && first ? cursorOf('prevEmployee', first.employee.id) : null;
  return {
    data: keepRows(page.rows, call.trouble).map((snapshot) => rowOf(call, fields, snapshot)),
    meta: { total, page: { limit, nextCursor, prevCursor } },
    _links: {
      self: linkTo(call, limit, {}),
      ...(nextCursor !== null && { next: linkTo(call, limit, { 'page[after]': nextCursor }) }),
      ...(prevCursor !== null && { prev: linkTo(call, limit, { 'page[before]': prevCursor }) }),
    },
  };
};

/** GET /employees: the roster, by cursor; the only endpoint that tells a hidden value from an empty one. */
export const listEmployees: BambooHandler = (call) => {
  const { query, world, hidden } = call;
  const limit = Number(query.get('page[limit]') ?? 250);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_ROWS)
    return codedError('BadRequest', 'page[limit] must be between 1 and 2500.');
  const status = query.get('filter[status]');
  if (status !== null && status !== 'active' && status !== 'inactive')
    return codedError('BadRequest', 'filter[status] must be active or inactive.');
  const keys = sortKeysOf(query.get('sort'));
  const bad = keys.find(({ name }) => !SORTABLE.includes(name));
  if (bad) return codedError('BadRequest', `Sorting by ${bad.name} is not supported.`);
  const isSortHidden = keys.some(({ name }) => hidden.has(ALWAYS[name]?.alias ?? name));
  const filters = filtersOf(call);
  const snapshots = isSortHidden
    ? []
    : Array.from(world.company.visible(), (employee) => snapshotOf(call, employee, true));
  const found =
    filters.length === 0 ? snapshots : snapshots.filter((snapshot) => filters.every((matches) => matches(snapshot)));
  if (keys.length > 0) found.sort(compareBy(keys));
  const page = pageOf(found, query, limit);
  if (!page) return codedError('BadPage', 'The page cursor is no longer valid.');
  return jsonAnswer(answerPage(call, page, found.length, limit));
};
