import { KnownValues } from './compile-rule.js';
import type { EmployeeFacts } from './employee-facts.js';
import type { LeavingPolicy, PortalPolicy, RealmPolicy } from './policy.js';
import { standingOn, type Standing } from './standing.js';
import { wantLearner, type Unwantable, type WantedLearner } from './want-learner.js';

export type AccessState = 'granted' | 'withheld' | 'undecided';
export type AccessReason =
  | 'in-audience'
  | 'not-in-audience'
  | 'not-started'
  | 'left'
  | 'employment-unknown'
  | 'audience-unknown'
  | 'portal-off'
  | Unwantable;

/** The decision for one portal, and why. */
export interface PortalDecision {
  readonly portal: string;
  readonly access: AccessState;
  readonly reason: AccessReason;
  /** Since when the access is what it was because nothing better is known; RFC 3339. */
  readonly keptSince?: string;
  /** There when `access` is `granted`. */
  readonly learner?: WantedLearner;
  readonly leaving: LeavingPolicy;
}

/** What an earlier decision said of one portal; the reason plays no part in the next. */
export type PreviousAccess = Pick<PortalDecision, 'portal' | 'access' | 'keptSince' | 'learner'>;

export interface AccessDecision {
  /** True when the employment has ended by positive evidence. */
  readonly leaver: boolean;
  /** In the realm's order. */
  readonly portals: readonly PortalDecision[];
  /** The next day on which the passing of time alone may change the decision, `YYYY-MM-DD`. */
  readonly dueOn: string | null;
}

export interface DecisionTime {
  /** The company's day, `YYYY-MM-DD`. */
  readonly today: string;
  /** The moment, RFC 3339: only ever copied into `keptSince`. */
  readonly now: string;
}

/**
 * Decides every portal of a realm for one employee. *Unknown* takes nothing away and gives nothing: it keeps what was
 * decided before, and says since when; where nothing was, the portal stays undecided.
 */
export const decideAccess = (
  facts: EmployeeFacts,
  policy: RealmPolicy,
  previous: readonly PreviousAccess[],
  time: DecisionTime,
): AccessDecision => {
  const standing = standingOn(time.today, facts);
  const values = valuesForRules(facts, policy.ruleFields);
  return {
    leaver: standing.state === 'left',
    dueOn: standing.dueOn,
    portals: policy.portals.map((portal) => {
      const before = previous.find((other) => other.portal === portal.portal);
      const verdict = judge(portal, standing, values);
      if (verdict === 'portal-off') return decided(portal, 'undecided', verdict);
      if (isRefusal(verdict)) return decided(portal, 'withheld', verdict);
      const learner = wantLearner(portal, policy.language, facts, before?.learner);
      if (verdict !== 'in-audience') return kept(portal, verdict, before, learner, time);
      if (typeof learner === 'object') return { ...decided(portal, 'granted', verdict), learner };
      return unprovisionable(portal, learner, before, time);
    }),
  };
};

type Refusal = 'left' | 'not-started' | 'not-in-audience';
type Verdict = Refusal | 'in-audience' | 'employment-unknown' | 'audience-unknown' | 'portal-off';

/** A conjunction of three values: what is known to be false decides, whatever else is unknown. */
const judge = (portal: PortalPolicy, { state }: Standing, values: KnownValues): Verdict => {
  if (portal.mode === 'off') return 'portal-off';
  if (state === 'left') return 'left';
  if (state === 'expected') return 'not-started';
  const belongs = portal.audience.holds(values);
  if (belongs === false) return 'not-in-audience';
  if (state === 'unknown') return 'employment-unknown';
  return belongs === undefined ? 'audience-unknown' : 'in-audience';
};

const isRefusal = (verdict: Verdict): verdict is Refusal =>
  verdict === 'left' || verdict === 'not-started' || verdict === 'not-in-audience';

const decided = (portal: PortalPolicy, access: AccessState, reason: AccessReason): PortalDecision => ({
  portal: portal.portal,
  access,
  reason,
  leaving: portal.leaving,
});

/** What is known of the account is still followed: a new name does not wait for the unknown field. */
const kept = (
  portal: PortalPolicy,
  reason: AccessReason,
  before: PreviousAccess | undefined,
  learner: WantedLearner | Unwantable,
  { now }: DecisionTime,
): PortalDecision => {
  if (before === undefined || before.access === 'undecided') return decided(portal, 'undecided', reason);
  const decision = { ...decided(portal, before.access, reason), keptSince: before.keptSince ?? now };
  if (before.access === 'withheld') return decision;
  const wanted = typeof learner === 'object' ? learner : before.learner;
  return wanted === undefined ? decision : { ...decision, learner: wanted };
};

/** Losing the address is no evidence that someone must lose the account: only where there is none is it withheld. */
const unprovisionable = (
  portal: PortalPolicy,
  reason: Unwantable,
  before: PreviousAccess | undefined,
  time: DecisionTime,
): PortalDecision =>
  before?.access === 'granted' || reason === 'mapping-unknown'
    ? kept(portal, reason, before, reason, time)
    : decided(portal, 'withheld', reason);

/** Only what the latest read confirmed; an empty field is the empty text. */
const valuesForRules = (facts: EmployeeFacts, names: readonly string[]): KnownValues => {
  const values = new KnownValues();
  for (const name of names) {
    const value = facts.fields[name];
    if (value !== undefined && !facts.unconfirmed.includes(name)) values.set(name, value ?? '');
  }
  return values;
};
