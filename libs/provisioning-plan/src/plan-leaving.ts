import { isAdminElsewhere, isForeignAdmin, isUsable } from './account-state.js';
import { cancelInvite, inviteToCancel } from './cancel-invite.js';
import { accountByHand, foreignAdmin, keptBackIn, keptWhereOff, neededIn, unreadPortal } from './details.js';
import type {
  Account,
  Cell,
  CellPlan,
  Hindrance,
  Invite,
  Link,
  Operation,
  Person,
  Portal,
  Reason,
  Realm,
} from './facts.js';
import { cellOf } from './find-home.js';
import { isSame } from './identifiers.js';
import { actualOf, hindered, linkedAccount, nothing, perform } from './operations.js';
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
  const pending = inviteToCancel(cell);
  if (pending !== undefined) return cancelInvite(realm, cell, pending);
  if (invite?.status !== 'accepted') return { ...nothing(cell, cell.policyReason), inviteId: null };

  const accepted = acceptedAccounts(cell, invite);
  if (accepted.length !== 1 || accepted[0] === undefined) return nothing(cell, 'waiting-for-mirror', 'unknown');
  const link: Link = { accountId: accepted[0].accountId, origin: 'accepted', isFresh: true };
  return { ...planLinkedLeaver(realm, portal, person, { ...cell, link }), link, inviteId: null };
};

/** At the invite's address; else, where the realm has changed that since, at one that the person holds. */
const acceptedAccounts = ({ accounts }: Cell, invite: Invite): Account[] => {
  const free = accounts.filter(({ listed, ownerId }) => listed && ownerId === undefined);
  const atAddress = free.filter(({ email }) => isSame(email, invite.email));
  return atAddress.length > 0 ? atAddress : free;
};

const planLinkedLeaver = (realm: Realm, portal: Portal, person: Person, cell: Cell): CellPlan => {
  const account = linkedAccount(cell);
  if (cell.leaving === 'keep') {
    const isOver = account !== undefined && !isUsable(account, realm);
    return nothing(cell, isOver ? whatRemains(realm, cell) : cell.policyReason);
  }
  if (!account?.listed) return planUnlisted(portal, cell);
  if (!isUsable(account, realm)) return nothing(cell, whatRemains(realm, cell), 'disabled');
  if (isAdminElsewhere(realm, person, cell)) return nothing(cell, 'top-level-admin');
  if (isForeignAdmin(account, cell)) return hindered(cell, foreignAdmin(portal));

  const lastDay = lastDayOf(realm, cell);
  if (lastDay !== undefined && endsSoEarly(account, cell, lastDay)) return nothing(cell, cell.policyReason);
  const hindrance = portal.topLevel ? whyTopLevelStays(realm, person, lastDay) : undefined;
  if (hindrance !== undefined) return hindered(cell, hindrance);

  const operation = ending(account, lastDay);
  if (isRefusedOperation(realm, cell, operation)) return nothing(cell, cell.refusal?.reason ?? 'refused-other');
  return perform(cell, operation);
};

/** Nothing is deleted, ever; when nobody needs the account any more, that is said. */
const whatRemains = ({ today }: Realm, { retainUntil, policyReason }: Cell): Reason =>
  retainUntil !== undefined && retainUntil <= today ? 'retention-over' : policyReason;

/** Where the account is to end by itself; a day that has passed ends it now. */
export const lastDayOf = (
  { today }: Pick<Realm, 'today'>,
  { leaving, expiresOn }: Pick<Cell, 'leaving' | 'expiresOn'>,
): string | undefined =>
  leaving === 'expire' && expiresOn !== undefined && expiresOn >= today ? expiresOn : undefined;

/** An earlier day that somebody set by hand stays. */
const endsSoEarly = ({ accountExpires }: Account, { written }: Cell, lastDay: string): boolean =>
  accountExpires === lastDay ||
  (accountExpires !== null && accountExpires < lastDay && accountExpires !== written?.accountExpires);

const ending = ({ accountId }: Account, lastDay: string | undefined): Operation =>
  lastDay === undefined
    ? { kind: 'disable', accountId }
    : { kind: 'update', accountId, changes: { accountExpires: lastDay } };

/**
 * Ending in the top-level portal ends in every sub-portal too. What is needed there outweighs what is not known.
 * @param lastDay when it would end; absent: at once
 */
const whyTopLevelStays = (realm: Realm, person: Person, lastDay: string | undefined): Hindrance | undefined => {
  let found: Hindrance | undefined;
  for (const portal of realm.portals) {
    if (portal.topLevel) continue;
    const hindrance = whyPortalHolds(realm, portal, person, lastDay);
    if (hindrance?.reason === 'needed-in-sub-portal') return hindrance;
    if (found === undefined || found.reason === 'waiting-for-mirror') found = hindrance ?? found;
  }
  return found;
};

const whyPortalHolds = (
  realm: Realm,
  portal: Portal,
  person: Person,
  lastDay: string | undefined,
): Hindrance | undefined => {
  const cell = cellOf(person, portal.portal);
  const usable = cell?.accounts.filter((account) => isUsable(account, realm)) ?? [];
  // Nobody decides anything in a portal that is off: whatever account is there stays as it is.
  if (portal.mode === 'off' && usable.length > 0) return keptWhereOff(portal);
  if (portal.mode !== 'off' && cell !== undefined && isNeeded(realm, cell, lastDay)) {
    return cell.isHeld === true ? keptBackIn(portal) : neededIn(portal);
  }
  if (usable.some(({ ownerId }) => ownerId !== person.employeeId)) return accountByHand(portal);
  return portal.usersFresh ? undefined : unreadPortal(portal);
};

const isNeeded = (realm: Realm, cell: Cell, lastDay: string | undefined): boolean => {
  if (cell.access === 'granted') return true;
  if (cell.link === undefined) return false;
  const account = linkedAccount(cell);
  if (account !== undefined && !isUsable(account, realm)) return false;
  if (cell.access === 'undecided' || cell.isHeld === true) return true;
  return cell.leaving === 'keep' || endsLater(realm, cell, lastDay);
};

const endsLater = (realm: Realm, cell: Cell, lastDay: string | undefined): boolean => {
  const theirs = lastDayOf(realm, cell);
  return theirs !== undefined && (lastDay === undefined || theirs > lastDay);
};
