import { CompanyError } from './company-error.js';
import {
  effectiveFrom,
  employmentOn,
  jobOn,
  TERMINATED,
  type Employee,
  type EmploymentRow,
  type JobRow,
} from './employee.js';

export type JobDetails = Partial<Omit<JobRow, 'id' | 'date'>>;

export const NO_JOB: Omit<JobRow, 'id' | 'date'> = {
  location: null,
  department: null,
  division: null,
  jobTitle: null,
  managerId: null,
};

export interface NewEmployment {
  readonly id: number;
  readonly status: string;
  readonly date: string;
  /** The day on which the row is entered. */
  readonly enteredOn: string;
  /** The kind of the end, where it is one. */
  readonly reason?: string;
  readonly comment?: string;
}

export const employmentRow = (row: NewEmployment): EmploymentRow => {
  const { id, status, date, enteredOn, reason = '', comment = '' } = row;
  const from = effectiveFrom(status, date, enteredOn);
  const terminationReason = reason === '' ? '' : 'Other';
  return { id, date, effectiveFrom: from, status, comment, terminationType: reason, terminationReason };
};

/** What the new row doesn't say stays as in the row before it. */
export const addJob = (employee: Employee, job: JobDetails, date: string, id: number): void => {
  const { id: _id, date: _date, ...before } = jobOn(employee, date) ?? { ...NO_JOB, id: 0, date };
  employee.jobs = [...employee.jobs, { ...before, ...job, id, date }];
};

/** @throws CompanyError conflict, where the person has ended already or has not begun by then */
export const addEnd = (employee: Employee, row: Omit<NewEmployment, 'status'>): void => {
  const final = employmentOn(employee);
  if (final?.status === TERMINATED) {
    throw new CompanyError('conflict', `employee ${employee.id} is terminated already, or will be: rehire first`);
  }
  if (final && row.date < final.effectiveFrom) {
    throw new CompanyError(
      'conflict',
      `employee ${employee.id} starts on ${final.date}: give that "date" or a later one, or delete the record`,
    );
  }
  employee.employments = [...employee.employments, employmentRow({ ...row, status: TERMINATED })];
};

/** The hire date becomes the date of the return. @throws CompanyError conflict, where there is nothing to return from */
export const addReturn = (employee: Employee, row: NewEmployment): void => {
  const final = employmentOn(employee);
  if (final?.status !== TERMINATED) {
    throw new CompanyError('conflict', `employee ${employee.id} is not terminated: terminate first`);
  }
  if (row.date < final.effectiveFrom) {
    throw new CompanyError('conflict', `employee ${employee.id} works until ${final.date}: give a later "date"`);
  }
  moveHireDate(employee, row.date);
  employee.employments = [...employee.employments, employmentRow(row)];
};

export const moveHireDate = (employee: Employee, date: string): void => {
  employee.originalHireDate ??= employee.hireDate;
  employee.hireDate = date;
};
