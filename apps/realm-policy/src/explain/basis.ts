import { isDeepStrictEqual } from 'node:util';
import {
  decideAccess,
  previousOf,
  type EmployeeFacts,
  type PortalDecision,
  type PreviousAccess,
  type RealmPolicy,
} from '@portico/access-policy';
import type { Sql } from '@portico/messaging';
import type { Standing, StoredDecision } from '../decide-person.js';
import { toFacts } from '../facts.js';
import {
  revisionAt,
  versionAt,
  versionOf,
  type HeldDecision,
  type KnownRevision,
  type KnownVersion,
} from '../persistence/access-history.js';
import type { PersonKey } from '../persistence/people.js';
import { policyOf } from '../realm/policy-of.js';
import type { WhenAsked } from './when-asked.js';

/** What a decision rests on, and the decision. */
export interface Basis {
  readonly portals: readonly PortalDecision[];
  readonly leaver: boolean;
  readonly version: KnownVersion;
  /** `undefined` where this version of Portico can't read the policy any more. */
  readonly policy: RealmPolicy | undefined;
  readonly revision: KnownRevision;
  readonly facts: EmployeeFacts;
  readonly today: string;
  /** What it was made on top of. */
  readonly previous: readonly PreviousAccess[];
  /** What it keeps of portals that are out. */
  readonly earlier?: NonNullable<Standing['earlier']>;
}

/**
 * Finds the newest record, version and day that a published decision holds for: a record that changed nothing made no
 * new decision, and is what people look at. Where these would decide otherwise, something newer was not decided yet, and
 * the decision is told as it was made.
 */
export const findBasis = async (
  sql: Sql,
  policies: VersionPolicies,
  person: PersonKey,
  [held, before]: readonly [HeldDecision, HeldDecision | undefined],
  { moment, today }: WhenAsked,
): Promise<{ readonly basis: Basis; readonly isBehind: boolean }> => {
  const { event } = held;
  const revision = await revisionAt(sql, person, moment.toString(), event.employeeRevision);
  const version = await versionAt(sql, person.tenant, moment.toString());
  if (revision !== undefined && version !== undefined) {
    const newest = makeBasis(person, policies, { event, revision, version, today, previous: previousOf(event) });
    if (stillHolds(newest, event, moment)) return { basis: newest, isBehind: false };
  }
  const [made, by] = [
    await revisionAt(sql, person, '-infinity', event.employeeRevision),
    await versionOf(sql, person.tenant, event.policyVersion),
  ];
  if (made === undefined || by === undefined) throw new Error('a decision without its record or version');
  const previous = previousOf(before?.event);
  const basis = makeBasis(person, policies, { event, revision: made, version: by, today: event.today, previous });
  return { basis, isBehind: true };
};

interface Found extends Pick<Basis, 'revision' | 'version' | 'today' | 'previous'> {
  readonly event: StoredDecision;
}

const makeBasis = (
  { employeeId }: PersonKey,
  policies: VersionPolicies,
  { event, revision, version, ...rest }: Found,
): Basis => {
  const policy = policies.get(version);
  return {
    ...rest,
    portals: event.portals,
    ...(event.earlier && { earlier: event.earlier }),
    leaver: event.leaver,
    revision,
    version,
    policy,
    facts: toFacts(employeeId, revision.facts, version.document.timeZone, policy ?? { needsDateAdded: true }),
  };
};

const stillHolds = (basis: Basis, event: StoredDecision, moment: Temporal.Instant): boolean => {
  if (basis.policy === undefined) return event.policyVersion === basis.version.version;
  const time = { today: basis.today, now: moment.toString() };
  const decision = decideAccess(basis.facts, basis.policy, basis.previous, time);
  return decision.leaver === event.leaver && isDeepStrictEqual(decision.portals.map(brief), basis.portals.map(brief));
};

const brief = ({ portal, access, reason, keptSince }: PortalDecision) => [portal, access, reason, keptSince];

const MOST_POLICIES = 50;

/** Policies of past versions, compiled once; the oldest of many are forgotten. */
export class VersionPolicies {
  private readonly compiled = new Map<string, RealmPolicy | undefined>();

  /** `undefined` for a document that this version of Portico would refuse. */
  get({ document, version }: KnownVersion): RealmPolicy | undefined {
    const key = `${document.tenant}/${version}`;
    if (this.compiled.has(key)) return this.compiled.get(key);
    const policy = compiledOrNone(document);
    if (this.compiled.size >= MOST_POLICIES) this.compiled.delete(this.compiled.keys().next().value ?? '');
    this.compiled.set(key, policy);
    return policy;
  }
}

const compiledOrNone = (document: KnownVersion['document']): RealmPolicy | undefined => {
  try {
    return policyOf(document);
  } catch {
    return undefined;
  }
};
