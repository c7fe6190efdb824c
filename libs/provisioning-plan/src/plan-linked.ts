import { accountChanges } from './account-changes.js';
import { isForeignAdmin, isUsable } from './account-state.js';
import { portalWithOpenInvite } from './cancel-invite.js';
import { fitCustomData } from './custom-data.js';
import { claimedBy, foreignAdmin, heldInvite, missingHere, openInvite, unreadGroups } from './details.js';
import type { Account, Cell, CellPlan, Changes, Holder, Learner, Operation, Person, Portal, Realm } from './facts.js';
import { cellOf, identityOf } from './find-home.js';
import { hasGroups, planGroups } from './groups.js';
import { identifierKey } from './identifiers.js';
import { hindered, linkedAccount, nothing, perform } from './operations.js';
import { isRefusedOperation } from './refusal.js';

const holderOf = ({ email, username }: Changes, { claimedByOthers }: Person): Holder | undefined =>
  (email === undefined ? undefined : claimedByOthers.get(identifierKey('email', email))) ??
  (username === undefined ? undefined : claimedByOthers.get(identifierKey('username', username)));

const correction = (realm: Realm, account: Account, changes: Changes | undefined): Operation | undefined => {
  const { accountId } = account;
  if (isUsable(account, realm)) return changes && { kind: 'update', accountId, changes };
  const expiry = account.accountExpires === null ? undefined : { accountExpires: null };
  return { kind: 'enable', accountId, changes: { ...changes, ...expiry } };
};

/** A person who belongs here and has an account: keep it like the employee record. */
export const planLinked = (realm: Realm, portal: Portal, person: Person, cell: Cell, learner: Learner): CellPlan => {
  const account = linkedAccount(cell);
  if (!account?.listed) return planUnlisted(portal, cell);

  if (isForeignAdmin(account, cell)) return hindered(cell, foreignAdmin(portal));

  const fitted = fitCustomData(learner.customData, portal.customFields);
  const changes = accountChanges(account, portal, cell, learner, identityOf(realm, person, learner), fitted);
  const holder = changes && holderOf(changes, person);
  if (holder !== undefined) return hindered(cell, claimedBy(holder));

  const groups = planGroups(portal, cell, learner, account);
  const operation = correction(realm, account, changes) ?? groups.operation;
  if (operation === undefined) {
    if (groups.isUnread === true) return hindered(cell, unreadGroups(portal));
    return hindered(cell, missingHere(groups.missing, fitted.faults) ?? { reason: 'converged' });
  }
  if (isRefusedOperation(realm, cell, operation)) return nothing(cell, cell.refusal?.reason ?? 'refused-other');
  const open = changes?.email === undefined ? undefined : portalWithOpenInvite(realm, person, portal.portal);
  if (open !== undefined) {
    const isKeptBack = cellOf(person, open.portal)?.isHeld === true;
    return hindered(cell, isKeptBack ? heldInvite(open) : openInvite(open));
  }
  const isPartial = fitted.faults.length > 0 || cell.link?.isFresh === true || hasGroups(learner, cell);
  return isPartial ? { ...perform(cell, operation), isPartial } : perform(cell, operation);
};

/** Absence from a list is no evidence; only the portal's answer for the id is. */
export const planUnlisted = (portal: Portal, cell: Cell): CellPlan => {
  if (!portal.usersFresh || cell.link === undefined) return nothing(cell, 'waiting-for-mirror', 'unknown');
  return perform(cell, { kind: 'check', accountId: cell.link.accountId }, 'unknown');
};
