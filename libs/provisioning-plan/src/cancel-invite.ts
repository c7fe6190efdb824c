import type { Cell, CellPlan, Invite, Operation, Person, Portal, Realm } from './facts.js';
import { cellOf } from './find-home.js';
import { isSame } from './identifiers.js';
import { nothing, perform } from './operations.js';
import { isRefusedOperation } from './refusal.js';

/** Policy keeps what was granted when the address is emptied; nobody may be invited at it any more. */
export const hasLostAddress = (cell: Cell): boolean => cell.policyReason === 'no-email';

const isMisdirected = (cell: Cell, { email }: Invite): boolean =>
  cell.learner !== undefined && (hasLostAddress(cell) || !isSame(email, cell.learner.email));

/**
 * The cell's own pending invite where nobody is to accept it any more: its person does not belong here, or it went to an
 * address that is not theirs now, and whoever has the address could accept it.
 */
export const inviteToCancel = (cell: Cell): Invite | undefined => {
  if (cell.link !== undefined || cell.access === 'undecided') return undefined;
  const own = cell.invites.find(
    ({ inviteId, status, listed }) => inviteId === cell.inviteId && status === 'sent' && listed,
  );
  return own !== undefined && (cell.access === 'withheld' || isMisdirected(cell, own)) ? own : undefined;
};

const cancelOf = ({ inviteId }: Invite): Operation => ({ kind: 'cancel-invite', inviteId });

/** Where LearnUpon refused that and still lists the invite as sent, it would again. */
export const cancelInvite = (realm: Realm, cell: Cell, invite: Invite): CellPlan => {
  const operation = cancelOf(invite);
  if (isRefusedOperation(realm, cell, operation)) return nothing(cell, cell.refusal?.reason ?? 'refused-other');
  return perform(cell, operation);
};

/**
 * Another portal where an invite of this person is about to be cancelled, or may be under way. Accepted after the realm
 * has changed the address, it would make a second person at the old one; accepted before that, its account follows.
 */
export const portalWithOpenInvite = (realm: Realm, person: Person, here: string): Portal | undefined =>
  realm.portals.find((portal) => {
    const cell = portal.portal === here || portal.mode !== 'on' ? undefined : cellOf(person, portal.portal);
    return cell !== undefined && (cell.attempt === 'invite' || isAboutToCancel(realm, portal, cell));
  });

const isAboutToCancel = (realm: Realm, { invitesFresh }: Portal, cell: Cell): boolean => {
  const invite = invitesFresh ? inviteToCancel(cell) : undefined;
  return invite !== undefined && !isRefusedOperation(realm, cell, cancelOf(invite));
};
