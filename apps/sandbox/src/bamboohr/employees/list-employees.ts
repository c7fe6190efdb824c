import { jsonAnswer, type Answer } from '../../http/call.js';
import type { Employee } from '../../world/employee.js';
import { keepRows } from '../../world/faults.js';
import { codedError, emptyError } from '../answers.js';
import { snapshotOf, visibleEmployees, type BambooCall, type BambooHandler } from '../request.js';
import type { Snapshot } from '../snapshot.js';
import { ALWAYS, OPTIONAL, type ListField } from './list-fields.js';
import { compareBy, filtersOf, sortKeysOf, sortsByHidden, type Filter, type SortKey } from './list-filters.js';
import { cursorOf, pageOf, type Page } from './list-page.js';

const MOST_ROWS = 2_500;

const rowOf = (
  { hidden }: BambooCall,
  fields: readonly (readonly [string, ListField])[],
  snapshot: Snapshot,
): object => {
  const restricted = fields.filter(([, { alias }]) => hidden.has(alias)).map(([name]) => name);
  const values = fields.map(([name, field]) => [name, hidden.has(field.alias) ? null : field.read(snapshot)] as const);
  return { employeeId: String(snapshot.employee.id), ...Object.fromEntries(values), _restrictedFields: restricted };
};

/** On the company's host, whichever way the call came. */
const linkTo = ({ world, query }: BambooCall, limit: number, cursor: Record<string, string>): { href: string } => {
  const others = [...query].filter(([name]) => !name.startsWith('page['));
  const search = new URLSearchParams([...others, ['page[limit]', String(limit)], ...Object.entries(cursor)]);
  return { href: `https://${world.company.name}.bamboohr.com/api/v1/employees?${search}` };
};

const answerPage = (call: BambooCall, page: Page, total: number, limit: number): object => {
  const asked = call.query.getAll('fields').flatMap((text) => text.split(','));
  const optional = Object.entries(OPTIONAL).filter(([name]) => asked.includes(name));
  const fields = [...Object.entries(ALWAYS), ...optional];
  const first = page.rows[0];
  const last = page.rows.at(-1);
  const nextCursor = page.hasNext && last ? cursorOf('nextEmployee', last.id) : null;
  const prevCursor = page.hasPrevious && first ? cursorOf('prevEmployee', first.id) : null;
  return {
    data: keepRows(page.rows, call.trouble).map((employee) => rowOf(call, fields, snapshotOf(call, employee, true))),
    meta: { total, page: { limit, nextCursor, prevCursor } },
    _links: {
      self: linkTo(call, limit, {}),
      ...(nextCursor !== null && { next: linkTo(call, limit, { 'page[after]': nextCursor }) }),
      ...(prevCursor !== null && { prev: linkTo(call, limit, { 'page[before]': prevCursor }) }),
    },
  };
};

/** Without filters or an order to work out, nobody is looked at but those on the page. */
const findEmployees = (call: BambooCall, filters: readonly Filter[], keys: readonly SortKey[]): Employee[] => {
  if (sortsByHidden(keys, call.hidden)) return [];
  const visible = [...visibleEmployees(call)];
  if (filters.length + keys.length === 0) return visible;
  const found = visible
    .map((employee) => snapshotOf(call, employee, true))
    .filter((snapshot) => filters.every((matches) => matches(snapshot)));
  return (keys.length === 0 ? found : found.sort(compareBy(keys))).map(({ employee }) => employee);
};

const badRequest = (message: string): Answer => codedError('BadRequest', message);

/** GET /employees: the roster, by cursor; the only endpoint that tells a hidden value from an empty one. */
export const listEmployees: BambooHandler = (call) => {
  const { query, world, scopes } = call;
  if (scopes === undefined && !world.switches.basicOnListEmployees) return emptyError(403, 'OAuth is required');
  const limit = Number(query.get('page[limit]') ?? 250);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_ROWS)
    return badRequest('page[limit] must be between 1 and 2500.');
  const filters = filtersOf(call);
  if (typeof filters === 'string') return badRequest(filters);
  const keys = sortKeysOf(query.get('sort'));
  if (typeof keys === 'string') return badRequest(keys);
  const found = findEmployees(call, filters, keys);
  const page = pageOf(found, query, limit);
  if (!page) return codedError('BadPage', 'The page cursor is no longer valid.');
  return jsonAnswer(answerPage(call, page, found.length, limit));
};
