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
import type { Random } from './random.js';
import type { Switches } from './switches.js';

/** Why the realm refuses something. The message is LearnUpon's where it was seen. */
export class RealmRefusal extends Error {
  constructor(
    readonly code: 'not-found' | 'refused',
    message: string,
  ) {
    super(message);
  }
}

const refuse = (message: string): never => {
  throw new RealmRefusal('refused', message);
};

/** Seen in the wild, to the letter. */
export const EXISTS_IN_REALM = 'user already exists, you can try to invite them to this portal?';
const NO_LICENCE = 'There are no user licenses available in this portal';
const TOP_LEVEL_ADMIN = 'User is a top-level administrator and cannot be added to this portal';

export interface UserInput {
  readonly email?: string | null;
  readonly username?: string | null;
  readonly newEmail?: string;
  readonly newUsername?: string;
  readonly firstName?: string | null;
  readonly lastName?: string | null;
  readonly password?: string | null;
  readonly language?: string;
  readonly enabled?: boolean;
  readonly userType?: string;
  readonly accountExpires?: string | null;
  readonly timezoneId?: string | null;
  readonly changePasswordOnFirstLogin?: boolean;
  readonly customData?: Record<string, unknown>;
}

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

const EMAIL = /^[^\s@,]+@[^\s@,]+\.[^\s@,]+$/;
const USERNAME = /^[\p{L}\p{N}+\-.,$#@_]{6,30}$/u;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const HOUR_MS = 3_600_000;
const LANGUAGES = new Set(
  'en en_gb fr fr_ca de es it nl nl_be pt pt_br pl sv da nb_no fi_fl cs sk hu tr ru ja ko zh_cn zh_tw id vi_vn'.split(
    ' ',
  ),
);

/** One top-level portal and its sub-portals: people once, an account in each portal they belong to. */
export class Realm {
  readonly portals: readonly Portal[];
  readonly topLevel: Portal;
  readonly mailbox = new Mailbox();
  private readonly byEmail = new Map<string, Person>();
  private readonly byUsername = new Map<string, Person>();
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
    const person = this.findPerson(by);
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
    this.checkPassword(input.password);
    const { email, username } = this.checkIdentifiers(portal, input);
    const known = this.findPerson(portal.identifier === 'email' ? { email } : { username, email });
    if (known?.accounts.has(portal))
      refuse(`${portal.identifier === 'email' ? 'Email' : 'Username'} has already been taken`);
    if (known && this.isTopLevelAdmin(known)) refuse(TOP_LEVEL_ADMIN);
    if (known && !this.switches.allowUserCreationIfUserAlreadyExists) refuse(EXISTS_IN_REALM);
    this.checkLicence(portal);
    const checked = this.checkFields(portal, input);
    const person = known ?? this.addPerson(email, username);
    if (!known || this.switches.createOnKnownPerson === 'overwrite') this.namePerson(person, input);
    return this.addAccount(portal, person, 'create', input, checked);
  }

  /** An account that an admin made or that was there before: no check of the realm's switch. */
  createByHand(portal: Portal, input: UserInput): Account {
    const { email, username } = this.checkIdentifiers(portal, input);
    const known = this.findPerson({ email, username });
    if (known?.accounts.has(portal)) refuse(`${portal.identifier} is in use in this portal`);
    const checked = this.checkFields(portal, input);
    const person = known ?? this.addPerson(email, username);
    if (!known) this.namePerson(person, input);
    return this.addAccount(portal, person, 'hand', input, checked);
  }

  updateUser(account: Account, input: UserInput): void {
    const { portal } = account;
    const checked = this.checkFields(portal, input);
    if (input.password !== undefined && input.password !== null) this.checkPassword(input.password);
    const email = input.newEmail ?? input.email ?? undefined;
    const username = portal.identifier === 'username' ? (input.newUsername ?? input.username ?? undefined) : undefined;
    this.changeIdentifiers(account, email, username);
    this.namePerson(account.person, input);
    this.setFields(account, input, checked);
    if (input.enabled !== undefined) this.setEnabled(account, input.enabled);
    this.touch(account.person);
    account.updatedAt = this.clock.now();
  }

  deleteUser(account: Account): void {
    const { person, portal } = account;
    const gone = portal.topLevel && this.switches.disableCascades ? [...person.accounts.values()] : [account];
    for (const each of gone) this.dropAccount(each);
    if (person.accounts.size === 0) this.forget(person);
  }

  invite(portal: Portal, input: InviteInput): Invite {
    const { email, username } = input;
    if (email !== null && !EMAIL.test(email)) refuse('Email is invalid');
    if (email === null && username === null) refuse("Email can't be blank");
    if (input.groupId !== null && !portal.groups.has(input.groupId)) refuse('Group not found');
    const userType = USER_TYPES[input.membershipTypeId - 1] ?? refuse('Portal membership type is invalid');
    const person = this.findPerson({ email, username });
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
    const known = this.findPerson(invite);
    if (known?.accounts.has(portal)) refuse('You are already a member of this portal');
    this.checkLicence(portal);
    const person = known ?? this.addPerson(invite.email, invite.username);
    if (!known) this.namePerson(person, { firstName: invite.firstName, lastName: invite.lastName });
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
    this.byEmail.clear();
    this.byUsername.clear();
    for (const person of people) this.claim(person);
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

  private key(identifier: string): string {
    return this.switches.emailCaseSensitive ? identifier : identifier.toLowerCase();
  }

  private findPerson(by: { email?: string | null; username?: string | null }): Person | undefined {
    const byUsername = by.username ? this.byUsername.get(this.key(by.username)) : undefined;
    return byUsername ?? (by.email ? this.byEmail.get(this.key(by.email)) : undefined);
  }

  private pendingInvite(portal: Portal, identifier: string): Invite | undefined {
    const pending = portal.pendingInvites.get(this.key(identifier)) ?? [];
    return [...pending].find((invite) => !this.hasExpired(invite));
  }

  private hasExpired({ createdAt }: Invite): boolean {
    const { inviteExpiresHours } = this.switches;
    return inviteExpiresHours > 0 && this.clock.now() > createdAt + inviteExpiresHours * HOUR_MS;
  }

  private checkPassword(password: string | null | undefined): void {
    if (password === undefined || password === null || password === '') refuse("Password can't be blank");
    else if (password.length < 6) refuse('Password is too short (minimum is 6 characters)');
  }

  private checkIdentifiers(portal: Portal, input: UserInput): { email: string | null; username: string | null } {
    const email = input.email || null;
    const username = portal.identifier === 'username' ? input.username || null : null;
    if (portal.identifier === 'email' && email === null) refuse("Email can't be blank");
    if (portal.identifier === 'username' && username === null) refuse("Username can't be blank");
    this.checkForm(email, username);
    return { email, username };
  }

  private checkForm(email: string | null | undefined, username: string | null | undefined): void {
    if (email && !EMAIL.test(email)) refuse('Email is invalid');
    if (username && !USERNAME.test(username)) refuse('Username is invalid');
  }

  /** Each portal has its own licences; the realm's top-level portal may have a number too. */
  private checkLicence({ licences, accounts }: Portal): void {
    if (licences !== null && accounts.length >= licences) refuse(NO_LICENCE);
  }

  /** @returns the custom data to set, once everything else in the input is fit to be kept. */
  private checkFields(portal: Portal, input: UserInput): ReadonlyMap<number, string | null> {
    const { userType, accountExpires, customData } = input;
    if (userType !== undefined && !USER_TYPES.includes(userType as UserType)) refuse('User type is invalid');
    if (accountExpires && !DAY.test(accountExpires)) refuse('Account expires is invalid');
    if (!customData) return new Map();
    const { values, refused } = parseCustomData(portal.definitions, customData);
    if (refused.length > 0 && this.switches.badCustomValue === 'refuse')
      refuse(`Custom data is invalid: ${refused.join(', ')}`);
    return values;
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
    this.claim(person);
    return person;
  }

  private claim(person: Person): void {
    for (const [identifier, owners] of this.identifiersOf(person)) {
      if (!owners.has(this.key(identifier))) owners.set(this.key(identifier), person);
    }
  }

  private forget(person: Person): void {
    for (const [identifier, owners] of this.identifiersOf(person)) {
      if (owners.get(this.key(identifier)) === person) owners.delete(this.key(identifier));
    }
  }

  private identifiersOf({ email, username }: Person): [string, Map<string, Person>][] {
    const both: [string | null, Map<string, Person>][] = [
      [email, this.byEmail],
      [username, this.byUsername],
    ];
    return both.flatMap(([identifier, owners]) => (identifier === null ? [] : [[identifier, owners]]));
  }

  private namePerson(person: Person, input: UserInput): void {
    if (input.firstName !== undefined) person.firstName = input.firstName;
    if (input.lastName !== undefined) person.lastName = input.lastName;
    if (input.language !== undefined && LANGUAGES.has(input.language)) person.language = input.language;
    if (input.password) person.passwordsSet += 1;
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
    this.setFields(account, input, custom);
    portal.accounts.push(account);
    portal.accountsById.set(account.id, account);
    person.accounts.set(portal, account);
    this.touch(person);
    return account;
  }

  private setFields(account: Account, input: UserInput, custom: ReadonlyMap<number, string | null>): void {
    if (input.userType !== undefined) account.userType = input.userType as UserType;
    if (input.timezoneId !== undefined) account.timezoneId = input.timezoneId;
    if (input.changePasswordOnFirstLogin !== undefined)
      account.changePasswordOnFirstLogin = input.changePasswordOnFirstLogin;
    if (input.accountExpires !== undefined) {
      account.accountExpires = input.accountExpires || null;
      account.portal.expiring[account.accountExpires === null ? 'delete' : 'add'](account);
    }
    for (const [id, value] of custom) {
      if (value === null) account.custom.delete(id);
      else account.custom.set(id, value);
    }
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
    this.checkForm(newEmail, newUsername);
    if (this.isTaken(newEmail, this.byEmail, person)) refuse('Email has already been taken');
    if (this.isTaken(newUsername, this.byUsername, person)) refuse('Username has already been taken');
    const changed = account.portal.identifier === 'email' ? newEmail : newUsername;
    if (changed !== undefined && !this.switches.emailChangeRealmWide && person.accounts.size > 1)
      this.splitOff(account);
    const owner = account.person;
    this.forget(owner);
    owner.email = newEmail ?? owner.email;
    owner.username = newUsername ?? owner.username;
    this.claim(owner);
  }

  private isTaken(identifier: string | undefined, owners: ReadonlyMap<string, Person>, person: Person): boolean {
    const owner = identifier === undefined ? undefined : owners.get(this.key(identifier));
    return owner !== undefined && owner !== person;
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
    const key = this.key(invite.email ?? invite.username ?? '');
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
    const key = this.key(invite.email ?? invite.username ?? '');
    const pending = invite.portal.pendingInvites.get(key);
    pending?.delete(invite);
    if (pending?.size === 0) invite.portal.pendingInvites.delete(key);
  }
}
