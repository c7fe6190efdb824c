import { addDays } from './day-number.js';
import type { EmployeeFacts, EmploymentState } from './employee-facts.js';

/** Where an employment stands today: what was judged when it was recorded, and what the passing of time has made of it. */
export interface Standing {
  readonly state: EmploymentState;
  /** The next day on which the passing of time may change the state. */
  readonly dueOn: string | null;
}

export const standingOn = (today: string, facts: EmployeeFacts): Standing => {
  const { state, hireDate } = facts.employment;
  if (state === 'left' || state === 'unknown') return { state, dueOn: null };
  if (state === 'expected' && hireDate === null) return { state: 'unknown', dueOn: null };
  if (state === 'expected' && hireDate !== null && hireDate > today) return { state, dueOn: hireDate };
  return atWork(today, facts);
};

/** A last day that had passed when the employment was judged has been weighed already, against a newer hire for one. */
const atWork = (today: string, facts: EmployeeFacts): Standing => {
  const { lastDay } = facts.employment;
  if (lastDay === null || lastDay < facts.recordedOn) return { state: 'employed', dueOn: null };
  if (lastDay >= today) return { state: 'employed', dueOn: addDays(lastDay, 1) };
  return { state: facts.unconfirmed.includes('terminationDate') ? 'unknown' : 'left', dueOn: null };
};
