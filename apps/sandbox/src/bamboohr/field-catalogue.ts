import { offsetTimestamp } from '../world/clock.js';
import type { Employee } from '../world/employee.js';
import { STATE_NAMES } from '../world/places.js';
import type { Field, FieldValue } from './fields.js';
import { hasPhoto, photoUrlOf } from './more/photo-url.js';
import { firstLast, FULL_NAMES as FULL_NAME_READERS, lastFirst, managerOf } from './names.js';
import { ageOf, birthDateOf, payRateOf, payScheduleOf } from './personal.js';
import type { Snapshot } from './snapshot.js';

type Group = Field['group'];

const own = (id: number, alias: keyof Employee & string, name: string, type: string, group: Group): Field => ({
  id,
  alias,
  name,
  type,
  group,
  read: ({ employee }) => (employee[alias] as string | null) ?? null,
});

const custom = (id: number, alias: string, name: string, type: string): Field => ({
  id,
  alias,
  name,
  type,
  group: 'custom',
  read: ({ employee }) => employee.custom[alias] ?? null,
});

type Read = (snapshot: Snapshot) => FieldValue;

const listed = (id: number | string, alias: string, name: string, type: string, group: Group, read: Read): Field => ({
  id,
  alias,
  name,
  type,
  group,
  read,
});

/** Can be asked for, and is not listed. */
const calculated = (alias: string, name: string, type: string, group: Group, read: Read, same?: string): Field => ({
  alias,
  name,
  type,
  group,
  read,
  ...(same !== undefined && { same }),
});

/** A second, older name of a field, which has its number too. */
const deprecated = (field: Field, alias: string, name: string): Field => ({
  ...field,
  alias,
  name,
  deprecated: true,
  same: field.alias,
});

const inTable = (table: string, field: Field): Field => ({ ...field, table });

const preferredName = own(1358, 'preferredName', 'Preferred Name', 'text', 'name');
const status = listed(387, 'status', 'Status', 'status', 'job', ({ active }) => (active ? 'Active' : 'Inactive'));
const state: Field = {
  ...own(10, 'state', 'State', 'state', 'contact'),
  readReport: ({ employee: { state: code } }) => (code === null ? null : (STATE_NAMES[code] ?? code)),
};
const reportsTo: Read = (snapshot) => lastFirst(managerOf(snapshot));
const photo: Read = ({ employee }) => hasPhoto(employee);

const JOB_FIELDS: readonly Field[] = [
  listed(4, 'department', 'Department', 'list', 'job', ({ job }) => job?.department ?? null),
  listed(1355, 'division', 'Division', 'list', 'job', ({ job }) => job?.division ?? null),
  listed(18, 'location', 'Location', 'list', 'job', ({ job }) => job?.location ?? null),
  listed(17, 'jobTitle', 'Job Title', 'list', 'job', ({ job }) => job?.jobTitle ?? null),
  listed(91, 'reportsTo', 'Reporting to', 'employee', 'job', reportsTo),
].map((field) => inTable('jobInfo', field));

const EMPLOYMENT_FIELDS: readonly Field[] = [
  listed(
    16,
    'employmentHistoryStatus',
    'Employment Status',
    'list',
    'job',
    ({ employment }) => employment?.status ?? null,
  ),
  {
    ...listed(
      '16.1',
      'employmentStatusDate',
      'Employment Status: Date',
      'date',
      'job',
      ({ employment }) => employment?.date ?? null,
    ),
    unaliased: true,
  } satisfies Field,
].map((field) => inTable('employmentStatus', field));

const rows = (id: number, alias: string, name: string, type: string, readRows: Field['readRows'] & {}): Field => ({
  id,
  alias,
  name,
  type,
  group: 'custom',
  table: 'customCertifications',
  read: (snapshot) => readRows(snapshot)[0] ?? null,
  readRows,
});

const CERTIFICATION_FIELDS: readonly Field[] = [
  rows(4400, 'customCertification', 'Certification', 'text', ({ employee }) =>
    employee.certifications.map(({ certification }) => certification),
  ),
  rows(4401, 'customCertifiedOn', 'Certified on', 'date', ({ employee }) =>
    employee.certifications.map(({ certifiedOn }) => certifiedOn),
  ),
];

/** supervisorId is the manager's employee number, supervisorEId the employee id: the trap of this API. */
const SUPERVISOR_FIELDS: readonly Field[] = [
  calculated('supervisor', 'Manager', 'employee', 'job', reportsTo, 'reportsTo'),
  calculated('supervisorId', 'Manager #', 'text', 'job', (snapshot) => managerOf(snapshot)?.employeeNumber ?? null),
  calculated('supervisorEId', 'Manager EEID', 'text', 'job', (snapshot) => managerOf(snapshot)?.id.toString() ?? null),
  calculated('supervisorEmail', 'Manager Email', 'email', 'job', (snapshot) => managerOf(snapshot)?.workEmail ?? null),
];

const FULL_NAMES: readonly Field[] = FULL_NAME_READERS.map((read, index) =>
  calculated(`fullName${index + 1}`, `Full name ${index + 1}`, 'text', 'name', ({ employee }) => read(employee)),
);

const unset = (alias: string, name: string, type: string, group: Group): Field =>
  calculated(alias, name, type, group, () => null);

/** What accounts have besides; nobody here filled in those that are unset. */
const PERSONAL_FIELDS: readonly Field[] = [
  calculated('dateOfBirth', 'Birth Date', 'date', 'other', ({ employee }) => birthDateOf(employee)),
  calculated('age', 'Age', 'integer', 'other', ageOf, 'dateOfBirth'),
  calculated('payRate', 'Pay rate', 'currency', 'pay', ({ employee }) => payRateOf(employee)),
  calculated('payScheduleId', 'Pay Schedule ID', 'integer', 'pay', ({ employee }) => payScheduleOf(employee)),
  listed(4502, 'teams', 'Teams', 'multilist', 'job', () => null),
  unset('homePhone', 'Home Phone', 'phone', 'contact'),
  unset('workPhoneExtension', 'Work Ext.', 'text', 'contact'),
  unset('pronouns', 'Pronouns', 'list', 'name'),
  ...['facebook', 'linkedIn', 'twitterFeed', 'pinterest', 'instagram'].map((site) =>
    unset(site, site, 'url', 'contact'),
  ),
];

export const CATALOGUE: readonly Field[] = [
  own(1, 'firstName', 'First Name', 'text', 'name'),
  own(2, 'lastName', 'Last Name', 'text', 'name'),
  own(5, 'middleName', 'Middle Name', 'text', 'name'),
  preferredName,
  deprecated(preferredName, 'nickname', 'Nickname'),
  own(636, 'employeeNumber', 'Employee #', 'text', 'job'),
  status,
  deprecated(status, 'employmentStatus', 'Status'),
  ...EMPLOYMENT_FIELDS,
  own(3, 'hireDate', 'Hire Date', 'date', 'job'),
  own(4333, 'originalHireDate', 'Original Hire Date', 'date', 'job'),
  listed(-38, 'terminationDate', 'Termination Date', 'date', 'job', ({ terminationDate }) => terminationDate),
  ...JOB_FIELDS,
  listed(-44, 'isSupervisor', 'Is Supervisor', 'bool', 'job', ({ company, employee }) =>
    company.isManager(employee.id),
  ),
  own(15, 'workEmail', 'Work Email', 'email', 'contact'),
  own(1357, 'homeEmail', 'Home Email', 'email', 'contact'),
  own(12, 'workPhone', 'Work Phone', 'phone', 'contact'),
  own(13, 'mobilePhone', 'Mobile Phone', 'phone', 'contact'),
  own(3991, 'country', 'Country', 'country', 'contact'),
  state,
  custom(4340, 'customCostCentre', 'Cost Centre', 'text'),
  custom(4341, 'customShirtsize', 'Shirt size', 'list'),
  { ...custom(4342, 'customBadge', 'Badge', 'text'), unaliased: true },
  ...CERTIFICATION_FIELDS,
  calculated('id', 'EEID', 'text', 'other', ({ employee }) => String(employee.id)),
  calculated('displayName', 'Display name', 'text', 'name', ({ employee }) => firstLast(employee)),
  ...FULL_NAMES,
  ...PERSONAL_FIELDS,
  ...SUPERVISOR_FIELDS,
  calculated('bestEmail', 'Best Email', 'email', 'contact', ({ employee }) => employee.workEmail ?? employee.homeEmail),
  calculated('lastChanged', 'Last changed', 'timestamp', 'other', ({ employee }) =>
    offsetTimestamp(employee.lastChanged),
  ),
  calculated('photoUploaded', 'Photo uploaded', 'bool', 'photo', photo),
  calculated('isPhotoUploaded', 'Photo uploaded', 'bool', 'photo', photo, 'photoUploaded'),
  calculated('photoUrl', 'Photo url', 'url', 'photo', ({ company, employee }) => photoUrlOf(company, employee)),
];
