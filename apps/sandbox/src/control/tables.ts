import { rowsIn, MissingValue, type Rows } from '../bamboohr/employees/row-editors.js';
import { TABLES, type Table } from '../bamboohr/employees/table-definitions.js';
import { BadValue } from '../bamboohr/employees/write-values.js';
import { jsonAnswer, type Answer } from '../http/call.js';
import type { Employee } from '../world/employee.js';
import { BadRequest, onlyKeys, textOrNullIn, type ControlCall, type ControlHandler } from './answers.js';

const employeeInPath = ({ world, params }: ControlCall): Employee => world.company.get(Number(params['id']));

interface Target {
  readonly table: Table;
  readonly rows: Rows;
}

const targetOf = ({ params }: ControlCall): Target => {
  const table = TABLES.find(({ alias }) => alias === params['table']);
  const rows = table && rowsIn(table.alias);
  if (table && rows) return { table, rows };
  const writable = TABLES.filter(({ alias }) => rowsIn(alias)).map(({ alias }) => alias);
  throw new BadRequest(`the table is one of: ${writable.join(', ')}`);
};

const rowsAnswer = (call: ControlCall, status = 200): Answer => {
  const employee = employeeInPath(call);
  const tables = TABLES.map((table) => [table.alias, table.rowsOf(call.world.company, employee)]);
  return jsonAnswer(Object.fromEntries(tables), status);
};

const valuesIn = (call: ControlCall, { columns }: Table): ReadonlyMap<string, string | null> => {
  const names = columns.map(({ alias }) => alias);
  onlyKeys(call.body, names);
  return new Map(
    names.filter((name) => name in call.body).map((name) => [name, textOrNullIn(call.body, name) ?? null]),
  );
};

const editing = (call: ControlCall, edit: () => void, status = 200): Answer => {
  try {
    edit();
  } catch (error) {
    if (error instanceof BadValue || error instanceof MissingValue) throw new BadRequest(error.message);
    throw error;
  }
  return rowsAnswer(call, status);
};

const rowInPath = (call: ControlCall, { rows }: Target): number => {
  const rowId = Number(call.params['rowId']);
  if (!rows.has(employeeInPath(call), rowId))
    throw new BadRequest(`there is no row ${call.params['rowId'] ?? ''}: see GET /people/{id}/rows`);
  return rowId;
};

const addRow: ControlHandler = (call) => {
  const { table, rows } = targetOf(call);
  const values = valuesIn(call, table);
  const { company } = call.world;
  return editing(
    call,
    () => company.edit(employeeInPath(call).id, (record) => rows.add(call.world, record, values)),
    201,
  );
};

const changeRow: ControlHandler = (call) => {
  const target = targetOf(call);
  const rowId = rowInPath(call, target);
  const values = valuesIn(call, target.table);
  const { world } = call;
  return editing(call, () =>
    world.company.edit(employeeInPath(call).id, (record) => target.rows.change(world, record, rowId, values)),
  );
};

const removeRow: ControlHandler = (call) => {
  const target = targetOf(call);
  const rowId = rowInPath(call, target);
  return editing(call, () =>
    call.world.company.edit(employeeInPath(call).id, (record) => target.rows.remove(record, rowId)),
  );
};

/** Rows of an employee's tables, as somebody edits them by hand: an end that is called off, a date put right. */
export const tableRoutes: Readonly<Record<string, ControlHandler>> = {
  'GET /people/:id/rows': (call) => rowsAnswer(call),
  'POST /people/:id/rows/:table': addRow,
  'POST /people/:id/rows/:table/:rowId': changeRow,
  'DELETE /people/:id/rows/:table/:rowId': removeRow,
};
