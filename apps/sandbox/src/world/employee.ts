import { addDays } from './clock.js';

/** A row of the table jobInfo. `managerId` is an employee id. */
export interface JobRow {
  readonly id: number;
  readonly date: string;
  readonly location: string | null;
  readonly department: string | null;
  readonly division: string | null;
  readonly jobTitle: string | null;
  readonly managerId: number | null;
}

/** A row of the table employmentStatus. `effectiveFrom` is the first day on which it is the person's status. */
export interface EmploymentRow {
  readonly id: number;
  readonly date: string;
  readonly effectiveFrom: string;
  readonly status: string;
  readonly comment: string;
  readonly terminationType: string;
  readonly terminationReason: string;
}

/** A row of a table that the customer made. */
export interface CertificationRow {
  readonly id: number;
  readonly certification: string;
  readonly certifiedOn: string | null;
}

export const TERMINATED = 'Terminated';

export interface Employee {
  readonly id: number;
  employeeNumber: string | null;
  firstName: string;
  middleName: string | null;
  lastName: string;
  preferredName: string | null;
  workEmail: string | null;
  homeEmail: string | null;
  workPhone: string | null;
  mobilePhone: string | null;
  country: string | null;
  /** The two-letter code; reports show the full name. */
  state: string | null;
  hireDate: string | null;
  originalHireDate: string | null;
  /** Marked Inactive by hand, whatever the employment rows say: seen with the real service. */
  deactivated: boolean;
  /** By field alias, e.g. customCostCentre. */
  custom: Record<string, string | null>;
  jobs: readonly JobRow[];
  employments: readonly EmploymentRow[];
  certifications: readonly CertificationRow[];
  lastChanged: number;
}

/**
 * An end of employment entered beforehand leaves the person in work until 23:59 of its date; entered on the day or
 * later, it takes effect at once. Any other row counts from its date.
 */
export const effectiveFrom = (status: string, date: string, enteredOn: string): string =>
  status === TERMINATED && enteredOn < date ? addDays(date, 1) : date;

const latest = <Row extends { id: number }>(
  rows: readonly Row[],
  dayOf: (row: Row) => string,
  today: string | undefined,
): Row | undefined => {
  let found: Row | undefined;
  for (const row of rows) {
    const day = dayOf(row);
    if (today !== undefined && day > today) continue;
    if (!found || day > dayOf(found) || (day === dayOf(found) && row.id > found.id)) found = row;
  }
  return found;
};

const jobDay = (row: JobRow): string => row.date;
const employmentDay = (row: EmploymentRow): string => row.effectiveFrom;

/** The job row in force on a day; without a day, the last one, future or not. */
export const jobOn = (employee: Employee, today?: string): JobRow | undefined => latest(employee.jobs, jobDay, today);

export const employmentOn = (employee: Employee, today?: string): EmploymentRow | undefined =>
  latest(employee.employments, employmentDay, today);

/** Somebody without any employment row counts as Active, and so does a future hire. */
export const isActive = (employment: EmploymentRow | undefined): boolean => employment?.status !== TERMINATED;

/** The last day of the latest employment that has an end, if that end still stands. */
export const lastTermination = (employee: Employee): { date: string; undone: boolean } | undefined => {
  const final = employmentOn(employee);
  if (final?.status === TERMINATED) return { date: final.date, undone: false };
  const ended = latest(
    employee.employments.filter((row) => row.status === TERMINATED),
    employmentDay,
    undefined,
  );
  return ended ? { date: ended.date, undone: true } : undefined;
};

/** The days on which a dated row takes effect. */
export const dueDays = (employee: Employee): string[] => [
  ...employee.jobs.map(jobDay),
  ...employee.employments.map(employmentDay),
];

export const callName = (employee: Employee): string => employee.preferredName ?? employee.firstName;
