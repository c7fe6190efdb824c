import type { Details } from '../../world/company.js';
import type { JobDetails } from '../../world/dated-rows.js';
import { STATE_NAMES } from '../../world/places.js';
import { fieldNamed, isHidden, type Field } from '../fields.js';
import type { BambooCall } from '../request.js';
import type { Values } from './write-body.js';
import { BadValue, dayOf, isActiveStatus, managerIdOf, optionOf } from './write-values.js';

/** What a write of an employee comes to. */
export interface EmployeeWrite {
  readonly details: Details;
  readonly custom: Record<string, string | null>;
  readonly job: JobDetails;
  readonly employmentStatus: string | null;
  /** The fields that were written, by the names that the caller gave. */
  readonly written: readonly Field[];
}

const PLAIN = new Set([
  'firstName',
  'middleName',
  'lastName',
  'preferredName',
  'employeeNumber',
  'workEmail',
  'homeEmail',
  'workPhone',
  'mobilePhone',
  'country',
]);
const JOB_LISTS = ['department', 'division', 'location', 'jobTitle'] as const;
const REQUIRED = ['firstName', 'lastName'];

const stateCode = (text: string | null): string | null =>
  Object.entries(STATE_NAMES).find(([, name]) => name.toLowerCase() === text?.toLowerCase())?.[0] ?? text;

type Draft = { -readonly [Key in keyof EmployeeWrite]: EmployeeWrite[Key] };

const set = (call: BambooCall, draft: Draft, { alias, group }: Field, given: string | null): boolean => {
  const text = given === '' ? null : given;
  const list = JOB_LISTS.find((name) => name === alias);
  if (PLAIN.has(alias)) draft.details = { ...draft.details, [alias]: text };
  else if (list) draft.job = { ...draft.job, [list]: optionOf(call.world, list, text) };
  else if (alias === 'reportsTo') draft.job = { ...draft.job, managerId: managerIdOf(call.world, text) };
  else if (alias === 'hireDate') draft.details = { ...draft.details, hireDate: dayOf(alias, text) };
  else if (alias === 'state') draft.details = { ...draft.details, state: stateCode(text) };
  else if (alias === 'status') draft.details = { ...draft.details, deactivated: !isActiveStatus(text) };
  else if (alias === 'employmentHistoryStatus') draft.employmentStatus = optionOf(call.world, alias, text);
  else if (group === 'custom') draft.custom[alias] = text;
  // What BambooHR works out itself is left as it is.
  else return false;
  return true;
};

/** The names among these that are no fields. */
export const unknownNames = (values: Values): string[] => [...values.keys()].filter((name) => !fieldNamed(name));

/** What may be written of the values; hidden and calculated fields are skipped. @throws BadValue */
export const employeeWriteOf = (call: BambooCall, values: Values): EmployeeWrite => {
  const draft: Draft = { details: {}, custom: {}, job: {}, employmentStatus: null, written: [] };
  for (const [name, text] of values) {
    const named = fieldNamed(name);
    if (!named || isHidden(named, call.hidden)) continue;
    const field = (named.same === undefined ? undefined : fieldNamed(named.same)) ?? named;
    if (REQUIRED.includes(field.alias) && (text ?? '').trim() === '') throw new BadValue(`${field.alias} is required`);
    if (set(call, draft, field, text)) draft.written = [...draft.written, field];
  }
  return draft;
};
