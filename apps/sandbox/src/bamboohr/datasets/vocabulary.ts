import { offsetTimestamp } from '../../world/clock.js';
import { CATALOGUE } from '../field-catalogue.js';
import { isHidden, type Field, type FieldValue } from '../fields.js';
import { lastFirst } from '../names.js';
import type { Snapshot } from '../snapshot.js';

export type DatasetType = 'text' | 'date' | 'int' | 'bool' | 'options';

/** A field by the name that datasets have for it: another vocabulary than everywhere else. */
export interface DatasetField {
  readonly name: string;
  readonly label: string;
  readonly type: DatasetType;
  readonly parentType: 'page' | 'table';
  readonly parentName: string;
  readonly entityName: string;
  /** The alias whose permission counts. */
  readonly alias: string;
  readonly read: (snapshot: Snapshot) => FieldValue;
}

const TYPES: Readonly<Record<string, DatasetType>> = { date: 'date', bool: 'bool', list: 'options', status: 'options' };

const JOB = { parentType: 'table', parentName: 'Job Information', entityName: 'jobInformation' } as const;
const EMPLOYMENT = { parentType: 'table', parentName: 'Employment Status', entityName: 'employmentStatus' } as const;
const PERSONAL = { parentType: 'page', parentName: 'Personal', entityName: 'personal' } as const;

const named = (name: string, alias: string, place: Pick<DatasetField, 'parentType' | 'parentName' | 'entityName'>) => {
  const field = CATALOGUE.find((each) => each.alias === alias) as Field;
  const type = TYPES[field.type] ?? 'text';
  return { name, label: field.name, type, ...place, alias, read: field.read } satisfies DatasetField;
};

const OWN_NAMES = [
  'employeeNumber',
  'firstName',
  'middleName',
  'lastName',
  'preferredName',
  'displayName',
  'hireDate',
  'originalHireDate',
  'terminationDate',
  'homeEmail',
  'workPhone',
  'mobilePhone',
  'country',
  'state',
  'isSupervisor',
  'supervisorEmail',
  'lastChanged',
  'customCostCentre',
  'customShirtsize',
];

export const DATASET_FIELDS: readonly DatasetField[] = [
  { ...named('eeid', 'id', PERSONAL), type: 'int' },
  {
    ...named('status', 'status', PERSONAL),
    // Somebody who has yet to start is Inactive here, by what the document says.
    read: ({ company, employee, active, switches }) => {
      const isAhead = employee.hireDate !== null && employee.hireDate > company.today();
      return active && !(isAhead && switches.datasetFutureHires === 'Inactive') ? 'Active' : 'Inactive';
    },
  },
  ...OWN_NAMES.map((name) => named(name, name, PERSONAL)),
  { ...named('lastNameFirstName', 'lastName', PERSONAL), read: ({ employee }) => lastFirst(employee) },
  named('email', 'workEmail', PERSONAL),
  named('employmentStatus', 'employmentHistoryStatus', EMPLOYMENT),
  named('jobInformationDepartment', 'department', JOB),
  named('jobInformationDivision', 'division', JOB),
  named('jobInformationLocation', 'location', JOB),
  named('jobInformationJobTitle', 'jobTitle', JOB),
  named('jobInformationReportsTo', 'reportsTo', JOB),
  {
    ...named('jobInformationDate', 'jobTitle', JOB),
    label: 'Job Information: Date',
    type: 'date',
    read: ({ job }) => job?.date ?? null,
  },
  named('supervisorName', 'supervisor', PERSONAL),
  { ...named('supervisorEid', 'supervisorEId', PERSONAL), type: 'int' },
  {
    ...named('lastChangedIso', 'lastChanged', PERSONAL),
    read: ({ employee }) => offsetTimestamp(employee.lastChanged),
  },
];

const byName = new Map(DATASET_FIELDS.map((field) => [field.name, field]));

export const datasetField = (name: string): DatasetField | undefined => byName.get(name);

export const isFieldHidden = ({ alias }: DatasetField, hidden: ReadonlySet<string>): boolean => {
  const field = CATALOGUE.find((each) => each.alias === alias);
  return field !== undefined && isHidden(field, hidden);
};

export const DATASETS = [{ name: 'employee', label: 'Employee' }] as const;

/** Values in an order that fits their type; unset ones first. */
export const compareValues = (type: DatasetType, one: FieldValue, other: FieldValue): number => {
  if (one === other) return 0;
  if (one === null) return -1;
  if (other === null) return 1;
  if (type === 'int') return Number(one) - Number(other);
  return one > other ? 1 : -1;
};
