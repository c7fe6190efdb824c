import { callName, type Employee } from '../world/employee.js';
import type { Snapshot } from './snapshot.js';

export const managerOf = ({ company, job }: Snapshot): Employee | undefined =>
  job?.managerId === null || job?.managerId === undefined ? undefined : company.find(job.managerId);

export const firstLast = (employee: Employee | undefined): string | null =>
  employee ? `${callName(employee)} ${employee.lastName}` : null;

export const lastFirst = (employee: Employee | undefined): string | null =>
  employee ? `${employee.lastName}, ${callName(employee)}` : null;
