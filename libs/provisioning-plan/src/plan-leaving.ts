import type { Cell, CellPlan, Invite, Link, Operation, Person, Portal, Reason, Realm } from './facts.js';
import { cellOf } from './find-home.js';
import { isSame } from './identifiers.js';
import { actualOf, linkedAccount, nothing, perform } from './operations.js';
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
  if (hindrance !== undefined) return nothing(cell, hindrance);

  const operation: Operation = { kind: 'disable', accountId: account.accountId };
  if (isRefusedOperation(realm, cell, operation)) return nothing(cell, cell.refusal?.reason ?? 'refused-other');
  return perform(cell, operation);
};

/** Disabling in the top-level portal disables in every sub-portal too. */
const whyTopLevelStays = (realm: Realm, person: Person): Reason | undefined => {
  let hindrance: Reason | undefined;
  for (const portal of realm.portals) {
    if (portal.topLevel) continue;
    const cell = cellOf(person, portal.portal);
    if (cell !== undefined && isNeeded(cell)) return 'needed-in-sub-portal';
    if (cell?.accounts.some(({ ownerId, enabled }) => enabled && ownerId !== person.employeeId)) hindrance = 'not-ours';
    else if (!portal.usersFresh) hindrance ??= 'waiting-for-mirror';
  }
  return hindrance;
};

const isNeeded = (cell: Cell): boolean => {
  if (cell.access === 'granted') return true;
  const mayStay = cell.access === 'undecided' || cell.leaving === 'keep';
  return mayStay && cell.link !== undefined && linkedAccount(cell)?.enabled !== false;
};
