import { addDays } from './day-number.js';
import type { EmployeeFacts } from './employee-facts.js';
import { handPicked, type HandPicked } from './hand-picks.js';
import { graceEnd, type EarlierEnd } from './leaving.js';
import { STATUS_FIELD, type PortalPolicy } from './policy.js';
import { rampShare } from './ramp.js';
import type { KnownValues } from './rules/known-values.js';
import type { Standing } from './standing.js';
import { startAhead } from './start.js';
import type { Unwantable } from './want-learner.js';

export type AccessReason =
  | 'in-audience'
  | 'not-in-audience'
  | 'not-started'
  | 'left'
  | 'grace'
  | 'not-eligible'
  | 'included'
  | 'excluded'
  | 'not-in-ramp'
  | 'access-ended'
  | 'employment-unknown'
  | 'audience-unknown'
  | 'portal-off'
  | Unwantable;

/** Whether a person belongs; the account is looked at afterwards. */
export interface Verdict {
  readonly access: 'granted' | 'withheld' | 'undecided' | 'unknown';
  readonly reason: AccessReason;
  /** The next day on which time alone may change it. */
  readonly dueOn?: string;
  /** The last day of access, where it is known. */
  readonly lastDay?: string;
}

/** One employee on one day. */
export interface Judged {
  readonly facts: EmployeeFacts;
  readonly standing: Standing;
  /** Confirmed values only. */
  readonly values: KnownValues;
  readonly today: string;
}

const PORTAL_OFF: Verdict = { access: 'undecided', reason: 'portal-off' };
const ACCESS_ENDED: Verdict = { access: 'withheld', reason: 'access-ended' };

/** The first of these that applies decides: the portal's switch, a hand, the ramp, the employment, the audience. */
export const judgePortal = (portal: PortalPolicy, judged: Judged, before: EarlierEnd | undefined): Verdict => {
  if (portal.mode === 'off') return PORTAL_OFF;
  if (portal.ended) return ACCESS_ENDED;
  const picked = handPicked(portal, judged.facts.employeeId, judged.today);
  const verdict = judgePicked(portal, judged, picked, before);
  return sooner(verdict, picked.dueOn);
};

const sooner = (verdict: Verdict, dueOn: string | null): Verdict =>
  dueOn === null || (verdict.dueOn !== undefined && verdict.dueOn < dueOn) ? verdict : { ...verdict, dueOn };

const judgePicked = (
  portal: PortalPolicy,
  judged: Judged,
  { excluded, included }: HandPicked,
  before: EarlierEnd | undefined,
): Verdict => {
  if (excluded !== undefined) return { access: 'withheld', reason: 'excluded' };
  const isOutside = included === undefined && !isInRamp(portal, judged.facts.employeeId);
  if (isOutside && (before === undefined || before.access === 'undecided')) return NOT_IN_RAMP;
  const { state } = judged.standing;
  if (state === 'left') return judgeLeaver(portal, judged, before);
  const verdict = included === undefined ? judgeMember(portal, judged, before) : judgeIncluded(judged.standing);
  return verdict.access === 'granted' && isOutside && !hadAccess(before) ? NOT_IN_RAMP : verdict;
};

/** Who is held has it still. */
const hadAccess = (before: EarlierEnd | undefined): boolean =>
  before?.access === 'granted' || before?.hold !== undefined;

const NOT_IN_RAMP: Verdict = { access: 'undecided', reason: 'not-in-ramp' };
const isInRamp = ({ ramp, rampSeed }: PortalPolicy, employeeId: string): boolean =>
  ramp >= 100 || rampShare(rampSeed, employeeId) < ramp;

const INCLUDED: Verdict = { access: 'granted', reason: 'included' };
const EMPLOYMENT_UNKNOWN: Verdict = { access: 'unknown', reason: 'employment-unknown' };
const judgeIncluded = ({ state }: Standing): Verdict => (state === 'unknown' ? EMPLOYMENT_UNKNOWN : INCLUDED);

/** Grace keeps what there is, and gives nothing to whom had nothing. */
const judgeLeaver = (portal: PortalPolicy, { facts, today }: Judged, before: EarlierEnd | undefined): Verdict => {
  const isDated = facts.employment.lastDay !== null;
  if (portal.leaving.graceDays === 0 && isDated)
    return { access: 'withheld', reason: 'left', lastDay: facts.employment.lastDay ?? today };
  if (before?.access !== 'granted') {
    return {
      access: 'withheld',
      reason: 'left',
      ...(isDated ? { lastDay: graceEnd(facts, portal.leaving, before) } : {}),
    };
  }
  const lastDay = graceEnd(facts, portal.leaving, before);
  if (lastDay < today || portal.leaving.graceDays === 0) return { access: 'withheld', reason: 'left', lastDay };
  return { access: 'granted', reason: 'grace', lastDay, dueOn: addDays(lastDay, 1) };
};

const IN_AUDIENCE: Verdict = { access: 'granted', reason: 'in-audience' };
const NOT_IN_AUDIENCE: Verdict = { access: 'withheld', reason: 'not-in-audience' };
const NOT_ELIGIBLE: Verdict = { access: 'withheld', reason: 'not-eligible' };
const AUDIENCE_UNKNOWN: Verdict = { access: 'unknown', reason: 'audience-unknown' };

/** A conjunction of three values: what is known to be false decides, whatever else is unknown. */
const judgeMember = (
  portal: PortalPolicy,
  { facts, standing, values, today }: Judged,
  before: EarlierEnd | undefined,
): Verdict => {
  const start = startAhead(portal.start, facts, standing, today, before);
  if (start !== undefined && standing.state !== 'unknown')
    return { access: 'withheld', reason: 'not-started', dueOn: start };
  const isEligible = eligible(portal, facts, standing);
  if (isEligible === false) return NOT_ELIGIBLE;
  const belongs = portal.audience.holds(values);
  if (belongs === false) return NOT_IN_AUDIENCE;
  if (standing.state === 'unknown' || isEligible === undefined) return EMPLOYMENT_UNKNOWN;
  return belongs === undefined ? AUDIENCE_UNKNOWN : IN_AUDIENCE;
};

/** BambooHR shows no status of those who start later: it counts from the first day. */
const eligible = (
  { eligible: statuses }: PortalPolicy,
  facts: EmployeeFacts,
  { state }: Standing,
): boolean | undefined => {
  if (statuses === undefined) return true;
  const status = facts.fields[STATUS_FIELD];
  if (status === undefined || facts.unconfirmed.includes(STATUS_FIELD)) return undefined;
  const text = status?.trim() ?? '';
  return (text === '' && state === 'expected') || statuses.has(text);
};
