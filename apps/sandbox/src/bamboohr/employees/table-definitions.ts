import type { Company } from '../../world/company.js';
import type { Employee } from '../../world/employee.js';
import { firstLast } from '../names.js';

export type Cell = string | null | { readonly currency: string; readonly value: string };

/** A row on the wire. Unset text is "", unlike everywhere else. */
export interface TableRow {
  readonly id: string;
  readonly employeeId: string;
  readonly [column: string]: Cell;
}

export interface ColumnMeta {
  readonly id: number;
  readonly name: string;
  readonly alias: string;
  readonly type: string;
  /** The field whose permission counts, where it has another alias. */
  readonly field?: string;
}

export interface Table {
  readonly id: number;
  readonly alias: string;
  readonly name: string;
  readonly columns: readonly ColumnMeta[];
  readonly rowsOf: (company: Company, employee: Employee) => TableRow[];
}

const jobInfo: Table = {
  id: 10,
  alias: 'jobInfo',
  name: 'Job Information',
  columns: [
    { id: 4047, name: 'Date', alias: 'date', type: 'date' },
    { id: 18, name: 'Location', alias: 'location', type: 'list' },
    { id: 4, name: 'Department', alias: 'department', type: 'list' },
    { id: 1355, name: 'Division', alias: 'division', type: 'list' },
    { id: 17, name: 'Job Title', alias: 'jobTitle', type: 'list' },
    { id: 91, name: 'Reports To', alias: 'reportsTo', type: 'employee' },
  ],
  rowsOf: (company, employee) =>
    employee.jobs.map(({ id, date, location, department, division, jobTitle, managerId }) => ({
      id: String(id),
      employeeId: String(employee.id),
      date,
      location: location ?? '',
      department: department ?? '',
      division: division ?? '',
      jobTitle: jobTitle ?? '',
      reportsTo: (managerId === null ? null : firstLast(company.find(managerId))) ?? '',
      teams: null,
    })),
};

const employmentStatus: Table = {
  id: 11,
  alias: 'employmentStatus',
  name: 'Employment Status',
  columns: [
    { id: 1936, name: 'Date', alias: 'date', type: 'date' },
    { id: 16, name: 'Employment Status', alias: 'employmentStatus', type: 'list', field: 'employmentHistoryStatus' },
    { id: 4055, name: 'Comment', alias: 'comment', type: 'textarea' },
    { id: 4313, name: 'Termination Type', alias: 'terminationTypeId', type: 'list' },
    { id: 4314, name: 'Termination Reason', alias: 'terminationReasonId', type: 'list' },
    { id: 4315, name: 'Eligible For Re-hire', alias: 'terminationRehireId', type: 'list' },
    { id: 4316, name: 'Regrettable', alias: 'terminationRegrettableId', type: 'list' },
  ],
  rowsOf: (_company, employee) =>
    employee.employments.map(({ id, date, status, comment, terminationType, terminationReason }) => ({
      id: String(id),
      employeeId: String(employee.id),
      date,
      employmentStatus: status,
      comment,
      // Labels, in spite of the columns' names.
      terminationTypeId: terminationType,
      terminationReasonId: terminationReason,
      terminationRehireId: terminationType === '' ? '' : 'Yes',
      terminationRegrettableId: '',
    })),
};

/** One row a person, made up from the id: it belongs to payroll, and can't be written here. */
const compensation: Table = {
  id: 12,
  alias: 'compensation',
  name: 'Compensation',
  columns: [
    { id: 4048, name: 'Date', alias: 'startDate', type: 'date' },
    { id: 19, name: 'Pay rate', alias: 'rate', type: 'currency', field: 'payRate' },
    { id: 20, name: 'Pay type', alias: 'type', type: 'list', field: 'payType' },
    { id: 4049, name: 'Reason', alias: 'reason', type: 'list' },
  ],
  rowsOf: (_company, { id, hireDate }) =>
    hireDate === null
      ? []
      : [
          {
            id: String(9_000_000 + id),
            employeeId: String(id),
            startDate: hireDate,
            rate: { currency: 'EUR', value: `${30_000 + ((id * 7_919) % 90) * 1_000}.00` },
            type: 'Salary',
            reason: '',
          },
        ],
};

/** A table that the customer made. */
const certifications: Table = {
  id: 100,
  alias: 'customCertifications',
  name: 'Certifications',
  columns: [
    { id: 4400, name: 'Certification', alias: 'customCertification', type: 'text' },
    { id: 4401, name: 'Certified on', alias: 'customCertifiedOn', type: 'date' },
  ],
  rowsOf: (_company, employee) =>
    employee.certifications.map(({ id, certification, certifiedOn }) => ({
      id: String(id),
      employeeId: String(employee.id),
      customCertification: certification,
      customCertifiedOn: certifiedOn ?? '',
    })),
};

export const TABLES: readonly Table[] = [jobInfo, employmentStatus, compensation, certifications];
