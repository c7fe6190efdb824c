import { TOP_LEVEL_ADMIN, type Accounts } from './accounts.js';
import { parseCustomData } from './custom-data.js';
import type { Groups } from './groups.js';
import type { Identities } from './identities.js';
import type { Learning } from './learning.js';
import type { Portal } from './portal.js';
import { counter, isListed, isTopLevelAdmin, type RealmBase } from './realm-base.js';
import { USER_TYPES, type Account, type Invite, type InviteStatus, type UserType } from './records.js';
import { checkForm, checkLicence, namePerson, RealmRefusal, refuse } from './user-input.js';

export interface InviteInput {
  readonly kind: Invite['kind'];
  readonly email: string | null;
  readonly username: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly groupId: number | null;
  readonly membershipTypeId: number;
  readonly accountExpires: string | null;
  readonly customData: Record<string, unknown>;
}

const HOUR_MS = 3_600_000;

/** Invites of both kinds, and what becomes of them. */
export class Invites {
  private readonly nextId = counter(70_001);

  constructor(
    private readonly base: RealmBase,
    private readonly identities: Identities,
    private readonly accounts: Accounts,
    private readonly groups: Groups,
    private readonly learning: Learning,
  ) {}

  list(portal: Portal): Invite[] {
    const { portalInvitesListed } = this.base.switches;
    return [...portal.invites.values()].filter(
      ({ kind, createdAt }) => (portalInvitesListed || kind === 'group') && isListed(this.base, createdAt),
    );
  }

  /** @throws RealmRefusal */
  create(portal: Portal, input: InviteInput): Invite {
    const { email, username } = input;
    checkForm(email, null);
    if (email === null && username === null) refuse("Email can't be blank");
    if (input.groupId !== null && !portal.groups.has(input.groupId)) refuse('Group not found');
    const userType = USER_TYPES[input.membershipTypeId - 1] ?? refuse('Portal membership type is invalid');
    const person = this.base.people.find({ email, username });
    if (person?.accounts.has(portal)) refuse('User is already a member of this portal');
    if (person && isTopLevelAdmin(this.base, person)) refuse(TOP_LEVEL_ADMIN);
    const pending = this.pending(portal, email ?? username ?? '');
    const { duplicateGroupInvite, duplicatePortalInvite } = this.base.switches;
    const duplicate = input.kind === 'group' ? duplicateGroupInvite : duplicatePortalInvite;
    if (pending && duplicate === 'refuse') refuse('Duplicate invite: this person has already been invited');
    if (pending && duplicate === 'resend') return this.remind(pending);
    return this.add(portal, input, userType);
  }

  /** @throws RealmRefusal when there is no such invite, or it was accepted */
  cancel(portal: Portal, id: number): void {
    const invite = portal.invites.get(id);
    if (!invite) throw new RealmRefusal('not-found', 'Group invite not found');
    if (invite.status === 'accepted') refuse('Invite has already been accepted');
    if (invite.status === 'sent') this.close(invite, 'canceled');
  }

  /**
   * What the learner does with the link.
   * @throws RealmRefusal
   */
  accept(portal: Portal, token: string): Account {
    const invite = this.open(portal, token);
    const known = this.base.people.find(invite);
    if (known?.accounts.has(portal)) refuse('You are already a member of this portal');
    checkLicence(portal);
    const person = known ?? this.identities.add(invite.email, invite.username);
    if (!known) namePerson(person, { firstName: invite.firstName, lastName: invite.lastName });
    this.close(invite, 'accepted');
    invite.acceptedAt = this.base.clock.now();
    const { userType, accountExpires } = invite;
    const account = this.accounts.add(portal, person, 'invite', { userType, accountExpires }, invite.custom);
    account.signInCount = 1;
    account.lastSignInAt = this.base.clock.now();
    const group = invite.groupId === null ? undefined : portal.groups.get(invite.groupId);
    if (group) this.groups.join(group, account);
    this.learning.begin(invite, account);
    return account;
  }

  /**
   * The learner wants none of it.
   * @throws RealmRefusal
   */
  reject(portal: Portal, token: string): void {
    this.close(this.open(portal, token), 'rejected');
  }

  /** @returns the invite that a portal calls by this number. */
  find(id: number): Invite | undefined {
    for (const portal of this.base.portals) {
      const invite = portal.invites.get(id);
      if (invite) return invite;
    }
    return undefined;
  }

  /** Indexes everybody again: for when the switch on letter case was moved. */
  indexAgain(): void {
    for (const portal of this.base.portals) {
      portal.pendingInvites.clear();
      for (const invite of portal.invites.values()) if (invite.status === 'sent') this.expect(invite);
    }
  }

  private open(portal: Portal, token: string): Invite {
    const invite = portal.invitesByToken.get(token);
    if (!invite) throw new RealmRefusal('not-found', 'This invite does not exist');
    if (invite.status !== 'sent') refuse(`This invite was ${invite.status}`);
    if (this.hasExpired(invite)) refuse('This invite has expired');
    return invite;
  }

  private keyOf({ email, username }: Invite): string {
    return this.base.people.key(email ?? username ?? '');
  }

  /** The open invite of a portal for an identifier. */
  pending(portal: Portal, identifier: string): Invite | undefined {
    const pending = portal.pendingInvites.get(this.base.people.key(identifier)) ?? [];
    return [...pending].find((invite) => !this.hasExpired(invite));
  }

  private hasExpired({ createdAt }: Invite): boolean {
    const { inviteExpiresHours } = this.base.switches;
    return inviteExpiresHours > 0 && this.base.clock.now() > createdAt + inviteExpiresHours * HOUR_MS;
  }

  private add(portal: Portal, input: InviteInput, userType: UserType): Invite {
    const { membershipTypeId: _, customData, ...details } = input;
    const custom = new Map<number, string>();
    for (const [id, value] of parseCustomData(portal.definitions, customData).values)
      if (value !== null) custom.set(id, value);
    const invite: Invite = {
      ...details,
      id: this.nextId(),
      portal,
      token: this.base.random.hex(24),
      userType,
      custom,
      status: 'sent',
      remindersSent: 0,
      lastReminderAt: null,
      createdAt: this.base.clock.now(),
      acceptedAt: null,
    };
    portal.invites.set(invite.id, invite);
    portal.invitesByToken.set(invite.token, invite);
    this.expect(invite);
    this.mail(invite);
    return invite;
  }

  private expect(invite: Invite): void {
    const { pendingInvites } = invite.portal;
    const pending = pendingInvites.get(this.keyOf(invite));
    if (pending) pending.add(invite);
    else pendingInvites.set(this.keyOf(invite), new Set([invite]));
  }

  /** Sends the mail of an open invite once more. */
  remind(invite: Invite): Invite {
    if (invite.status !== 'sent') refuse(`This invite was ${invite.status}`);
    invite.remindersSent += 1;
    invite.lastReminderAt = this.base.clock.now();
    this.mail(invite);
    return invite;
  }

  private mail({ email, portal, token, id }: Invite): void {
    if (email === null) return;
    this.base.mailbox.deliver({
      kind: 'invite',
      to: email,
      portal: portal.name,
      subject: `You are invited to ${portal.title}`,
      acceptUrl: `/accept_invitation/${token}`,
      inviteId: id,
      sentAt: this.base.clock.now(),
    });
  }

  private close(invite: Invite, status: Exclude<InviteStatus, 'sent'>): void {
    invite.status = status;
    const pending = invite.portal.pendingInvites.get(this.keyOf(invite));
    pending?.delete(invite);
    if (pending?.size === 0) invite.portal.pendingInvites.delete(this.keyOf(invite));
  }
}
