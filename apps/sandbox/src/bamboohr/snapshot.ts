import type { Company } from '../world/company.js';
import {
  employmentOn,
  isActive,
  jobOn,
  lastTermination,
  type Employee,
  type EmploymentRow,
  type JobRow,
} from '../world/employee.js';
import type { Switches } from '../world/switches.js';

/** One employee as seen on a day, or in the end state of everything entered so far. */
export interface Snapshot {
  readonly company: Company;
  readonly switches: Switches;
  readonly employee: Employee;
  readonly job: JobRow | undefined;
  readonly employment: EmploymentRow | undefined;
  readonly active: boolean;
  readonly terminationDate: string | null;
}

const terminationDate = (employee: Employee, today: string | undefined, switches: Switches): string | null => {
  const end = lastTermination(employee);
  if (!end) return null;
  if (end.undone) return switches.terminationDateAfterRehire === 'kept' ? end.date : null;
  const isShown = today === undefined || end.date <= today || switches.futureTerminationDateShown;
  return isShown ? end.date : null;
};

/** @param today without it, dated rows count whatever their date: what `onlyCurrent=false` shows. */
export const takeSnapshot = (
  company: Company,
  employee: Employee,
  today: string | undefined,
  switches: Switches,
): Snapshot => {
  const employment = employmentOn(employee, today);
  return {
    company,
    switches,
    employee,
    job: jobOn(employee, today),
    employment,
    active: isActive(employment) && !employee.deactivated,
    // Dear to work out, and seldom asked for.
    get terminationDate() {
      return terminationDate(employee, today, switches);
    },
  };
};
