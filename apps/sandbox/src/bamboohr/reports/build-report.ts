import type { Employee } from '../../world/employee.js';
import { keepRows } from '../../world/faults.js';
import { fieldNamed, isHidden, knownFields, UNSET_DATE, type Field, type FieldValue } from '../fields.js';
import { onlyCurrentOf, snapshotOf, visibleEmployees, type BambooCall } from '../request.js';
import type { Snapshot } from '../snapshot.js';
import type { ReportRequest } from './report-request.js';

export interface Column {
  readonly id: string;
  readonly type: string;
  readonly name: string;
}

export interface Report {
  readonly title: string;
  readonly columns: readonly Column[];
  readonly employees: readonly Employee[];
  /** The rows of an employee: several, where a column is of a table with several. */
  readonly rowsOf: (employee: Employee) => readonly (readonly FieldValue[])[];
}

/** A field asked for by its number comes back as `<number>.0`. */
const columnId = (asked: string): string => (/^-?\d+$/.test(asked) ? `${asked}.0` : asked);

interface ReadColumn extends Column {
  readonly field: Field;
  readonly read: (snapshot: Snapshot) => FieldValue;
}

const columnOf = ({ field, asked }: { field: Field; asked: string }): ReadColumn => {
  const read = field.readReport ?? field.read;
  const isDate = field.type === 'date';
  return {
    id: columnId(asked),
    type: field.type,
    name: field.name,
    field,
    read: isDate ? (snapshot) => read(snapshot) ?? UNSET_DATE : read,
  };
};

const columnsOf = (call: BambooCall, { fields }: ReportRequest): ReadColumn[] => {
  const asked = knownFields(fields, call.hidden).filter(({ field }) => field.alias !== 'id');
  const extra = fieldNamed('employeeNumber');
  const isAsked = asked.some(({ field }) => field === extra);
  if (call.world.switches.reportVolunteers && extra && !isAsked && !isHidden(extra, call.hidden))
    return [...asked, { field: extra, asked: '636' }].map(columnOf);
  return asked.map(columnOf);
};

const employeesFor = (call: BambooCall, request: ReportRequest): readonly Employee[] => {
  const { changedSince, employeeIds } = request;
  const visible = [...visibleEmployees(call)];
  // Seen with the real service: a report without fields has one employee.
  const all = request.fields.length === 0 ? visible.slice(0, 1) : visible;
  const wanted =
    changedSince === undefined && employeeIds === undefined
      ? all
      : all.filter(
          ({ id, lastChanged }) =>
            (employeeIds?.has(id) ?? true) && (changedSince === undefined || lastChanged >= changedSince),
        );
  return keepRows(wanted, call.trouble);
};

const uniqueRows = (rows: readonly (readonly FieldValue[])[]): readonly (readonly FieldValue[])[] => [
  ...new Map(rows.map((row) => [JSON.stringify(row), row])).values(),
];

/** One row for each row of the tables that columns are of; at least one. */
const multiply = (columns: readonly ReadColumn[], snapshot: Snapshot): FieldValue[][] => {
  const cells = columns.map(({ field, read }) => field.readRows?.(snapshot) ?? [read(snapshot)]);
  const count = Math.max(1, ...cells.map(({ length }) => length));
  return Array.from({ length: count }, (_, index) =>
    cells.map((values, column) => {
      const isMany = columns[column]?.field.readRows !== undefined;
      return (isMany ? values[index] : values[0]) ?? (columns[column]?.type === 'date' ? UNSET_DATE : null);
    }),
  );
};

export const buildReport = (call: BambooCall, request: ReportRequest): Report => {
  const columns = columnsOf(call, request);
  const onlyCurrent = onlyCurrentOf(call);
  const isMany = columns.some(({ field }) => field.readRows !== undefined);
  const rowsOf = (employee: Employee): readonly (readonly FieldValue[])[] => {
    const snapshot = snapshotOf(call, employee, onlyCurrent);
    if (!isMany) return [columns.map(({ read }) => read(snapshot))];
    const rows = multiply(columns, snapshot);
    return request.withoutDuplicates ? uniqueRows(rows) : rows;
  };
  return { title: request.title, columns, employees: employeesFor(call, request), rowsOf };
};
