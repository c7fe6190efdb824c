import type { EmployeeChangedV1 } from '@portico/contracts';

export const TENANT = 'bench';
const PORTALS = 20;
const DEPARTMENTS = ['Sales', 'Legal', 'Engineering', 'Finance', 'Support'];
const LOCATIONS = ['Cork', 'Oslo', 'Rome', 'Lagos'];
export const DAY = '2026-03-02';
export const NOON = `${DAY}T12:00:00Z`;

const at = <T>(values: readonly T[], index: number): T => values[index % values.length] as T;

const portal = (index: number, isDraft: boolean): object => ({
  portal: `portal-${index}`,
  title: `Portal ${index}`,
  topLevel: index === 0,
  baseUrl: `https://portal-${index}.learnupon.example`,
  audience:
    index === 0
      ? 'true'
      : `department == "${at(DEPARTMENTS, index)}" && location != "${at(LOCATIONS, index + (isDraft ? 1 : 0))}" || jobTitle == "Lead ${index}"`,
  onboarding: index % 3 === 0 ? 'invite' : 'create',
  customData: { Department: 'department', Site: 'location' },
});

/** realm.yaml of twenty portals; the draft changes the rule of each but the first. */
export const realmOf = (isDraft: boolean): object => ({
  tenant: TENANT,
  timeZone: 'Europe/Dublin',
  bamboohr: { company: TENANT },
  learnupon: {
    allowUserCreationIfUserAlreadyExists: true,
    portals: Array.from({ length: PORTALS }, (_, index) => portal(index, isDraft)),
  },
});

/** Everybody differs from the next one; some have gaps. */
export const employee = (index: number, revision = 1): EmployeeChangedV1 => ({
  tenant: TENANT,
  employeeId: String(1_000_000 + index),
  revision,
  recordedAt: '2026-03-01T08:00:00Z',
  change: 'joiner',
  employment: {
    state: index % 40 === 0 ? 'left' : 'employed',
    hireDate: '2024-01-08',
    lastDay: null,
    evidence: 'bench',
  },
  fields: {
    firstName: `Ada ${index % 997}`,
    lastName: `Moss ${index}`,
    workEmail: `person.${index}@bench.example`,
    department: at(DEPARTMENTS, index + revision),
    location: at(LOCATIONS, Math.floor(index / 7)),
    jobTitle: index % 50 === 0 ? `Lead ${index % PORTALS}` : 'Clerk',
  },
  unconfirmed: index % 100 === 0 ? ['location'] : [],
  cause: { kind: 'read', id: `read-${revision}`, totals: { joiners: 1, movers: 0, leavers: 0 } },
});
