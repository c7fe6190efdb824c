import type { EmployeeFacts } from './employee-facts.js';
import { FactValues } from './fact-values.js';
import { judgePortal, type AccessReason, type Verdict } from './judge-portal.js';
import { endOfAccess, type EndOfAccess } from './leaving.js';
import type { LeavingPolicy, PortalPolicy, RealmPolicy } from './policy.js';
import { standingOn, type Standing } from './standing.js';
import { wantLearner, type LearnerSource, type Unwantable, type WantedLearner } from './want-learner.js';
import { shiftDay } from './day-number.js';

export type AccessState = 'granted' | 'withheld' | 'undecided';
export type { AccessReason } from './judge-portal.js';

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
  /** The last day of access: in the days of grace, and where days are counted from it. */
  readonly lastDay?: string;
  /** The last day of the account, where leaving lets it expire. */
  readonly expiresOn?: string;
  /** From this day an admin may delete the account. */
  readonly retainUntil?: string;
  /** There where the gate keeps back that access is taken away. Deciding gives none: see `gate.ts`. */
  readonly hold?: Hold;
}

/** By which cause access was taken, and with it from how many people within a day at most, of how many who had it. */
export interface Hold {
  readonly kind: string;
  readonly id: string;
  readonly people: number;
  readonly of: number;
}

/** What an earlier decision said of one portal; the reason plays no part in the next. */
export type PreviousAccess = Pick<
  PortalDecision,
  'portal' | 'access' | 'keptSince' | 'learner' | 'lastDay' | 'expiresOn' | 'retainUntil' | 'hold'
>;

export interface AccessDecision {
  /** True when the employment has ended by positive evidence. */
  readonly leaver: boolean;
  /** In the realm's order. */
  readonly portals: readonly PortalDecision[];
  /** The next day on which the passing of time alone may change the decision, `YYYY-MM-DD`. */
  readonly dueOn: string | null;
  /** What was decided last of portals that are off or taken out: it is gone on with when they come back. */
  readonly earlier?: readonly PreviousAccess[];
}

/** What the next decision is made on top of. */
export const previousOf = (
  decision: Pick<AccessDecision, 'portals' | 'earlier'> | undefined,
): readonly PreviousAccess[] =>
  decision?.earlier === undefined ? (decision?.portals ?? []) : [...decision.earlier, ...decision.portals];

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
  const person = new Person(facts, policy, time);
  const portals = policy.portals.map((portal) => person.decide(portal, previous));
  const earlier = previous.filter((before) => isAtRest(before, policy));
  return {
    leaver: person.standing.state === 'left',
    portals,
    dueOn: person.dueOn(),
    ...(earlier.length === 0 ? {} : { earlier }),
  };
};

const isAtRest = ({ portal, access }: PreviousAccess, { portals }: RealmPolicy): boolean =>
  access !== 'undecided' && !portals.some((one) => one.portal === portal && one.mode !== 'off');

/** One employee on one day, with what its rules were asked. */
class Person implements LearnerSource {
  readonly standing: Standing;
  readonly values: FactValues;
  private readonly confirmed: FactValues;
  private due: string | null;

  constructor(
    readonly facts: EmployeeFacts,
    readonly policy: RealmPolicy,
    private readonly time: DecisionTime,
  ) {
    this.standing = standingOn(time.today, facts);
    this.due = this.standing.dueOn;
    this.confirmed = new FactValues(facts, policy, time.today, 'confirmed');
    this.values = new FactValues(facts, policy, time.today, 'last-known');
  }

  decide(portal: PortalPolicy, previous: readonly PreviousAccess[]): PortalDecision {
    const { facts, standing, confirmed, time } = this;
    const before = previous.find((other) => other.portal === portal.portal);
    const verdict = judgePortal(portal, { facts, standing, values: confirmed, today: time.today }, before);
    if (verdict.dueOn !== undefined && (this.due === null || verdict.dueOn < this.due)) this.due = verdict.dueOn;
    if (verdict.access === 'undecided') return decided(portal, 'undecided', verdict.reason);
    if (verdict.access === 'withheld') return withheld(portal, verdict, before, time);
    const learner = wantLearner(portal, this, before?.learner);
    if (verdict.access === 'unknown') return kept(portal, verdict.reason, before, learner, time);
    return granted(portal, verdict, before, learner, time);
  }

  /** A rule that asked for the day may say something else tomorrow. */
  dueOn(): string | null {
    const tomorrow = this.confirmed.sawToday || this.values.sawToday ? shiftDay(this.time.today, 1) : undefined;
    return tomorrow ?? this.due;
  }
}

const decided = (
  portal: PortalPolicy,
  access: AccessState,
  reason: AccessReason,
  end?: EndOfAccess,
): PortalDecision => ({
  portal: portal.portal,
  access,
  reason,
  leaving: portal.leaving.action,
  ...end,
});

const withheld = (
  portal: PortalPolicy,
  { reason, lastDay }: Verdict,
  before: PreviousAccess | undefined,
  { today }: DecisionTime,
): PortalDecision => decided(portal, 'withheld', reason, endOfAccess(portal.leaving, lastDay, before, today));

const granted = (
  portal: PortalPolicy,
  { reason, lastDay }: Verdict,
  before: PreviousAccess | undefined,
  learner: WantedLearner | Unwantable,
  time: DecisionTime,
): PortalDecision => {
  const end = lastDay === undefined ? undefined : { lastDay };
  if (typeof learner === 'object') return { ...decided(portal, 'granted', reason, end), learner };
  // In the days of grace nobody is made an account: the one that is there stays as it is.
  if (reason === 'grace' && before?.learner)
    return { ...decided(portal, 'granted', reason, end), learner: before.learner };
  return unprovisionable(portal, learner, before, time);
};

/** What is known of the account is still followed: a new name does not wait for the unknown field. */
const kept = (
  portal: PortalPolicy,
  reason: AccessReason,
  before: PreviousAccess | undefined,
  learner: WantedLearner | Unwantable,
  { now }: DecisionTime,
): PortalDecision => {
  if (before === undefined || before.access === 'undecided') return decided(portal, 'undecided', reason);
  const decision = { ...decided(portal, before.access, reason, daysOf(before)), keptSince: before.keptSince ?? now };
  if (before.access === 'withheld') return decision;
  const wanted = typeof learner === 'object' ? learner : before.learner;
  return wanted === undefined ? decision : { ...decision, learner: wanted };
};

const daysOf = ({ lastDay, expiresOn, retainUntil }: PreviousAccess): EndOfAccess => ({
  ...(lastDay === undefined ? {} : { lastDay }),
  ...(expiresOn === undefined ? {} : { expiresOn }),
  ...(retainUntil === undefined ? {} : { retainUntil }),
});

/** Losing the address is no evidence that someone must lose the account: only where there is none is it withheld. */
const unprovisionable = (
  portal: PortalPolicy,
  reason: Unwantable,
  before: PreviousAccess | undefined,
  time: DecisionTime,
): PortalDecision =>
  before?.access === 'granted' || reason === 'mapping-unknown'
    ? kept(portal, reason, before, reason, time)
    : withheld(portal, { access: 'withheld', reason }, before, time);
