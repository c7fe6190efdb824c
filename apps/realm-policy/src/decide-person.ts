import {
  carryHolds,
  decideAccess,
  holdBack,
  isSame,
  previousOf,
  type AccessDecision,
  type DecisionTime,
  type Hold,
  type RealmPolicy,
} from '@portico/access-policy';
import type { AccessDecidedV1, Cause } from '@portico/contracts';
import { toFacts, type StoredFacts } from './facts.js';
import type { StoredRealm } from './persistence/realms.js';

/** What others are told of a decision, and what is kept of portals that are out. */
export type Standing = Pick<AccessDecision, 'leaver' | 'portals' | 'earlier'>;

/** An `access.decided` as it is stored: what is kept of portals that are out is not published. */
export type StoredDecision = Omit<AccessDecidedV1, 'portals'> & Standing;

/** One employee's decision as it is stored. */
export interface Person {
  readonly tenant: string;
  readonly employeeId: string;
  /** There is no row of theirs. */
  readonly isStranger: boolean;
  /** The decision's own; 0 where nothing was decided yet. */
  readonly revision: number;
  /** The employee revision that was decided on; 0 where none was. */
  readonly employeeRevision: number;
  /** `undefined` where nothing was decided yet. */
  readonly standing: Standing | undefined;
}

/** The realm and the moment that a decision is made in. */
export interface DecisionFrame extends DecisionTime {
  readonly realm: StoredRealm;
  readonly policy: RealmPolicy;
}

/** What brought a decision about. */
export interface DecisionBasis {
  readonly employeeRevision: number;
  readonly cause: Cause;
  readonly traceparent: string | undefined;
}

/** A decision that is to be stored, and published where it is news. */
export interface DecidedPerson extends DecisionBasis {
  readonly person: Person;
  readonly frame: DecisionFrame;
  readonly decision: AccessDecision;
  readonly isNews: boolean;
}

/**
 * Decides on one employee revision after another, each on top of the one before.
 * @param history oldest first, at least one.
 * @param begin what the first of them comes on top of; nothing of portals that are decided, where the history is whole.
 */
export const decidePerson = (
  person: Person,
  history: readonly [StoredFacts, ...StoredFacts[]],
  begin: Standing | undefined,
  frame: DecisionFrame,
  basis: DecisionBasis,
): DecidedPerson => {
  const decide = (before: Standing | undefined, facts: StoredFacts) =>
    decideAccess(
      toFacts(person.employeeId, facts, frame.realm.timeZone, frame.policy),
      frame.policy,
      previousOf(before),
      frame,
    );
  const [first, ...later] = history;
  const decided = later.reduce(decide, decide(begin, first));
  // Of what is held the history says nothing.
  const decision = { ...decided, portals: carryHolds(previousOf(person.standing), decided.portals) };
  return { ...basis, person, frame, decision, isNews: !looksSame(person.standing, decision) };
};

/** Since when something is kept makes no difference; that it is does. */
const looksSame = (one: Standing | undefined, other: Standing): boolean =>
  one !== undefined &&
  one.leaver === other.leaver &&
  one.portals.length === other.portals.length &&
  one.portals.every((portal, index) => looksSamePortal(portal, other.portals[index]));

type Portal = Standing['portals'][number];

const looksSamePortal = (one: Portal, other: Portal | undefined): boolean => {
  if (other === undefined || Object.keys(one).length !== Object.keys(other).length) return false;
  for (const key of Object.keys(one) as (keyof Portal)[]) {
    if (key === 'keptSince' ? other[key] === undefined : !isSame(one[key], other[key])) return false;
  }
  return true;
};

const heldBy =
  ({ kind, id, totals }: Cause) =>
  (portal: string): Hold | undefined => {
    const held = totals.portals?.[portal]?.held;
    return held && { kind, id, ...held };
  };

const BULK_FROM = 200;

/** What is sent last where there is much to send. */
export const isBulk = ({ kind, totals }: Cause): boolean =>
  kind === 'policy' || (totals.people ?? totals.joiners + totals.movers + totals.leavers) > BULK_FROM;

export const toStoredDecision = (decided: DecidedPerson, revision: number): StoredDecision => {
  const { person, employeeRevision, frame, decision, cause } = decided;
  return {
    tenant: person.tenant,
    employeeId: person.employeeId,
    revision,
    decidedAt: frame.now,
    employeeRevision,
    policyVersion: frame.realm.version,
    today: frame.today,
    leaver: decision.leaver,
    portals: holdBack(previousOf(person.standing), decision.portals, heldBy(cause)),
    cause,
    ...(decision.earlier && { earlier: decision.earlier }),
  };
};
