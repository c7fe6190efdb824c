import type { Employee } from '../../world/employee.js';
import { snapshotOf, visibleEmployees, type BambooCall } from '../request.js';
import type { Snapshot } from '../snapshot.js';

type Expand = (snapshot: Snapshot) => readonly Snapshot[];

/** The rows of a dated table, each as if it were the one in force. */
const HISTORIES: Readonly<Record<string, Expand>> = {
  jobInformation: (snapshot) => snapshot.employee.jobs.map((job) => withRow(snapshot, { job })),
  employmentStatus: (snapshot) => snapshot.employee.employments.map((employment) => withRow(snapshot, { employment })),
};

const withRow = (snapshot: Snapshot, rows: Partial<Pick<Snapshot, 'job' | 'employment'>>): Snapshot => ({
  ...snapshot,
  ...rows,
});

/** Everybody whom the caller may see, as of today; with history, once for each row of it. */
export const datasetRows = (call: BambooCall, showHistory: readonly string[] = []): readonly Snapshot[] => {
  const one = (employee: Employee): readonly Snapshot[] => {
    let rows: readonly Snapshot[] = [snapshotOf(call, employee, true)];
    for (const entity of showHistory) {
      const expand = HISTORIES[entity];
      if (expand) rows = rows.flatMap((row) => expand(row));
    }
    return rows;
  };
  return [...visibleEmployees(call)].flatMap(one);
};
