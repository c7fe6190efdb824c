import { json, emptyError, wantsJson, xml } from '../answers.js';
import { knownFields, MOST_FIELDS, UNSET_DATE, type RequestedField } from '../fields.js';
import { employeeInPath, isAnswer, onlyCurrentOf, snapshotOf, type BambooHandler } from '../request.js';
import type { Snapshot } from '../snapshot.js';
import { element, fieldElement, XML_HEAD } from '../xml.js';

/** This endpoint knows strings and null alone; an unset date is 0000-00-00, and an unset state an empty text. */
const valueText = ({ field }: RequestedField, snapshot: Snapshot): string | null => {
  const value = field.read(snapshot);
  if (value !== null) return String(value);
  if (field.type === 'date') return UNSET_DATE;
  return field.type === 'state' ? '' : null;
};

/** GET /employees/{id}: without `fields` only the id, whatever the specification says. */
export const getEmployee: BambooHandler = (call) => {
  const asked = (call.query.get('fields') ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (asked.length > MOST_FIELDS) return emptyError(400, 'Too many fields requested');
  const employee = employeeInPath(call);
  if (isAnswer(employee)) return employee;
  const snapshot = snapshotOf(call, employee, onlyCurrentOf(call));
  const values = knownFields(asked, call.hidden).map((field): [string, string | null] => [
    field.asked,
    valueText(field, snapshot),
  ]);
  if (wantsJson(call)) return json(JSON.stringify({ id: String(employee.id), ...Object.fromEntries(values) }));
  const fields = values.map(([id, value]) => fieldElement(id, value)).join('');
  return xml(XML_HEAD + element('employee', { id: employee.id }, fields));
};
