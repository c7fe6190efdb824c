import type { Answer } from '../../http/call.js';
import type { Employee } from '../../world/employee.js';
import { keepRows } from '../../world/faults.js';
import { emptyError, json, wantsJson, xml } from '../answers.js';
import { employeeInPath, isAnswer, visibleEmployees, type BambooCall, type BambooHandler } from '../request.js';
import { element, fieldElement, XML_HEAD } from '../xml.js';
import { TABLES, type Cell, type Table, type TableRow } from './table-definitions.js';

/** The table that the path names, or the answer that BambooHR gives instead. */
export const tableInPath = ({ params, user, world }: BambooCall): Table | Answer => {
  const table = TABLES.find(({ alias }) => alias === params['table']);
  if (!table) return emptyError(404, 'Table not found');
  if (!user.profile.hiddenTables.has(table.alias)) return table;
  return emptyError(world.switches.hiddenTableStatus, 'Table not found');
};

const hiddenColumns = ({ hidden }: BambooCall, { columns }: Table): string[] =>
  hidden.size === 0
    ? []
    : columns.filter(({ alias, field }) => hidden.has(alias) || hidden.has(field ?? alias)).map(({ alias }) => alias);

/** An employee's rows, without the columns that the caller may not see. */
export const rowsOf = (call: BambooCall, table: Table, employee: Employee): TableRow[] => {
  const rows = table.rowsOf(call.world.company, employee);
  const left = hiddenColumns(call, table);
  if (left.length === 0) return rows;
  const shown = (row: TableRow): TableRow =>
    Object.fromEntries(Object.entries(row).filter(([column]) => !left.includes(column))) as unknown as TableRow;
  return rows.map(shown);
};

const cellXml = (column: string, cell: Cell): string =>
  cell !== null && typeof cell === 'object'
    ? fieldElement(column, cell.value, { currency: cell.currency })
    : fieldElement(column, cell);

export const cellsXml = (columns: Readonly<Record<string, Cell>>): string =>
  Object.entries(columns)
    .map(([column, cell]) => cellXml(column, cell))
    .join('');

const rowXml = ({ id, employeeId, ...columns }: TableRow): string =>
  element('row', { id, employeeId }, cellsXml(columns));

/** GET /employees/{id|all}/tables/{table}: rows in no order, future ones too. */
export const employeeTable: BambooHandler = (call) => {
  const table = tableInPath(call);
  if (isAnswer(table)) return table;
  const employee = call.params['id'] === 'all' ? undefined : employeeInPath(call);
  if (employee && isAnswer(employee)) return employee;
  const employees = employee ? [employee] : [...visibleEmployees(call)];
  const rows = keepRows(
    employees.flatMap((each) => rowsOf(call, table, each)),
    call.trouble,
  );
  return wantsJson(call)
    ? json(JSON.stringify(rows))
    : xml(`${XML_HEAD}${element('table', {}, rows.map(rowXml).join(''))}`);
};
