import type { Answer } from '../../http/call.js';
import { moveHireDate } from '../../world/dated-rows.js';
import { employmentOn, TERMINATED, type Employee } from '../../world/employee.js';
import { done, emptyError, json } from '../answers.js';
import { employeeInPath, isAnswer, type BambooCall, type BambooHandler } from '../request.js';
import { MissingValue, rowsIn, type Rows } from './row-editors.js';
import type { Table } from './table-definitions.js';
import { tableInPath } from './tables.js';
import { valuesIn, type Values } from './write-body.js';
import { BadValue } from './write-values.js';

interface Target {
  readonly employee: Employee;
  readonly table: Table;
  readonly rows: Rows;
}

const PAYROLL = emptyError(412, 'An active pay schedule is required');

const targetOf = (call: BambooCall): Target | Answer => {
  const table = tableInPath(call);
  if (isAnswer(table)) return table;
  const employee = employeeInPath(call);
  if (isAnswer(employee)) return employee;
  const rows = rowsIn(table.alias);
  return rows ? { employee, table, rows } : PAYROLL;
};

/** The values of columns that the table has and the caller may see, or the answer that refuses them. */
const columnsIn = (call: BambooCall, { columns }: Table): Values | Answer => {
  const values = valuesIn(call, 'row');
  if (!values || values.size === 0) return emptyError(400, 'Malformed request body');
  const known = new Map(columns.map((column) => [column.alias, column]));
  const unknown = [...values.keys()].filter((name) => !known.has(name) && name !== 'teams');
  if (unknown.length > 0 && call.world.switches.unknownFieldOnWrite === 'refuse')
    return emptyError(406, `Unknown fields: ${unknown.join(', ')}`);
  const visible = [...values].filter(([name]) => !call.hidden.has(known.get(name)?.field ?? name));
  return visible.length === 0 ? emptyError(403, 'None of the fields can be updated') : new Map(visible);
};

const writing = (write: () => void): Answer => {
  try {
    write();
    return done();
  } catch (error) {
    if (error instanceof BadValue) return emptyError(406, error.message);
    if (error instanceof MissingValue) return emptyError(400, error.message);
    throw error;
  }
};

const isReturn = (employee: Employee, values: Values): boolean =>
  employmentOn(employee)?.status === TERMINATED && values.get('employmentStatus')?.toLowerCase() !== 'terminated';

/** POST /employees/{id}/tables/{table}. In v1_1 a row after the end of an employment makes it a rehire. */
export const addTableRow: BambooHandler = (call) => {
  const target = targetOf(call);
  if (isAnswer(target)) return target;
  const { employee, table, rows } = target;
  const values = columnsIn(call, table);
  if (isAnswer(values)) return values;
  const isRehire = call.version === 'v1_1' && table.alias === 'employmentStatus' && isReturn(employee, values);
  return writing(() =>
    call.world.company.edit(employee.id, (record) => {
      rows.add(call.world, record, values);
      const date = values.get('date');
      if (isRehire && date) moveHireDate(record, date);
    }),
  );
};

const rowInPath = ({ params }: BambooCall): number =>
  /^\d{1,15}$/.test(params['rowId'] ?? '') ? Number(params['rowId']) : 0;

/** POST /employees/{id}/tables/{table}/{rowId} */
export const changeTableRow: BambooHandler = (call) => {
  const target = targetOf(call);
  if (isAnswer(target)) return target;
  const { employee, table, rows } = target;
  const rowId = rowInPath(call);
  if (!rows.has(employee, rowId)) return emptyError(404, 'Row not found');
  const values = columnsIn(call, table);
  if (isAnswer(values)) return values;
  return writing(() =>
    call.world.company.edit(employee.id, (record) => rows.change(call.world, record, rowId, values)),
  );
};

/** DELETE /employees/{id}/tables/{table}/{rowId}: 200 whether there was such a row or not. */
export const deleteTableRow: BambooHandler = (call) => {
  const target = targetOf(call);
  // The document knows no 404 for this call.
  if (isAnswer(target)) return target.status === 404 ? emptyError(400, 'Invalid employee ID or table name') : target;
  const { employee, rows } = target;
  const rowId = rowInPath(call);
  if (!rows.has(employee, rowId)) return json(JSON.stringify({ success: false, error: 'Row not found' }));
  call.world.company.edit(employee.id, (record) => rows.remove(record, rowId));
  return json(JSON.stringify({ success: true }));
};
