import type { PermissionProfile } from '../../world/api-users.js';
import type { Field } from '../fields.js';

/** Any one of these scopes opens the operation. */
export type Scopes = readonly string[];

const EMPLOYEE_PARTS = [
  'employee',
  'employee:assets',
  'employee:contact',
  'employee:compensation',
  'employee:custom_fields_encrypted',
  'employee:custom_fields',
  'employee:demographic',
  'employee:dependent',
  'employee:dependent:ssn',
  'employee:education',
  'employee:emergency_contacts',
  'employee:identification',
  'employee:job',
  'employee:management',
  'employee:name',
  'employee:photo',
  'employee:vaccination',
  'sensitive_employee:protected_info',
  'sensitive_employee:address',
  'sensitive_employee:creditcards',
];

const TABLE_PARTS = [
  'employee',
  'employee:job',
  'employee:compensation',
  'employee:custom_fields',
  'employee:custom_fields_encrypted',
  'employee:assets',
  'employee:emergency_contacts',
  'sensitive_employee:creditcards',
  'employee:education',
];

const writing = (scopes: Scopes): Scopes => scopes.map((scope) => `${scope}.write`);

/** As the OpenAPI document lists them, its oddities too. */
export const SCOPES = {
  list: ['employee', 'employee:name', 'employee:job', 'employee_directory', 'sensitive_employee:protected_info'],
  read: [...EMPLOYEE_PARTS, 'employee:job.write'],
  write: [...writing(EMPLOYEE_PARTS), 'employee:payroll.write', 'employee', 'employee:job'],
  remove: ['employee.write', 'employee:management.write'],
  directory: ['employee_directory'],
  changed: ['public.user', 'public.integration'],
  changedTables: TABLE_PARTS,
  readTable: [...TABLE_PARTS, 'employee:job.write'],
  addRow: [...writing(TABLE_PARTS), 'employee', 'employee:job'],
  changeRow: writing(TABLE_PARTS),
  fields: ['employee', 'field'],
  field: ['field'],
  user: ['user'],
  company: ['company:info'],
  report: ['report'],
  webhooks: ['webhooks'],
  photo: ['employee:photo'],
  files: ['employee:file'],
  timeOff: ['time_off'],
  training: ['training'],
  writeTraining: ['training.write'],
} as const satisfies Record<string, Scopes>;

/** Whether a token with these scopes may make the call; an API key, which has none, may. */
export const isCovered = (scopes: Scopes, granted: ReadonlySet<string> | undefined): boolean =>
  granted === undefined || scopes.some((scope) => granted.has(scope));

/** Whether the user's rights shut out everything that would open the operation. */
export const isDenied = (scopes: Scopes, { deniedScopes }: PermissionProfile): boolean =>
  deniedScopes.size > 0 && scopes.every((scope) => deniedScopes.has(scope.replace(/\.write$/, '')));

const SCOPE_OF_GROUP: Readonly<Record<Field['group'], string>> = {
  name: 'employee:name',
  contact: 'employee:contact',
  job: 'employee:job',
  custom: 'employee:custom_fields',
  photo: 'employee:photo',
  pay: 'employee:compensation',
  other: 'employee',
};

const ALL_FIELDS = ['employee', 'report', 'employee_directory', 'webhooks'];

/** Whether a token shows this kind of field: a narrow scope shows its own, the wide ones show all. */
export const showsGroup = (group: Field['group'], granted: ReadonlySet<string> | undefined): boolean =>
  granted === undefined || ALL_FIELDS.some((scope) => granted.has(scope)) || granted.has(SCOPE_OF_GROUP[group]);
