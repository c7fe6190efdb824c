import type { Actor } from './audit.js';
import type { Groups } from './groups.js';
import type { Identities } from './identities.js';
import type { Learning } from './learning.js';
import type { Portal } from './portal.js';
import { counter, isListed, isTopLevelAdmin, type RealmBase } from './realm-base.js';
import type { Account, Person } from './records.js';
import {
  checkFields,
  checkIdentifiers,
  checkLicence,
  checkPassword,
  namePerson,
  RealmRefusal,
  refuse,
  setFields,
  type UserInput,
} from './user-input.js';

/** Seen in the wild, to the letter. */
export const EXISTS_IN_REALM = 'user already exists, you can try to invite them to this portal?';
export const TOP_LEVEL_ADMIN = 'User is a top-level administrator and cannot be added to this portal';

interface Identifiers {
  readonly email?: string | null;
  readonly username?: string | null;
}

/** An account in each portal that a person belongs to. */
export class Accounts {
  private readonly nextId = counter(991_001);

  constructor(
    private readonly base: RealmBase,
    private readonly identities: Identities,
    private readonly groups: Groups,
    private readonly learning: Learning,
  ) {}

  /** @throws RealmRefusal when the portal shows no such user */
  get(portal: Portal, id: number): Account {
    const account = portal.accountsById.get(id) ?? this.visitor(portal, this.base.topLevel.accountsById.get(id));
    if (!account) throw new RealmRefusal('not-found', 'User not found');
    return this.settle(account);
  }

  /** By the e-mail or the username, as the body or the query names them. */
  find(portal: Portal, by: Identifiers): Account | undefined {
    const accounts = this.base.people.find(by)?.accounts;
    const account = accounts?.get(portal) ?? this.visitor(portal, accounts?.get(this.base.topLevel));
    return account && this.settle(account);
  }

  /** As `get`, of an account that is the portal's own: a top-level admin is none of a sub-portal's. */
  own(portal: Portal, account: Account): Account {
    return account.portal === portal ? account : refuse(TOP_LEVEL_ADMIN);
  }

  /** What the portal's lists show: rows that lag and top-level admins left out, as the switches say. */
  list(portal: Portal): readonly Account[] {
    const { listLagSeconds, topLevelAdminsHidden } = this.base.switches;
    const accounts = this.all(portal);
    const admins = topLevelAdminsHidden || portal.topLevel ? [] : this.topLevelAdmins();
    if (listLagSeconds === 0 && admins.length === 0) return accounts;
    return [...accounts.filter(({ createdAt }) => isListed(this.base, createdAt)), ...admins];
  }

  /** All accounts of a portal, whoever may see them. */
  all(portal: Portal): readonly Account[] {
    for (const account of portal.expiring) this.settle(account);
    return portal.accounts;
  }

  /** @throws RealmRefusal */
  create(portal: Portal, input: UserInput): Account {
    checkPassword(input.password);
    const { email, username } = checkIdentifiers(portal, input);
    const known = this.base.people.find(portal.identifier === 'email' ? { email } : { username, email });
    if (known) this.checkKnown(portal, known);
    checkLicence(portal);
    const checked = checkFields(portal, input, this.base.switches);
    const person = known ?? this.identities.add(email, username);
    if (!known || this.base.switches.createOnKnownPerson === 'overwrite') namePerson(person, input);
    const account = this.add(portal, person, 'create', input, checked);
    this.mail(account);
    return account;
  }

  /**
   * An account that an admin made or that was there before: no check of the realm's switch.
   * @throws RealmRefusal
   */
  createByHand(portal: Portal, input: UserInput): Account {
    const { email, username } = checkIdentifiers(portal, input);
    const known = this.base.people.find({ email, username });
    if (known?.accounts.has(portal)) refuse(`${portal.identifier} is in use in this portal`);
    const checked = checkFields(portal, input, this.base.switches);
    const person = known ?? this.identities.add(email, username);
    if (!known) namePerson(person, input);
    return this.add(portal, person, 'hand', input, checked);
  }

  /** @throws RealmRefusal, and then nothing is changed */
  update(account: Account, input: UserInput, by: Actor = 'api'): void {
    const { portal } = account;
    const checked = checkFields(portal, input, this.base.switches);
    if (input.password !== undefined && input.password !== null) checkPassword(input.password);
    const email = input.newEmail ?? input.email ?? undefined;
    const username = portal.identifier === 'username' ? (input.newUsername ?? input.username ?? undefined) : undefined;
    this.identities.change(account, email, username);
    namePerson(account.person, input);
    setFields(account, input, checked);
    if (input.enabled !== undefined) this.setEnabled(account, input.enabled, by);
    account.updatedAt = this.base.clock.now();
  }

  /** Deleted in the top-level portal, a person is gone from all. */
  remove(account: Account, by: Actor = 'api'): void {
    const { person, portal } = account;
    const gone = portal.topLevel && this.base.switches.disableCascades ? [...person.accounts.values()] : [account];
    for (const each of gone) this.drop(each, by);
    if (person.accounts.size === 0) this.base.people.forget(person);
  }

  add(
    portal: Portal,
    person: Person,
    origin: Account['origin'],
    input: UserInput,
    custom: ReadonlyMap<number, string | null>,
  ): Account {
    const now = this.base.clock.now();
    const id = this.nextId();
    const account: Account = {
      id: this.base.switches.userIds === 'per-person' ? person.id : id,
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
    };
    setFields(account, input, custom);
    portal.accounts.push(account);
    portal.accountsById.set(account.id, account);
    person.accounts.set(portal, account);
    this.learning.welcome(account);
    return account;
  }

  private checkKnown(portal: Portal, known: Person): void {
    if (known.accounts.has(portal))
      refuse(`${portal.identifier === 'email' ? 'Email' : 'Username'} has already been taken`);
    if (isTopLevelAdmin(this.base, known)) refuse(TOP_LEVEL_ADMIN);
    if (!this.base.switches.allowUserCreationIfUserAlreadyExists) refuse(EXISTS_IN_REALM);
  }

  /** A top-level admin has access to a sub-portal, which shows them or not. */
  private visitor(portal: Portal, account: Account | undefined): Account | undefined {
    const isShown = !portal.topLevel && !this.base.switches.topLevelAdminsHidden && account?.userType === 'admin';
    return isShown ? account : undefined;
  }

  private topLevelAdmins(): Account[] {
    return this.base.topLevel.accounts.filter(({ userType }) => userType === 'admin');
  }

  private setEnabled(account: Account, enabled: boolean, by: Actor): void {
    this.setLogin(account, enabled, by);
    if (enabled || !account.portal.topLevel || !this.base.switches.disableCascades) return;
    for (const other of account.person.accounts.values()) this.setLogin(other, false, by);
  }

  private setLogin(account: Account, enabled: boolean, by: Actor): void {
    if (account.enabled === enabled) return;
    account.enabled = enabled;
    account.updatedAt = this.base.clock.now();
    account.portal.audit.record(enabled ? 'login enabled' : 'login disabled', by, { account });
  }

  private drop(account: Account, by: Actor): void {
    const { portal, person } = account;
    if (this.learning.ofAccount(account).some(({ status }) => status !== 'not_started')) portal.licencesSpent += 1;
    this.learning.forget(account);
    this.groups.forget(account);
    portal.accounts.splice(portal.accounts.indexOf(account), 1);
    portal.accountsById.delete(account.id);
    portal.expiring.delete(account);
    person.accounts.delete(portal);
    portal.audit.record('user deleted', by, { account });
  }

  private mail({ person, portal, createdAt }: Account): void {
    if (!this.base.switches.createSendsMail || portal.sso || person.email === null) return;
    this.base.mailbox.deliver({
      kind: 'account',
      to: person.email,
      portal: portal.name,
      subject: `Your account in ${portal.title}`,
      acceptUrl: null,
      inviteId: null,
      sentAt: createdAt,
    });
  }

  /** An account whose last day (in UTC) has passed is disabled until an admin enables it again. */
  private settle(account: Account): Account {
    const { accountExpires, portal } = account;
    if (accountExpires !== null && accountExpires < this.base.clock.today('UTC') && portal.expiring.delete(account)) {
      account.enabled = false;
    }
    return account;
  }
}
