import { addDays } from './day-number.js';
import type { EmployeeFacts } from './employee-facts.js';
import type { LeavingRule } from './policy.js';

/** What an earlier decision said of the end of access. */
export interface EarlierEnd {
  readonly access: 'granted' | 'withheld' | 'undecided';
  readonly lastDay?: string;
  /** There where the gate keeps back that access was taken. */
  readonly hold?: object;
}

/** The last day of access of someone who has left: the last day of the employment and the days of grace after it. */
export const graceEnd = (facts: EmployeeFacts, { graceDays }: LeavingRule, before: EarlierEnd | undefined): string => {
  const { lastDay } = facts.employment;
  if (lastDay !== null) return addDays(lastDay, graceDays);
  // Nobody knows the day: it is the one on which it was noticed first.
  return before?.access === 'granted' && before.lastDay !== undefined
    ? before.lastDay
    : addDays(facts.recordedOn, graceDays);
};

export interface EndOfAccess {
  readonly lastDay?: string;
  readonly expiresOn?: string;
  readonly retainUntil?: string;
}
const NO_END: EndOfAccess = {};

/** Whether an end of access is to be followed by dates at all. */
const hasDates = ({ action, retainDays }: LeavingRule): boolean => action === 'expire' || retainDays !== null;

/**
 * The days that follow an end of access.
 * @param known the last day of access, where the facts tell it; else it was yesterday, or when it was taken away before.
 */
export const endOfAccess = (
  rule: LeavingRule,
  known: string | undefined,
  before: EarlierEnd | undefined,
  today: string,
): EndOfAccess => {
  if (!hasDates(rule)) return NO_END;
  const lastDay = known ?? lastDayOf(before, today);
  if (lastDay === undefined) return NO_END;
  return {
    lastDay,
    ...(rule.action === 'expire' ? { expiresOn: addDays(lastDay, rule.expireDays) } : {}),
    ...(rule.retainDays === null ? {} : { retainUntil: addDays(lastDay, rule.retainDays) }),
  };
};

const lastDayOf = (before: EarlierEnd | undefined, today: string): string | undefined =>
  before?.access === 'granted' ? addDays(today, -1) : before?.lastDay;
