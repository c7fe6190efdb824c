import { dayOf, nextDay } from './days.js';
import type { Employment, EmploymentEvidence, EmploymentRow, EmploymentState, FieldValues } from './facts.js';

type Verdict = readonly [EmploymentState, EmploymentEvidence];

/** The evidence of one read; `undefined` is unknown throughout. */
interface Evidence {
  readonly today: string;
  readonly hireDate: string | null | undefined;
  readonly originalHireDate: string | null | undefined;
  readonly terminationDate: string | null | undefined;
  /** The employment status in effect today. */
  readonly employment: 'terminated' | 'working' | 'none' | undefined;
  readonly activity: 'active' | 'inactive' | undefined;
  readonly rows: readonly EmploymentRow[] | undefined;
}

const UNKNOWN: Verdict = ['unknown', 'hidden-evidence'];

/**
 * Says what the fields of one read prove about an employment. Days are the company's: the termination date is the last
 * day with access. To leave takes every field that could say otherwise: taking a field out of a read can make the answer
 * unknown, never `left`.
 *
 * The values are those in effect now (BambooHR's `onlyCurrent=true`), not the future end state.
 */
export const judgeEmployment = (
  values: FieldValues,
  today: string,
  rows?: readonly EmploymentRow[],
): { readonly state: EmploymentState; readonly evidence: EmploymentEvidence } => {
  const [state, evidence] = judge({
    today,
    hireDate: dayOf(values['hireDate']),
    originalHireDate: dayOf(values['originalHireDate']),
    terminationDate: dayOf(values['terminationDate']),
    employment: employmentOf(values['employmentHistoryStatus']),
    activity: activityOf(values['status']),
    rows,
  });
  return { state, evidence };
};

const judge = (evidence: Evidence): Verdict => {
  if (evidence.employment === 'terminated') return judgeTerminated(evidence);
  if (isTerminationPast(evidence)) return judgePastTermination(evidence);
  if (isAfter(evidence.hireDate, evidence.today)) return judgeFutureHire(evidence);
  return judgeAtWork(evidence);
};

/** A termination entered for today takes effect at once and makes the person inactive; one dated ahead lasts the day. */
const judgeTerminated = ({ today, hireDate, terminationDate, activity }: Evidence): Verdict => {
  if (hireDate === undefined || terminationDate === undefined) return UNKNOWN;
  if (isAfter(hireDate, today)) return ['expected', 'hire-date'];
  if (isAfter(terminationDate, today)) return ['employed', 'termination-date'];
  if (terminationDate === today && activity !== 'inactive') return ['employed', 'termination-date'];
  return ['left', 'status-terminated'];
};

/** On the day of the current hire or before it, the date belongs to an earlier employment. */
const isTerminationPast = ({ today, hireDate, terminationDate }: Evidence): boolean =>
  isBefore(terminationDate, today) &&
  (hireDate === null || hireDate === undefined || isAfter(terminationDate, hireDate));

const judgePastTermination = ({ today, hireDate, terminationDate, employment, rows }: Evidence): Verdict => {
  if (hireDate === undefined || employment === undefined) return UNKNOWN;
  if (employment === 'none') return ['left', 'termination-date'];
  if (rows === undefined) return ['unknown', 'termination-contradicted'];
  const isBackAtWork = rows.some(
    (row) => isAfter(row.date, terminationDate) && !isAfter(row.date, today) && employmentOf(row.status) === 'working',
  );
  return isBackAtWork ? ['employed', 'newer-employment-row'] : ['left', 'termination-date'];
};

/** A hire date ahead of someone who works is a rehire that was entered early. */
const judgeFutureHire = ({ today, originalHireDate, employment }: Evidence): Verdict => {
  if (employment === undefined) return UNKNOWN;
  if (employment === 'none') return ['expected', 'hire-date'];
  if (originalHireDate === undefined) return UNKNOWN;
  const hasWorked = originalHireDate !== null && !isAfter(originalHireDate, today);
  return hasWorked ? ['employed', 'employment-status'] : ['expected', 'hire-date'];
};

const judgeAtWork = ({ hireDate, terminationDate, employment, activity }: Evidence): Verdict => {
  if (activity === 'inactive') return ['unknown', 'inactive-without-termination'];
  if (employment === 'working') return ['employed', hireDate ? 'hire-date' : 'employment-status'];
  if (!hireDate) return hireDate === null && employment === 'none' ? ['unknown', 'no-hire-date'] : UNKNOWN;
  if (employment === 'none') return ['employed', 'hire-date'];
  return activity === 'active' && terminationDate !== undefined ? ['employed', 'hire-date'] : UNKNOWN;
};

/** `Terminated` is one of the two values that no customer can rename. */
const employmentOf = (value: string | null | undefined): Evidence['employment'] => {
  if (value === undefined) return undefined;
  if (value === null) return 'none';
  return value.trim().toLowerCase() === 'terminated' ? 'terminated' : 'working';
};

const activityOf = (value: string | null | undefined): Evidence['activity'] => {
  const word = value?.trim().toLowerCase();
  return word === 'active' || word === 'inactive' ? word : undefined;
};

const isAfter = (day: string | null | undefined, other: string | null | undefined): boolean =>
  typeof day === 'string' && typeof other === 'string' && day > other;
const isBefore = (day: string | null | undefined, other: string): boolean => typeof day === 'string' && day < other;

/**
 * The next day on which the passing of time alone may change the employment, so that the person must be read again;
 * `null` when none is known.
 */
export const nextReviewOn = ({ state, hireDate, lastDay }: Employment, today: string): string | null => {
  const ahead = [
    ...(isAfter(hireDate, today) && hireDate !== null ? [hireDate] : []),
    ...(lastDay !== null && lastDay >= today && state !== 'left' ? [nextDay(lastDay)] : []),
    // The last day has passed, and whether it was the last one is not known.
    ...(state === 'unknown' && isBefore(lastDay, today) ? [nextDay(today)] : []),
  ];
  return ahead.length === 0 ? null : ahead.reduce((first, day) => (day < first ? day : first));
};
