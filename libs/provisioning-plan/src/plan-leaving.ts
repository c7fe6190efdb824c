import { accountByHand, keptWhereOff, neededIn, unreadPortal } from './details.js';
import type { Cell, CellPlan, Hindrance, Invite, Link, Operation, Person, Portal, Realm } from './facts.js';
import { cellOf } from './find-home.js';
import { isSame } from './identifiers.js';
import { actualOf, held, linkedAccount, nothing, perform } from './operations.js';
import { isRealmAdmin } from './plan-belonging.js';
import { planUnlisted } from './plan-linked.js';
import { isRefusedOperation } from './refusal.js';

/** A person who does not belong in this portal, by positive evidence. */
export const planLeaving = (realm: Realm, portal: Portal, person: Person, cell: Cell): CellPlan => {
  if (cell.link !== undefined) return planLinkedLeaver(realm, portal, person, cell);
  const invite = cell.invites.find(({ inviteId }) => inviteId === cell.inviteId);
  if (cell.inviteId !== undefined) return planInvitedLeaver(realm, portal, person, cell, invite);
  // Made by hand, and nobody told Portico that it is this person's.
  return nothing(cell, actualOf(cell) === 'active' ? 'not-ours' : cell.policyReason);
};

const planInvitedLeaver = (
  realm: Realm,
  portal: Portal,
  person: Person,
  cell: Cell,
  invite: Invite | undefined,
): CellPlan => {
  if (!portal.invitesFresh) return nothing(cell, 'waiting-for-mirror');
  if (invite?.status === 'sent' && invite.listed) {
    return perform(cell, { kind: 'cancel-invite', inviteId: invite.inviteId });
  }
  if (invite?.status !== 'accepted') return { ...nothing(cell, cell.policyReason), inviteId: null };

  const accepted = cell.accounts.filter(
    ({ listed, email, ownerId }) => listed && ownerId === undefined && isSame(email, invite.email),
  );
  if (accepted.length !== 1 || accepted[0] === undefined) return nothing(cell, 'waiting-for-mirror', 'unknown');
  const link: Link = { accountId: accepted[0].accountId, origin: 'accepted' };
  return { ...planLinkedLeaver(realm, portal, person, { ...cell, link }), link, inviteId: null };
};

const planLinkedLeaver = (realm: Realm, portal: Portal, person: Person, cell: Cell): CellPlan => {
  const account = linkedAccount(cell);
  if (cell.leaving === 'keep') return nothing(cell, cell.policyReason);
  if (!account?.listed) return planUnlisted(portal, cell);
  if (!account.enabled) return nothing(cell, cell.policyReason);
  if (isRealmAdmin(realm, person)) return nothing(cell, 'top-level-admin');

  const hindrance = portal.topLevel ? whyTopLevelStays(realm, person) : undefined;
  if (hindrance !== undefined) return held(cell, hindrance);

  const operation: Operation = { kind: 'disable', accountId: account.accountId };
  if (isRefusedOperation(realm, cell, operation)) return nothing(cell, cell.refusal?.reason ?? 'refused-other');
  return perform(cell, operation);
};

/** Disabling in the top-level portal disables in every sub-portal too. What is needed there outweighs what is not known. */
const whyTopLevelStays = (realm: Realm, person: Person): Hindrance | undefined => {
  let found: Hindrance | undefined;
  for (const portal of realm.portals) {
    if (portal.topLevel) continue;
    const hindrance = whyPortalHolds(portal, person, cellOf(person, portal.portal));
    if (hindrance?.reason === 'needed-in-sub-portal') return hindrance;
    if (found === undefined || found.reason === 'waiting-for-mirror') found = hindrance ?? found;
  }
  return found;
};

const whyPortalHolds = (portal: Portal, { employeeId }: Person, cell: Cell | undefined): Hindrance | undefined => {
  const enabled = cell?.accounts.filter((account) => account.enabled) ?? [];
  // Nobody decides anything in a portal that is off: whatever account is there stays as it is.
  if (portal.mode === 'off' && enabled.length > 0) return keptWhereOff(portal);
  if (portal.mode !== 'off' && cell !== undefined && isNeeded(cell)) return neededIn(portal);
  if (enabled.some(({ ownerId }) => ownerId !== employeeId)) return accountByHand(portal);
  return portal.usersFresh ? undefined : unreadPortal(portal);
};

const isNeeded = (cell: Cell): boolean => {
  if (cell.access === 'granted') return true;
  const mayStay = cell.access === 'undecided' || cell.leaving === 'keep';
  return mayStay && cell.link !== undefined && linkedAccount(cell)?.enabled !== false;
};
