import { callName, type Employee } from '../world/employee.js';
import type { Snapshot } from './snapshot.js';

export const managerOf = ({ company, job }: Snapshot): Employee | undefined =>
  job?.managerId === null || job?.managerId === undefined ? undefined : company.find(job.managerId);

export const firstLast = (employee: Employee | undefined): string | null =>
  employee ? `${callName(employee)} ${employee.lastName}` : null;

export const lastFirst = (employee: Employee | undefined): string | null =>
  employee ? `${employee.lastName}, ${callName(employee)}` : null;

const withMiddle = ({ firstName, middleName }: Employee): string =>
  middleName === null ? firstName : `${firstName} ${middleName}`;

const inBrackets = (name: string | null): string => (name === null ? '' : ` (${name})`);

/** fullName1 to fullName5, as the guide on field names tells them apart. */
export const FULL_NAMES: readonly ((employee: Employee) => string)[] = [
  ({ firstName, lastName }) => `${firstName} ${lastName}`,
  ({ firstName, lastName }) => `${lastName}, ${firstName}`,
  (employee) => `${employee.lastName}, ${withMiddle(employee)}${inBrackets(employee.preferredName)}`,
  (employee) => `${employee.lastName}, ${withMiddle(employee)}`,
  (employee) => `${withMiddle(employee)} ${employee.lastName}`,
];
