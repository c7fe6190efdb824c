import type { Answer } from '../../http/call.js';
import { CompanyError } from '../../world/company.js';
import { addJob, employmentRow } from '../../world/dated-rows.js';
import type { Employee } from '../../world/employee.js';
import { done, emptyError, json, wantsJson, xml } from '../answers.js';
import { UNSET_DATE } from '../fields.js';
import { employeeInPath, isAnswer, snapshotOf, type BambooCall, type BambooHandler } from '../request.js';
import { element, fieldElement, XML_HEAD } from '../xml.js';
import { employeeWriteOf, unknownNames, type EmployeeWrite } from './employee-write.js';
import { valuesIn, type Values } from './write-body.js';
import { BadValue } from './write-values.js';

const twice = (message: string): string => `${message}, ${message}`;

/** The answer to what can't be written. */
const refusing = (write: () => Answer): Answer => {
  try {
    return write();
  } catch (error) {
    if (error instanceof BadValue) return emptyError(409, error.message);
    if (error instanceof CompanyError) return emptyError(409, twice(error.message));
    throw error;
  }
};

const unknownFields = ({ world }: BambooCall, values: Values): Answer | undefined => {
  const unknown = world.switches.unknownFieldOnWrite === 'refuse' ? unknownNames(values) : [];
  return unknown.length > 0 ? emptyError(406, `Unknown fields: ${unknown.join(', ')}`) : undefined;
};

/** Names, status and what was written: more than the document promises, as recorded. */
const echo = (call: BambooCall, employee: Employee, { written }: EmployeeWrite, status: number): Answer => {
  const snapshot = snapshotOf(call, employee, true);
  const shown = new Map<string, unknown>([
    ['firstName', employee.firstName],
    ['lastName', employee.lastName],
    ['status', snapshot.active ? 'Active' : 'Inactive'],
  ]);
  for (const { alias, read, type } of written)
    shown.set(alias, read(snapshot) ?? (type === 'date' ? UNSET_DATE : null));
  if (wantsJson(call)) return json(JSON.stringify({ id: String(employee.id), ...Object.fromEntries(shown) }), status);
  const fields = [...shown].map(([id, value]) => fieldElement(id, value));
  return xml(XML_HEAD + element('employee', { id: employee.id }, fields.join('')), status);
};

/** Dated values get a row of today, unless the hire date makes one. */
const addRows = ({ world: { company } }: BambooCall, employee: Employee, write: EmployeeWrite): void => {
  const today = company.today();
  if (Object.keys(write.job).length > 0) addJob(employee, write.job, today, company.newRowId());
  const { employmentStatus: status } = write;
  if (status === null) return;
  const row = employmentRow({ id: company.newRowId(), status, date: today, enteredOn: today });
  employee.employments = [...employee.employments, row];
};

const create = (call: BambooCall, write: EmployeeWrite): Answer => {
  const { company } = call.world;
  const { hireDate = null, ...details } = write.details;
  const given = { ...details, custom: write.custom };
  const employee = company.hire(given, write.job, hireDate, hireDate === null ? null : write.employmentStatus);
  const hasLooseRows = Object.keys(write.job).length > 0 || write.employmentStatus !== null;
  if (hireDate === null && hasLooseRows) company.edit(employee.id, (record) => addRows(call, record, write));
  const answer = echo(call, employee, { ...write, written: [] }, 201);
  return { ...answer, headers: { ...answer.headers, location: `${call.base}/v1/employees/${employee.id}` } };
};

/** POST /employees: a record without a hire date, unless one is given, is Active and has no rows. */
export const createEmployee: BambooHandler = (call) => {
  const { company, switches } = call.world;
  const values = valuesIn(call, 'employee');
  if (!values) return emptyError(400, 'Malformed request body');
  if (!values.get('firstName')?.trim() || !values.get('lastName')?.trim())
    return emptyError(400, 'First name and last name are required');
  // The one 429 that is no matter of pace: waiting does not help, and no Retry-After says so.
  if (switches.employeeLimit > 0 && company.size >= switches.employeeLimit)
    return emptyError(429, 'Employee limit reached');
  return unknownFields(call, values) ?? refusing(() => create(call, employeeWriteOf(call, values)));
};

/** POST /employees/{id} */
export const updateEmployee: BambooHandler = (call) => {
  const employee = employeeInPath(call);
  if (isAnswer(employee)) return employee;
  const values = valuesIn(call, 'employee');
  if (!values) return emptyError(400, 'Malformed request body');
  const unknown = unknownFields(call, values);
  if (unknown) return unknown;
  return refusing(() => {
    const write = employeeWriteOf(call, values);
    if (write.written.length === 0 && values.size > 0) return emptyError(403, 'None of the fields can be updated');
    const updated = call.world.company.edit(employee.id, (record) => {
      Object.assign(record, write.details);
      Object.assign(record.custom, write.custom);
      addRows(call, record, write);
    });
    return echo(call, updated, write, 200);
  });
};

/** DELETE /employees/{id}: not in the document, and seen. */
export const deleteEmployee: BambooHandler = (call) => {
  const employee = employeeInPath(call);
  if (isAnswer(employee)) return employee;
  call.world.company.remove(employee.id);
  return done(204);
};
