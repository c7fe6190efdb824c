import type { Company } from '../world/company.js';
import type { Employee } from '../world/employee.js';
import { keepRows } from '../world/faults.js';
import { emptyError, json, wantsJson, xml } from './answers.js';
import { firstLast } from './fields.js';
import { employeeInPath, isAnswer, type BambooHandler } from './request.js';
import { element, fieldElement, XML_HEAD } from './xml.js';

/** A row on the wire. Unset text is "", unlike everywhere else. */
export interface TableRow {
  readonly id: string;
  readonly employeeId: string;
  readonly [column: string]: string | null;
}

interface ColumnMeta {
  readonly id: number;
  readonly name: string;
  readonly alias: string;
  readonly type: string;
}

interface Table {
  readonly alias: string;
  readonly columns: readonly ColumnMeta[];
  readonly rowsOf: (company: Company, employee: Employee, hidden: ReadonlySet<string>) => TableRow[];
}

const withoutHidden = (row: TableRow, hidden: ReadonlySet<string>): TableRow => {
  if (hidden.size === 0) return row;
  const shown = Object.entries(row).filter(
    ([column]) => column === 'id' || column === 'employeeId' || !hidden.has(column),
  );
  return Object.fromEntries(shown) as unknown as TableRow;
};

const jobInfo: Table = {
  alias: 'jobInfo',
  columns: [
    { id: 4047, name: 'Date', alias: 'date', type: 'date' },
    { id: 18, name: 'Location', alias: 'location', type: 'list' },
    { id: 4, name: 'Department', alias: 'department', type: 'list' },
    { id: 1355, name: 'Division', alias: 'division', type: 'list' },
    { id: 17, name: 'Job Title', alias: 'jobTitle', type: 'list' },
    { id: 91, name: 'Reports To', alias: 'reportsTo', type: 'employee' },
  ],
  rowsOf: (company, employee, hidden) =>
    employee.jobs.map(({ id, date, location, department, division, jobTitle, managerId }) =>
      withoutHidden(
        {
          id: String(id),
          employeeId: String(employee.id),
          date,
          location: location ?? '',
          department: department ?? '',
          division: division ?? '',
          jobTitle: jobTitle ?? '',
          reportsTo: (managerId === null ? null : firstLast(company.find(managerId))) ?? '',
          teams: null,
        },
        hidden,
      ),
    ),
};

const employmentStatus: Table = {
  alias: 'employmentStatus',
  columns: [
    { id: 1936, name: 'Date', alias: 'date', type: 'date' },
    { id: 16, name: 'Employment Status', alias: 'employmentStatus', type: 'list' },
    { id: 4055, name: 'Comment', alias: 'comment', type: 'textarea' },
    { id: 4313, name: 'Termination Type', alias: 'terminationTypeId', type: 'list' },
    { id: 4314, name: 'Termination Reason', alias: 'terminationReasonId', type: 'list' },
    { id: 4315, name: 'Eligible For Re-hire', alias: 'terminationRehireId', type: 'list' },
    { id: 4316, name: 'Regrettable', alias: 'terminationRegrettableId', type: 'list' },
  ],
  rowsOf: (_company, employee, hidden) =>
    employee.employments.map(({ id, date, status, comment, terminationType, terminationReason }) =>
      withoutHidden(
        {
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
        },
        hidden.has('employmentHistoryStatus') ? new Set([...hidden, 'employmentStatus']) : hidden,
      ),
    ),
};

export const TABLES: readonly Table[] = [jobInfo, employmentStatus];

export const tableNamed = (alias: string): Table | undefined => TABLES.find((table) => table.alias === alias);

const rowXml = ({ id, employeeId, ...columns }: TableRow): string =>
  element(
    'row',
    { id, employeeId },
    Object.entries(columns)
      .map(([column, value]) => fieldElement(column, value))
      .join(''),
  );

/** GET /employees/{id|all}/tables/{table}: rows in no order, future ones too. */
export const employeeTable: BambooHandler = (call) => {
  const { world, params, trouble, hidden } = call;
  const table = tableNamed(params['table'] ?? '');
  if (!table) return emptyError(404, 'Table not found');
  const employee = params['id'] === 'all' ? undefined : employeeInPath(call);
  if (employee && isAnswer(employee)) return employee;
  const employees = employee ? [employee] : [...world.company.visible()];
  const rows = keepRows(
    employees.flatMap((each) => table.rowsOf(world.company, each, hidden)),
    trouble,
  );
  return wantsJson(call)
    ? json(JSON.stringify(rows))
    : xml(`${XML_HEAD}${element('table', {}, rows.map(rowXml).join(''))}`);
};
