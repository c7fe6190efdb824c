import type { SandboxClock } from './clock.js';
import { parseCustomData } from './custom-data.js';
import { Mailbox } from './mailbox.js';
import {
  Portal,
  USER_TYPES,
  type Account,
  type Group,
  type Invite,
  type Person,
  type PortalSpec,
  type UserType,
} from './portal.js';
import { PeopleIndex } from './people-index.js';
import type { Random } from './random.js';
import type { Switches } from './switches.js';
import {
  checkFields,
  checkForm,
  checkIdentifiers,
  checkPassword,
  namePerson,
  RealmRefusal,
  refuse,
  setFields,
  type UserInput,
} from './user-input.js';

/** Seen in the wild, to the letter. */
export const EXISTS_IN_REALM = 'user already exists, you can try to invite them to this portal?';
const NO_LICENCE = 'There are no user licenses available in this portal';
const TOP_LEVEL_ADMIN = 'User is a top-level administrator and cannot be added to this portal';

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

/** One top-level portal and its sub-portals: people once, an account in each portal they belong to. */
export class Realm {
  readonly portals: readonly Portal[];
  readonly topLevel: Portal;
  readonly mailbox = new Mailbox();
  private readonly people: PeopleIndex;
  private nextPersonId = 400_001;
  private nextUserId = 991_001;
  private nextInviteId = 70_001;
  private nextGroupId = 5_001;
  private nextMembershipId = 880_001;

  constructor(
    specs: readonly PortalSpec[],
    rates: { perMinute: number | null; perWeek: number | null },
    private readonly random: Random,
    private readonly clock: SandboxClock,
    readonly switches: Switches,
  ) {
    this.people = new PeopleIndex(switches);
    const top = Math.max(
      0,
      specs.findIndex(({ topLevel }) => topLevel),
    );
    this.portals = specs.map((spec, index) => {
      const keys = { username: random.hex(20), password: random.hex(30) };
      return new Portal(1_201 + index, { ...spec, topLevel: index === top }, keys, clock.now(), rates);
    });
    const topLevel = this.portals[top];
    if (!topLevel) throw new RangeError('a realm needs at least one portal');
    this.topLevel = topLevel;
  }

  portal(name: string): Portal | undefined {
    return this.portals.find((portal) => portal.name === name);
  }

  /** Today in UTC, the day that LearnUpon's dates mean. */
  today(): string {
    return this.clock.today('UTC');
  }

  account(portal: Portal, id: number): Account {
    const account = portal.accountsById.get(id);
    if (!account) throw new RealmRefusal('not-found', 'User not found');
    return this.settleExpiry(account);
  }

  /** By the e-mail or the username, as the body or the query names them. */
  findAccount(portal: Portal, by: { email?: string | null; username?: string | null }): Account | undefined {
    const person = this.people.find(by);
    const account = person?.accounts.get(portal);
    return account && this.settleExpiry(account);
  }

  /** What the portal's lists show: rows that lag and top-level admins left out, as the switches say. */
  listAccounts(portal: Portal): readonly Account[] {
    this.settleExpiries(portal);
    const { listLagSeconds, topLevelAdminsHidden } = this.switches;
    const admins = topLevelAdminsHidden || portal.topLevel ? [] : this.topLevelAdmins();
    if (listLagSeconds === 0 && admins.length === 0) return portal.accounts;
    const shown = this.clock.now() - listLagSeconds * 1_000;
    return [...portal.accounts.filter(({ createdAt }) => createdAt <= shown), ...admins];
  }

  /** All accounts of a portal, whoever may see them. */
  settled(portal: Portal): readonly Account[] {
    this.settleExpiries(portal);
    return portal.accounts;
  }

  listInvites(portal: Portal): Invite[] {
    const { listLagSeconds, portalInvitesListed } = this.switches;
    const shown = this.clock.now() - listLagSeconds * 1_000;
    const isListed = ({ kind, createdAt }: Invite): boolean =>
      (portalInvitesListed || kind === 'group') && createdAt <= shown;
    return [...portal.invites.values()].filter(isListed);
  }

  createUser(portal: Portal, input: UserInput): Account {
    checkPassword(input.password);
    const { email, username } = checkIdentifiers(portal, input);
    const known = this.people.find(portal.identifier === 'email' ? { email } : { username, email });
    if (known?.accounts.has(portal))
      refuse(`${portal.identifier === 'email' ? 'Email' : 'Username'} has already been taken`);
    if (known && this.isTopLevelAdmin(known)) refuse(TOP_LEVEL_ADMIN);
    if (known && !this.switches.allowUserCreationIfUserAlreadyExists) refuse(EXISTS_IN_REALM);
    this.checkLicence(portal);
    const checked = checkFields(portal, input, this.switches);
    const person = known ?? this.addPerson(email, username);
    if (!known || this.switches.createOnKnownPerson === 'overwrite') namePerson(person, input);
    return this.addAccount(portal, person, 'create', input, checked);
  }

  /** An account that an admin made or that was there before: no check of the realm's switch. */
  createByHand(portal: Portal, input: UserInput): Account {
    const { email, username } = checkIdentifiers(portal, input);
    const known = this.people.find({ email, username });
    if (known?.accounts.has(portal)) refuse(`${portal.identifier} is in use in this portal`);
    const checked = checkFields(portal, input, this.switches);
    const person = known ?? this.addPerson(email, username);
    if (!known) namePerson(person, input);
    return this.addAccount(portal, person, 'hand', input, checked);
  }

  updateUser(account: Account, input: UserInput): void {
    const { portal } = account;
    const checked = checkFields(portal, input, this.switches);
    if (input.password !== undefined && input.password !== null) checkPassword(input.password);
    const email = input.newEmail ?? input.email ?? undefined;
    const username = portal.identifier === 'username' ? (input.newUsername ?? input.username ?? undefined) : undefined;
    this.changeIdentifiers(account, email, username);
    namePerson(account.person, input);
    setFields(account, input, checked);
    if (input.enabled !== undefined) this.setEnabled(account, input.enabled);
    this.touch(account.person);
    account.updatedAt = this.clock.now();
  }

  deleteUser(account: Account): void {
    const { person, portal } = account;
    const gone = portal.topLevel && this.switches.disableCascades ? [...person.accounts.values()] : [account];
    for (const each of gone) this.dropAccount(each);
    if (person.accounts.size === 0) this.people.forget(person);
  }

  invite(portal: Portal, input: InviteInput): Invite {
    const { email, username } = input;
    checkForm(email, null);
    if (email === null && username === null) refuse("Email can't be blank");
    if (input.groupId !== null && !portal.groups.has(input.groupId)) refuse('Group not found');
    const userType = USER_TYPES[input.membershipTypeId - 1] ?? refuse('Portal membership type is invalid');
    const person = this.people.find({ email, username });
    if (person?.accounts.has(portal)) refuse('User is already a member of this portal');
    if (person && this.isTopLevelAdmin(person)) refuse(TOP_LEVEL_ADMIN);
    const pending = this.pendingInvite(portal, email ?? username ?? '');
    const duplicate = input.kind === 'group' ? this.switches.duplicateGroupInvite : this.switches.duplicatePortalInvite;
    if (pending && duplicate === 'refuse') refuse('Duplicate invite: this person has already been invited');
    if (pending && duplicate === 'resend') return this.remind(pending);
    return this.addInvite(portal, input, userType);
  }

  cancelInvite(portal: Portal, id: number): void {
    const invite = portal.invites.get(id);
    if (!invite) throw new RealmRefusal('not-found', 'Group invite not found');
    if (invite.status === 'accepted') refuse('Invite has already been accepted');
    if (invite.status === 'sent') this.closeInvite(invite, 'canceled');
  }

  /** What the learner does with the link. */
  accept(portal: Portal, token: string): Account {
    const invite = portal.invitesByToken.get(token);
    if (!invite) throw new RealmRefusal('not-found', 'This invite does not exist');
    if (invite.status !== 'sent') refuse(`This invite was ${invite.status}`);
    if (this.hasExpired(invite)) refuse('This invite has expired');
    const known = this.people.find(invite);
    if (known?.accounts.has(portal)) refuse('You are already a member of this portal');
    this.checkLicence(portal);
    const person = known ?? this.addPerson(invite.email, invite.username);
    if (!known) namePerson(person, { firstName: invite.firstName, lastName: invite.lastName });
    this.closeInvite(invite, 'accepted');
    invite.acceptedAt = this.clock.now();
    const { userType, accountExpires } = invite;
    const account = this.addAccount(portal, person, 'invite', { userType, accountExpires }, invite.custom);
    account.signInCount = 1;
    account.lastSignInAt = this.clock.now();
    const group = invite.groupId === null ? undefined : portal.groups.get(invite.groupId);
    if (group) this.join(group, account);
    return account;
  }

  /** @returns the invite that a portal calls by this number. */
  findInvite(id: number): Invite | undefined {
    for (const portal of this.portals) {
      const invite = portal.invites.get(id);
      if (invite) return invite;
    }
    return undefined;
  }

  createGroup(portal: Portal, title: string, description: string): Group {
    if (title === '') refuse("Title can't be blank");
    if ([...portal.groups.values()].some((group) => group.title === title)) refuse('Title has already been taken');
    const now = this.clock.now();
    const group: Group = {
      id: this.nextGroupId,
      title,
      description,
      members: new Map(),
      createdAt: now,
      updatedAt: now,
    };
    this.nextGroupId += 1;
    portal.groups.set(group.id, group);
    return group;
  }

  /** @returns the number of the membership. */
  join(group: Group, account: Account): number {
    if (group.members.has(account)) refuse('User is already a member of this group');
    const id = this.nextMembershipId;
    this.nextMembershipId += 1;
    group.members.set(account, id);
    return id;
  }

  /** Indexes everybody again: for when the switch on letter case was moved. */
  indexAgain(): void {
    const people = new Set(this.portals.flatMap(({ accounts }) => accounts.map(({ person }) => person)));
    this.people.reset(people);
    for (const portal of this.portals) {
      portal.pendingInvites.clear();
      for (const invite of portal.invites.values()) if (invite.status === 'sent') this.expect(invite);
    }
  }

  isTopLevelAdmin(person: Person): boolean {
    return person.accounts.get(this.topLevel)?.userType === 'admin';
  }

  private topLevelAdmins(): Account[] {
    return this.topLevel.accounts.filter(({ userType }) => userType === 'admin');
  }

  private pendingInvite(portal: Portal, identifier: string): Invite | undefined {
    const pending = portal.pendingInvites.get(this.people.key(identifier)) ?? [];
    return [...pending].find((invite) => !this.hasExpired(invite));
  }

  private hasExpired({ createdAt }: Invite): boolean {
    const { inviteExpiresHours } = this.switches;
    return inviteExpiresHours > 0 && this.clock.now() > createdAt + inviteExpiresHours * HOUR_MS;
  }

  /** Each portal has its own licences; the realm's top-level portal may have a number too. */
  private checkLicence({ licences, accounts }: Portal): void {
    if (licences !== null && accounts.length >= licences) refuse(NO_LICENCE);
  }

  private addPerson(email: string | null, username: string | null): Person {
    const person: Person = {
      id: this.nextPersonId,
      email,
      username,
      firstName: null,
      lastName: null,
      language: 'en',
      passwordsSet: 0,
      accounts: new Map(),
    };
    this.nextPersonId += 1;
    this.people.claim(person);
    return person;
  }

  private addAccount(
    portal: Portal,
    person: Person,
    origin: Account['origin'],
    input: UserInput,
    custom: ReadonlyMap<number, string | null>,
  ): Account {
    const now = this.clock.now();
    const account: Account = {
      id: this.switches.userIds === 'per-person' ? person.id : this.nextUserId,
      portal,
      person,
      enabled: input.enabled ?? true,
      userType: 'learner',
      accountExpires: null,
      timezoneId: null,
      changePasswordOnFirstLogin: false,
      custom: new Map(),
      createdAt: now,
      updatedAt: now,
      lastSignInAt: null,
      signInCount: 0,
      origin,
      json: [],
    };
    this.nextUserId += 1;
    setFields(account, input, custom);
    portal.accounts.push(account);
    portal.accountsById.set(account.id, account);
    person.accounts.set(portal, account);
    this.touch(person);
    return account;
  }

  private setEnabled(account: Account, enabled: boolean): void {
    account.enabled = enabled;
    if (enabled || !account.portal.topLevel || !this.switches.disableCascades) return;
    for (const other of account.person.accounts.values()) {
      other.enabled = false;
      other.updatedAt = this.clock.now();
    }
  }

  private changeIdentifiers(account: Account, email: string | undefined, username: string | undefined): void {
    const { person } = account;
    const newEmail = email && email !== person.email ? email : undefined;
    const newUsername = username && username !== person.username ? username : undefined;
    if (newEmail === undefined && newUsername === undefined) return;
    checkForm(newEmail, newUsername);
    if (this.people.hasEmailOfAnother(person, newEmail)) refuse('Email has already been taken');
    if (this.people.hasUsernameOfAnother(person, newUsername)) refuse('Username has already been taken');
    const changed = account.portal.identifier === 'email' ? newEmail : newUsername;
    if (changed !== undefined && !this.switches.emailChangeRealmWide && person.accounts.size > 1)
      this.splitOff(account);
    const owner = account.person;
    this.people.forget(owner);
    owner.email = newEmail ?? owner.email;
    owner.username = newUsername ?? owner.username;
    this.people.claim(owner);
  }

  /** Where a new identifier counts in one portal only, that account becomes a person of its own. */
  private splitOff(account: Account): void {
    const { person, portal } = account;
    person.accounts.delete(portal);
    account.person = { ...person, id: this.nextPersonId, accounts: new Map([[portal, account]]) };
    this.nextPersonId += 1;
  }

  private dropAccount(account: Account): void {
    const { portal, person } = account;
    portal.accounts.splice(portal.accounts.indexOf(account), 1);
    portal.accountsById.delete(account.id);
    portal.expiring.delete(account);
    for (const group of portal.groups.values()) group.members.delete(account);
    person.accounts.delete(portal);
  }

  private touch(person: Person): void {
    for (const account of person.accounts.values()) account.json.length = 0;
  }

  /** An account whose last day has passed is disabled until an admin enables it again. */
  private settleExpiry(account: Account): Account {
    if (
      account.accountExpires !== null &&
      account.accountExpires < this.today() &&
      account.portal.expiring.delete(account)
    ) {
      account.enabled = false;
      account.json.length = 0;
    }
    return account;
  }

  private settleExpiries(portal: Portal): void {
    for (const account of portal.expiring) this.settleExpiry(account);
  }

  private addInvite(portal: Portal, input: InviteInput, userType: UserType): Invite {
    const custom = new Map<number, string>();
    for (const [id, value] of parseCustomData(portal.definitions, input.customData).values)
      if (value !== null) custom.set(id, value);
    const invite: Invite = {
      id: this.nextInviteId,
      portal,
      kind: input.kind,
      token: this.random.hex(24),
      email: input.email,
      username: input.username,
      firstName: input.firstName,
      lastName: input.lastName,
      groupId: input.groupId,
      userType,
      accountExpires: input.accountExpires,
      custom,
      status: 'sent',
      remindersSent: 0,
      lastReminderAt: null,
      createdAt: this.clock.now(),
      acceptedAt: null,
    };
    this.nextInviteId += 1;
    portal.invites.set(invite.id, invite);
    portal.invitesByToken.set(invite.token, invite);
    this.expect(invite);
    this.mail(invite);
    return invite;
  }

  private expect(invite: Invite): void {
    const { pendingInvites } = invite.portal;
    const key = this.people.key(invite.email ?? invite.username ?? '');
    const pending = pendingInvites.get(key);
    if (pending) pending.add(invite);
    else pendingInvites.set(key, new Set([invite]));
  }

  private remind(invite: Invite): Invite {
    invite.remindersSent += 1;
    invite.lastReminderAt = this.clock.now();
    this.mail(invite);
    return invite;
  }

  private mail({ email, portal, token, id }: Invite): void {
    if (email === null) return;
    this.mailbox.deliver({
      to: email,
      portal: portal.name,
      subject: `You are invited to ${portal.title}`,
      acceptUrl: `/accept_invitation/${token}`,
      inviteId: id,
      sentAt: this.clock.now(),
    });
  }

  private closeInvite(invite: Invite, status: 'accepted' | 'canceled'): void {
    invite.status = status;
    const key = this.people.key(invite.email ?? invite.username ?? '');
    const pending = invite.portal.pendingInvites.get(key);
    pending?.delete(invite);
    if (pending?.size === 0) invite.portal.pendingInvites.delete(key);
  }
}
