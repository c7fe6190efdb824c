import { callName, type Employee } from '../world/employee.js';
import { offsetTimestamp } from '../world/clock.js';
import { STATE_NAMES } from '../world/places.js';
import type { Snapshot } from './snapshot.js';

/** `null` is unset; each endpoint has its own way to write that. */
export type FieldValue = string | boolean | null;

export interface Field {
  readonly alias: string;
  /** Absent for calculated fields, which can be asked for but are not listed. */
  readonly id?: number;
  readonly name: string;
  readonly type: string;
  /** Custom fields may lack an alias on the wire. */
  readonly deprecated?: true;
  /** The alias whose permission counts, for a second name of the same field. */
  readonly same?: string;
  readonly read: (snapshot: Snapshot) => FieldValue;
  /** Where a report shows something else. */
  readonly readReport?: (snapshot: Snapshot) => FieldValue;
}

const managerOf = ({ company, job }: Snapshot): Employee | undefined =>
  job?.managerId === null || job?.managerId === undefined ? undefined : company.find(job.managerId);

export const firstLast = (employee: Employee | undefined): string | null =>
  employee ? `${callName(employee)} ${employee.lastName}` : null;

const lastFirst = (employee: Employee | undefined): string | null =>
  employee ? `${employee.lastName}, ${callName(employee)}` : null;

const own =
  (key: keyof Employee) =>
  ({ employee }: Snapshot): FieldValue =>
    (employee[key] as string | null) ?? null;

const custom =
  (alias: string) =>
  ({ employee }: Snapshot): FieldValue =>
    employee.custom[alias] ?? null;

const status = ({ active }: Snapshot): FieldValue => (active ? 'Active' : 'Inactive');
const reportsTo = (snapshot: Snapshot): FieldValue => lastFirst(managerOf(snapshot));

const FIELDS: readonly Field[] = [
  { id: 1, alias: 'firstName', name: 'First Name', type: 'text', read: own('firstName') },
  { id: 2, alias: 'lastName', name: 'Last Name', type: 'text', read: own('lastName') },
  { id: 5, alias: 'middleName', name: 'Middle Name', type: 'text', read: own('middleName') },
  { id: 1358, alias: 'preferredName', name: 'Preferred Name', type: 'text', read: own('preferredName') },
  {
    id: 1358,
    alias: 'nickname',
    name: 'Nickname',
    type: 'text',
    deprecated: true,
    same: 'preferredName',
    read: own('preferredName'),
  },
  { id: 636, alias: 'employeeNumber', name: 'Employee #', type: 'text', read: own('employeeNumber') },
  { id: 387, alias: 'status', name: 'Status', type: 'status', read: status },
  {
    id: 387,
    alias: 'employmentStatus',
    name: 'Status',
    type: 'status',
    deprecated: true,
    same: 'status',
    read: status,
  },
  {
    id: 16,
    alias: 'employmentHistoryStatus',
    name: 'Employment Status',
    type: 'list',
    read: ({ employment }) => employment?.status ?? null,
  },
  { id: 3, alias: 'hireDate', name: 'Hire Date', type: 'date', read: own('hireDate') },
  { id: 4333, alias: 'originalHireDate', name: 'Original Hire Date', type: 'date', read: own('originalHireDate') },
  {
    id: -38,
    alias: 'terminationDate',
    name: 'Termination Date',
    type: 'date',
    read: ({ terminationDate }) => terminationDate,
  },
  { id: 4, alias: 'department', name: 'Department', type: 'list', read: ({ job }) => job?.department ?? null },
  { id: 1355, alias: 'division', name: 'Division', type: 'list', read: ({ job }) => job?.division ?? null },
  { id: 18, alias: 'location', name: 'Location', type: 'list', read: ({ job }) => job?.location ?? null },
  { id: 17, alias: 'jobTitle', name: 'Job Title', type: 'list', read: ({ job }) => job?.jobTitle ?? null },
  { id: 91, alias: 'reportsTo', name: 'Reporting to', type: 'employee', read: reportsTo },
  {
    id: -44,
    alias: 'isSupervisor',
    name: 'Is Supervisor',
    type: 'bool',
    read: ({ company, employee }) => company.isManager(employee.id),
  },
  { id: 15, alias: 'workEmail', name: 'Work Email', type: 'email', read: own('workEmail') },
  { id: 1357, alias: 'homeEmail', name: 'Home Email', type: 'email', read: own('homeEmail') },
  { id: 12, alias: 'workPhone', name: 'Work Phone', type: 'phone', read: own('workPhone') },
  { id: 13, alias: 'mobilePhone', name: 'Mobile Phone', type: 'phone', read: own('mobilePhone') },
  { id: 3991, alias: 'country', name: 'Country', type: 'country', read: own('country') },
  {
    id: 10,
    alias: 'state',
    name: 'State',
    type: 'state',
    read: own('state'),
    readReport: ({ employee: { state } }) => (state === null ? null : (STATE_NAMES[state] ?? state)),
  },
  { id: 4340, alias: 'customCostCentre', name: 'Cost Centre', type: 'text', read: custom('customCostCentre') },
  { id: 4341, alias: 'customShirtsize', name: 'Shirt size', type: 'list', read: custom('customShirtsize') },
  { alias: 'id', name: 'EEID', type: 'text', read: ({ employee }) => String(employee.id) },
  { alias: 'displayName', name: 'Display name', type: 'text', read: ({ employee }) => firstLast(employee) },
  {
    alias: 'fullName1',
    name: 'First Last',
    type: 'text',
    read: ({ employee }) => `${employee.firstName} ${employee.lastName}`,
  },
  { alias: 'fullName2', name: 'Last, First', type: 'text', read: ({ employee }) => lastFirst(employee) },
  { alias: 'supervisor', name: 'Manager', type: 'employee', same: 'reportsTo', read: reportsTo },
  // The trap of this API: supervisorId is the manager's employee number, supervisorEId the employee id.
  {
    alias: 'supervisorId',
    name: 'Manager #',
    type: 'text',
    read: (snapshot) => managerOf(snapshot)?.employeeNumber ?? null,
  },
  {
    alias: 'supervisorEId',
    name: 'Manager EEID',
    type: 'text',
    read: (snapshot) => managerOf(snapshot)?.id.toString() ?? null,
  },
  {
    alias: 'supervisorEmail',
    name: 'Manager Email',
    type: 'email',
    read: (snapshot) => managerOf(snapshot)?.workEmail ?? null,
  },
  {
    alias: 'bestEmail',
    name: 'Best Email',
    type: 'email',
    read: ({ employee }) => employee.workEmail ?? employee.homeEmail,
  },
  {
    alias: 'lastChanged',
    name: 'Last changed',
    type: 'timestamp',
    read: ({ employee }) => offsetTimestamp(employee.lastChanged),
  },
  { alias: 'photoUploaded', name: 'Photo uploaded', type: 'bool', read: () => false },
  { alias: 'isPhotoUploaded', name: 'Photo uploaded', type: 'bool', same: 'photoUploaded', read: () => false },
];

export interface RequestedField {
  readonly field: Field;
  /** As it was asked for: an alias or a number. */
  readonly asked: string;
}

const byAlias = new Map(FIELDS.map((field) => [field.alias, field]));
const byId = new Map(FIELDS.filter(({ deprecated }) => !deprecated).map((field) => [String(field.id), field]));

export const isHidden = ({ alias, same = alias }: Field, hidden: ReadonlySet<string>): boolean =>
  hidden.has(alias) || hidden.has(same);

/** The fields that exist and may be seen, in the order asked for; the others drop out without a word. */
export const knownFields = (asked: readonly string[], hidden: ReadonlySet<string>): RequestedField[] =>
  asked.flatMap((name) => {
    const field = byAlias.get(name) ?? byId.get(name);
    return field && !isHidden(field, hidden) ? [{ field, asked: name }] : [];
  });

/** What GET /meta/fields shows: no calculated fields. */
export const listedFields = (hidden: ReadonlySet<string>): readonly Field[] =>
  FIELDS.filter((field) => field.id !== undefined && !isHidden(field, hidden));

export const UNSET_DATE = '0000-00-00';
export const MOST_FIELDS = 400;
