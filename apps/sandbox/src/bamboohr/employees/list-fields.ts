import type { Employee } from '../../world/employee.js';
import type { ListAlias } from '../../world/option-lists.js';
import { hasPhoto, photoUrlOf } from '../more/photo-url.js';
import { firstLast, managerOf } from '../names.js';
import { birthDateOf } from '../personal.js';
import type { Snapshot } from '../snapshot.js';

export interface ListField {
  /** The alias whose permission counts. */
  readonly alias: string;
  readonly read: (snapshot: Snapshot) => string | null;
}

const own = (alias: keyof Employee & string): ListField => ({
  alias,
  read: ({ employee }) => (employee[alias] as string | null) ?? null,
});

const unset = (alias: string): ListField => ({ alias, read: () => null });

const ofJob = (alias: 'jobTitle' | 'department' | 'division' | 'location'): ListField => ({
  alias,
  read: ({ job }) => job?.[alias] ?? null,
});

const employmentStatus: ListField = {
  alias: 'employmentHistoryStatus',
  read: ({ employment }) => employment?.status ?? null,
};

/** The number of an option, as text. */
const idIn = (list: ListAlias, { alias, read }: ListField): ListField => ({
  alias,
  read: (snapshot) => snapshot.company.lists[list].idOf(read(snapshot)),
});

export const ALWAYS: Readonly<Record<string, ListField>> = {
  firstName: own('firstName'),
  lastName: own('lastName'),
  preferredName: own('preferredName'),
  photoUrl: {
    alias: 'photoUrl',
    read: ({ company, employee }) => (hasPhoto(employee) ? photoUrlOf(company, employee) : null),
  },
  jobTitleName: ofJob('jobTitle'),
  status: { alias: 'status', read: ({ active }) => (active ? 'Active' : 'Inactive') },
};

const SOCIAL = ['skypeUsername', 'linkedinUrl', 'facebookUrl', 'instagramUrl', 'twitterUrl', 'pinterestUrl'];

/** Neither terminationDate nor custom fields, lastChanged or employeeNumber: this endpoint doesn't have them. */
export const OPTIONAL: Readonly<Record<string, ListField>> = {
  workEmail: own('workEmail'),
  homeEmail: own('homeEmail'),
  bestEmail: { alias: 'bestEmail', read: ({ employee }) => employee.workEmail ?? employee.homeEmail },
  middleName: own('middleName'),
  workPhone: own('workPhone'),
  workPhoneExtension: unset('workPhoneExtension'),
  mobilePhone: own('mobilePhone'),
  homePhone: unset('homePhone'),
  ...Object.fromEntries(SOCIAL.map((name) => [name, unset(name)])),
  birthDate: { alias: 'dateOfBirth', read: ({ employee }) => birthDateOf(employee) },
  hireDate: own('hireDate'),
  divisionName: ofJob('division'),
  divisionId: idIn('division', ofJob('division')),
  departmentName: ofJob('department'),
  departmentId: idIn('department', ofJob('department')),
  locationName: ofJob('location'),
  locationId: idIn('location', ofJob('location')),
  jobTitleId: idIn('jobTitle', ofJob('jobTitle')),
  employmentStatusName: employmentStatus,
  employmentStatusId: idIn('employmentHistoryStatus', employmentStatus),
  reportsToName: { alias: 'reportsTo', read: (snapshot) => firstLast(managerOf(snapshot)) },
  reportsToId: { alias: 'reportsTo', read: (snapshot) => managerOf(snapshot)?.id.toString() ?? null },
};
