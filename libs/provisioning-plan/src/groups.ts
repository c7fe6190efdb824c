import type { Account, Cell, Learner, Operation, Portal } from './facts.js';
import { isFresh, ownershipOf } from './ownership.js';

/** Titles count the same whatever their case. */
export const normaliseTitle = (title: string): string => title.trim().toLowerCase();

/** Whether this portal's policy has a say in the groups of this account now. */
export const hasGroups = (learner: Learner, cell: Cell): boolean => {
  if (learner.groups === undefined) return false;
  const ownership = ownershipOf(learner, 'groups');
  return ownership === 'always' || (ownership === 'on-create' && isFresh(cell.link));
};

export interface GroupPlan {
  readonly operation?: Operation;
  /** Titles that no group of the portal has. */
  readonly missing: readonly string[];
  /** The portal's groups are not known: nothing is said of them. */
  readonly isUnread?: boolean;
}

const NOTHING: GroupPlan = { missing: [] };

/** Joins what is wanted, one at a time, and ends only memberships that Portico made and that are wanted no more. */
export const planGroups = ({ groups }: Portal, cell: Cell, learner: Learner, { accountId }: Account): GroupPlan => {
  if (!hasGroups(learner, cell)) return NOTHING;
  if (groups === undefined) return { missing: [], isUnread: true };
  const wanted = new Set<string>();
  const missing: string[] = [];
  for (const title of learner.groups ?? []) {
    const id = groups.get(normaliseTitle(title));
    if (id === undefined) missing.push(title);
    else wanted.add(id);
  }
  const joined = new Set(cell.groupIds);
  for (const groupId of wanted) {
    if (!joined.has(groupId)) return { missing, operation: { kind: 'join-group', accountId, groupId } };
  }
  const ended = cell.ownGroupIds?.find((id) => joined.has(id) && !wanted.has(id));
  if (ended === undefined) return { missing };
  return { missing, operation: { kind: 'leave-group', accountId, groupId: ended } };
};
