import { keepRows } from '../../world/faults.js';
import { offsetTimestamp, zuluTimestamp } from '../../world/clock.js';
import { emptyError, json, wantsJson, xml } from '../answers.js';
import { isAnswer, isVisible, parseSince, type BambooHandler } from '../request.js';
import type { Cell } from './table-definitions.js';
import { cellsXml, rowsOf, tableInPath } from './tables.js';
import { element, XML_HEAD } from '../xml.js';

const TYPES = ['inserted', 'updated', 'deleted', 'all'];

/** GET /employees/changed: one entry per employee, its latest change. */
export const changedEmployees: BambooHandler = (call) => {
  const { query, world, trouble, user } = call;
  const since = parseSince(query.get('since'));
  if (since === undefined) return emptyError(400, 'The since parameter is missing or invalid');
  const type = query.get('type') ?? 'all';
  if (!TYPES.includes(type)) return emptyError(400, 'The type parameter is invalid');
  const { hiddenEmployees } = user.profile;
  const wanted = world.company
    .changedSince(since)
    .filter(
      ({ action, employeeId }) => (type === 'all' || action.toLowerCase() === type) && !hiddenEmployees.has(employeeId),
    );
  const changes = keepRows(wanted, trouble).map(({ employeeId, action, at }) => ({
    id: String(employeeId),
    action,
    lastChanged: offsetTimestamp(at),
  }));
  const latest = changes.at(-1)?.lastChanged ?? offsetTimestamp(since);
  if (!wantsJson(call)) {
    const rows = changes.map((change) => element('employee', change)).join('');
    return xml(XML_HEAD + element('employees', { latest }, rows));
  }
  const none = changes.length === 0 && world.switches.emptyChangesAsArray;
  return json(
    JSON.stringify({ latest, employees: none ? [] : Object.fromEntries(changes.map((change) => [change.id, change])) }),
  );
};

interface Entry {
  readonly id: string;
  readonly lastChanged: string;
  readonly rows: readonly Readonly<Record<string, Cell>>[];
}

const entryXml = ({ id, lastChanged, rows }: Entry): string =>
  element('employee', { id, lastChanged }, rows.map((row) => element('row', {}, cellsXml(row))).join(''));

/** GET /employees/changed/tables/{table}: all rows of everybody who changed in whatever way. Its moments end in Z. */
export const changedTable: BambooHandler = (call) => {
  const { query, world, trouble } = call;
  const table = tableInPath(call);
  if (isAnswer(table)) return table;
  const since = parseSince(query.get('since'));
  if (since === undefined) return emptyError(400, 'The since parameter is missing or invalid');
  const employees = world.company
    .changedSince(since)
    .flatMap(({ employeeId }) => world.company.find(employeeId) ?? [])
    .filter((employee) => isVisible(call, employee));
  const entries = keepRows(employees, trouble).map((employee): Entry => {
    const rows = rowsOf(call, table, employee).map(({ id: _id, employeeId: _employeeId, ...row }) => row);
    return { id: String(employee.id), lastChanged: zuluTimestamp(employee.lastChanged), rows };
  });
  if (!wantsJson(call)) return xml(XML_HEAD + element('table', { id: table.alias }, entries.map(entryXml).join('')));
  const none = entries.length === 0 && world.switches.emptyChangesAsArray;
  const byId = Object.fromEntries(entries.map(({ id, ...entry }) => [id, entry]));
  return json(JSON.stringify({ table: table.alias, employees: none ? [] : byId }));
};
