import type { Cell, CellPlan, Invite, Operation, Realm } from './facts.js';
import { nothing, perform } from './operations.js';
import { isRefusedOperation } from './refusal.js';

/** An invite that is not to be accepted any more. Where LearnUpon refused that and still lists it as sent, it would again. */
export const cancelInvite = (realm: Realm, cell: Cell, { inviteId }: Invite): CellPlan => {
  const operation: Operation = { kind: 'cancel-invite', inviteId };
  if (isRefusedOperation(realm, cell, operation)) return nothing(cell, cell.refusal?.reason ?? 'refused-other');
  return perform(cell, operation);
};
