import { isAdminElsewhere, isForeignAdmin } from './account-state.js';
import { cancelInvite, hasLostAddress, inviteToCancel } from './cancel-invite.js';
import { fitCustomData, type FittedData } from './custom-data.js';
import { claimedBy, foreignAdmin, nameMismatch, ownedBy } from './details.js';
import type {
  Account,
  Cell,
  CellPlan,
  Invite,
  Learner,
  Link,
  Operation,
  Person,
  Portal,
  Reason,
  Realm,
} from './facts.js';
import { findHome } from './find-home.js';
import { hasIdentifier, identifierOf, isSame } from './identifiers.js';
import { mayBeSamePerson } from './names.js';
import { createOf, hindered, inviteOf, nothing, perform } from './operations.js';
import { isGiven } from './ownership.js';
import { planLinked } from './plan-linked.js';
import { isRefused, isRefusedOperation } from './refusal.js';

/** A person who belongs in this portal. */
export const planBelonging = (realm: Realm, portal: Portal, person: Person, cell: Cell): CellPlan => {
  const { learner } = cell;
  if (learner === undefined) return nothing(cell, cell.policyReason);
  if (isAdminElsewhere(realm, person, cell)) return nothing(cell, 'top-level-admin');
  if (cell.link !== undefined) return planLinked(realm, portal, person, cell, learner);

  const misdirected = portal.invitesFresh ? inviteToCancel(cell) : undefined;
  if (misdirected !== undefined) return cancelInvite(realm, cell, misdirected);
  if (hasLostAddress(cell)) return nothing(cell, 'no-email');

  const identifier = identifierOf(learner);
  if (identifier === undefined)
    return nothing(cell, learner.identifier === 'email' ? 'no-email' : 'invalid-identifier');
  const holder = person.claimedByOthers.get(identifier);
  if (holder !== undefined) return hindered(cell, claimedBy(holder));
  if (!portal.usersFresh || !portal.invitesFresh) return nothing(cell, 'waiting-for-mirror');

  const invite = cell.invites.find(({ inviteId }) => inviteId === cell.inviteId);
  const found = accountsOf(cell, learner, invite);
  if (found.length > 1) return nothing(cell, 'ambiguous-account');
  if (found[0] !== undefined) return correlate(realm, portal, person, cell, learner, found[0]);
  if (cell.inviteId !== undefined) return planInvited(cell, invite);
  return planNewcomer(realm, portal, person, cell, learner);
};

/** What a person confirmed goes before everything that is alike. */
const accountsOf = (cell: Cell, learner: Learner, invite: Invite | undefined): Account[] => {
  const listed = cell.accounts.filter((account) => account.listed);
  const confirmed = listed.filter(({ accountId }) => accountId === cell.confirmedAccountId);
  if (confirmed.length > 0) return confirmed;
  return listed.filter(
    (account) =>
      hasIdentifier(account, learner) || (invite?.status === 'accepted' && isSame(account.email, invite.email)),
  );
};

const correlate = (
  realm: Realm,
  portal: Portal,
  person: Person,
  cell: Cell,
  learner: Learner,
  account: Account,
): CellPlan => {
  const { accountId, ownerId } = account;
  if (ownerId !== undefined && ownerId !== person.employeeId) return hindered(cell, ownedBy(ownerId));
  if (isForeignAdmin(account, cell)) return hindered(cell, foreignAdmin(portal));
  const link: Link =
    cell.inviteId === undefined
      ? { accountId, origin: 'correlated' }
      : { accountId, origin: 'accepted', isFresh: true };
  if (link.origin === 'correlated' && !isKnownToBe(cell, learner, account)) {
    return hindered(cell, nameMismatch(person.employeeId, cell.portal, accountId));
  }
  const plan = planLinked(realm, portal, person, { ...cell, link }, learner);
  return { ...plan, link, ...(cell.inviteId === undefined ? {} : { inviteId: null }) };
};

/** An address goes to another person when its holder leaves: an account that somebody made by hand may be that one's. */
const isKnownToBe = ({ confirmedAccountId }: Cell, learner: Learner, account: Account): boolean =>
  account.accountId === confirmedAccountId || mayBeSamePerson(account, learner);

/** An invite of ours and no account yet. It is never sent again: what became of it is a person's business. */
const planInvited = (cell: Cell, invite: Invite | undefined): CellPlan => {
  if (invite?.status === 'accepted') return nothing(cell, 'waiting-for-mirror', 'unknown');
  if (invite?.status !== 'sent' || !invite.listed) return nothing(cell, 'invite-cancelled', 'none');
  return nothing(cell, 'waiting-for-accept');
};

const planNewcomer = (realm: Realm, portal: Portal, person: Person, cell: Cell, learner: Learner): CellPlan => {
  const pending = cell.invites.find(
    ({ status, listed, email }) => status === 'sent' && listed && isSame(email, learner.email),
  );
  if (pending !== undefined) {
    return { ...nothing(cell, 'waiting-for-accept', 'invited'), inviteId: pending.inviteId };
  }
  const fitted = fitCustomData(learner.customData, portal.customFields);
  const operation = onboard(realm, person, cell, learner, fitted);
  if (typeof operation === 'string') return nothing(cell, operation);
  if (isRefusedOperation(realm, cell, operation)) return nothing(cell, cell.refusal?.reason ?? 'refused-other');
  if (portal.licencesFull) return nothing(cell, 'licences-full');
  const isPartial = operation.kind === 'create' && (fitted.faults.length > 0 || hasGroupsToJoin(learner));
  return isPartial ? { ...perform(cell, operation), isPartial } : perform(cell, operation);
};

const hasGroupsToJoin = (learner: Learner): boolean =>
  learner.groups !== undefined && learner.groups.length > 0 && isGiven(learner, 'groups');

/**
 * How the account comes about. Away from home a create is bound to be refused: who said `invite` for that case is invited
 * at once. Otherwise it is tried once, because LearnUpon's answer is the authority and not what was declared.
 */
const onboard = (
  realm: Realm,
  person: Person,
  cell: Cell,
  learner: Learner,
  fitted: FittedData,
): Operation | Reason => {
  const home = realm.allowsDuplicates ? undefined : findHome(realm, person);
  const isGuest = home !== undefined && home.portal !== cell.portal;
  if (isGuest && !home.settled) return 'waiting-for-home';

  const isBarred = isGuest || isRefused(realm, cell, 'refused-exists');
  const invites = learner.onboarding === 'invite' || (isBarred && learner.whenRefused === 'invite');
  if (!invites) return createOf(learner, fitted);
  return learner.email === null ? 'no-email' : inviteOf(learner, learner.email);
};
