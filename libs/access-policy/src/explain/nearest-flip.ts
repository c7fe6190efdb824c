import {
  decideAccess,
  type AccessReason,
  type AccessState,
  type DecisionTime,
  type PortalDecision,
  type PreviousAccess,
} from '../decide-access.js';
import type { EmployeeFacts } from '../employee-facts.js';
import type { PortalPolicy, RealmPolicy } from '../policy.js';
import { factChanges } from './fact-changes.js';
import { policyChanges } from './policy-changes.js';
import type { Change } from './change.js';

/** A change of one field that makes another decision. */
export interface Flip extends Pick<Change, 'field' | 'to' | 'isAnyOther'> {
  /** Absent: never known. */
  readonly from?: string | null;
  readonly becomes: AccessState;
  readonly reason: AccessReason;
}

/** Each is asked of the policy; so many take some milliseconds. */
const MOST_CHANGES = 3_000;

/**
 * The smallest change of a single field that would change a cell's access, found by asking the policy: what decided is
 * tried first, then what else the policy reads, and near values before far ones.
 * @param first the fields that the deciding clause read.
 * @param previous what the decision was made on top of.
 */
export const nearestFlip = (
  facts: EmployeeFacts,
  policy: RealmPolicy,
  portal: PortalPolicy,
  decision: Pick<PortalDecision, 'access' | 'reason'>,
  previous: readonly PreviousAccess[],
  time: DecisionTime,
  first: readonly string[],
): Flip | null => {
  const { reason } = decision;
  const changes = [
    ...factChanges({ facts, policy, portal, reason, time, first }),
    ...policyChanges(facts, portal, reason, time),
  ].sort((one, other) => one.rank - other.rank || one.distance - other.distance);
  for (const change of changes.slice(0, MOST_CHANGES)) {
    const next = decideChanged(facts, policy, portal, previous, time, change);
    if (next === undefined || next.access === decision.access) continue;
    const { field, from, to, isAnyOther } = change;
    return {
      field,
      ...(from === undefined ? {} : { from }),
      to,
      ...(isAnyOther === true ? { isAnyOther } : {}),
      becomes: next.access,
      reason: next.reason,
    };
  }
  return null;
};

const decideChanged = (
  facts: EmployeeFacts,
  policy: RealmPolicy,
  portal: PortalPolicy,
  previous: readonly PreviousAccess[],
  time: DecisionTime,
  change: Change,
): PortalDecision | undefined => {
  const changed = { ...policy, portals: [change.portal ?? portal] };
  return decideAccess(change.facts ?? facts, changed, previous, time).portals[0];
};
