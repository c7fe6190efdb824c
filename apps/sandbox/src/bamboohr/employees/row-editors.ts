import { employmentRow, NO_JOB } from '../../world/dated-rows.js';
import type { CertificationRow, Employee, EmploymentRow, JobRow } from '../../world/employee.js';
import type { World } from '../../world/world.js';
import type { Values } from './write-body.js';
import { dayOf, managerIdOf, optionOf } from './write-values.js';

/** A row without what every row of its table has. */
export class MissingValue extends Error {}

interface RowEditor<Row extends { readonly id: number }> {
  readonly rowsOf: (employee: Employee) => readonly Row[];
  readonly put: (employee: Employee, rows: readonly Row[]) => void;
  /** The row that the values make of the one before, or of none. @throws BadValue, MissingValue */
  readonly build: (world: World, values: Values, id: number, before: Row | undefined) => Row;
}

const dateIn = (values: Values, before: { readonly date: string } | undefined): string => {
  const date = values.has('date') ? dayOf('date', values.get('date') ?? null) : before?.date;
  if (!date) throw new MissingValue('date is required');
  return date;
};

const jobRows: RowEditor<JobRow> = {
  rowsOf: ({ jobs }) => jobs,
  put: (employee, rows) => {
    employee.jobs = rows;
  },
  build: (world, values, id, before) => {
    const row = { ...NO_JOB, ...before, id, date: dateIn(values, before) };
    for (const list of ['department', 'division', 'location', 'jobTitle'] as const)
      if (values.has(list)) row[list] = optionOf(world, list, values.get(list) ?? null);
    if (values.has('reportsTo')) row.managerId = managerIdOf(world, values.get('reportsTo') ?? null);
    return row;
  },
};

const employmentRows: RowEditor<EmploymentRow> = {
  rowsOf: ({ employments }) => employments,
  put: (employee, rows) => {
    employee.employments = rows;
  },
  build: (world, values, id, before) => {
    const given = values.get('employmentStatus') ?? before?.status ?? null;
    const status = optionOf(world, 'employmentHistoryStatus', given);
    if (status === null) throw new MissingValue('employmentStatus is required');
    const row = employmentRow({ id, status, date: dateIn(values, before), enteredOn: world.company.today() });
    return {
      ...row,
      comment: values.get('comment') ?? before?.comment ?? '',
      terminationType: values.get('terminationTypeId') ?? before?.terminationType ?? '',
      terminationReason: values.get('terminationReasonId') ?? before?.terminationReason ?? '',
    };
  },
};

const certificationRows: RowEditor<CertificationRow> = {
  rowsOf: ({ certifications }) => certifications,
  put: (employee, rows) => {
    employee.certifications = rows;
  },
  build: (_world, values, id, before) => {
    const certification = values.get('customCertification') ?? before?.certification ?? '';
    if (certification === '') throw new MissingValue('customCertification is required');
    const given = values.has('customCertifiedOn') ? (values.get('customCertifiedOn') ?? null) : before?.certifiedOn;
    return { id, certification, certifiedOn: dayOf('customCertifiedOn', given ?? null) };
  },
};

/** The same for rows of every kind: finds, builds, puts. */
export interface Rows {
  has(employee: Employee, rowId: number): boolean;
  add(world: World, employee: Employee, values: Values): void;
  change(world: World, employee: Employee, rowId: number, values: Values): void;
  remove(employee: Employee, rowId: number): void;
}

const rowsBy = <Row extends { readonly id: number }>({ rowsOf, put, build }: RowEditor<Row>): Rows => ({
  has: (employee, rowId) => rowsOf(employee).some(({ id }) => id === rowId),
  add: (world, employee, values) => {
    const row = build(world, values, world.company.newRowId(), undefined);
    put(employee, [...rowsOf(employee), row]);
  },
  change: (world, employee, rowId, values) => {
    const rows = rowsOf(employee).map((row) => (row.id === rowId ? build(world, values, rowId, row) : row));
    put(employee, rows);
  },
  remove: (employee, rowId) => {
    put(
      employee,
      rowsOf(employee).filter(({ id }) => id !== rowId),
    );
  },
});

const BY_ALIAS: Readonly<Record<string, Rows>> = {
  jobInfo: rowsBy(jobRows),
  employmentStatus: rowsBy(employmentRows),
  customCertifications: rowsBy(certificationRows),
};

/** How rows of the table are edited; undefined for one that belongs to payroll. */
export const rowsIn = (table: string): Rows | undefined => BY_ALIAS[table];
