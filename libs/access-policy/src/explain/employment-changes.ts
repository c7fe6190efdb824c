import { addDays, daysBetween } from '../day-number.js';
import type { AccessReason, DecisionTime } from '../decide-access.js';
import type { EmployeeFacts } from '../employee-facts.js';
import type { LeavingRule } from '../policy.js';
import type { Change } from './change.js';

const ABOUT_EMPLOYMENT: ReadonlySet<AccessReason> = new Set<AccessReason>([
  'left',
  'grace',
  'not-started',
  'employment-unknown',
]);

type Employment = EmployeeFacts['employment'];

/** The record with another employment; a hire date that is ahead makes it an expected one. */
export const withEmployment = (facts: EmployeeFacts, change: Partial<Employment>, today: string): EmployeeFacts => {
  const employment = { ...facts.employment, ...change };
  const isDated = change.hireDate !== undefined && ['expected', 'employed'].includes(employment.state);
  const state = (employment.hireDate ?? '') > today ? ('expected' as const) : ('employed' as const);
  return { ...facts, employment: isDated ? { ...employment, state } : employment };
};

/** That the employment goes on, has ended, or begins on another day. */
export const employmentChanges = (
  facts: EmployeeFacts,
  reason: AccessReason,
  { today }: DecisionTime,
  { graceDays }: Pick<LeavingRule, 'graceDays'>,
): Change[] => {
  const rank = ABOUT_EMPLOYMENT.has(reason) ? -1 : 10;
  const { state, hireDate } = facts.employment;
  const changes: Omit<Change, 'rank'>[] = [];
  const change = (field: string, from: string | null, to: string, employment: Partial<Employment>, distance: number) =>
    changes.push({ field, from, to, distance, facts: withEmployment(facts, employment, today) });
  for (const days of reason === 'not-started' ? START_STEPS : []) {
    const to = addDays(today, days);
    change('hireDate', hireDate, to, { hireDate: to }, Math.abs(daysBetween(hireDate ?? today, to) ?? 0));
  }
  const yesterday = addDays(today, -1);
  if (state !== 'employed') {
    change('employment.state', state, 'employed', { state: 'employed', lastDay: null }, 100_000);
  }
  if (state !== 'left') change('employment.state', state, 'left', { state: 'left', lastDay: yesterday }, 100_001);
  if (reason === 'grace') {
    const to = addDays(today, -graceDays - 1);
    const { lastDay } = facts.employment;
    change('employment.lastDay', lastDay, to, { lastDay: to }, Math.abs(daysBetween(lastDay ?? today, to) ?? 0));
  }
  const ended = facts.employment.lastDay;
  if (state === 'employed' && ended !== null && ended < today) {
    change('employment.lastDay', ended, today, { lastDay: today }, Math.abs(daysBetween(ended, today) ?? 0));
  }
  return changes.map((each) => ({ ...each, rank }));
};

/** A start may be counted from the hire date by up to a year either way. */
const START_STEPS = Array.from({ length: 731 }, (_, index) => index - 365);
