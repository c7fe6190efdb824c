import type { PeopleIndex } from './people-index.js';
import { counter, type RealmBase } from './realm-base.js';
import type { Account, Person } from './records.js';
import { checkForm, refuse } from './user-input.js';

/** The people of a realm: who is known by which identifier, and how that changes. */
export class Identities {
  private readonly nextId = counter(400_001);
  private readonly index: PeopleIndex;

  constructor(private readonly base: RealmBase) {
    this.index = base.people;
  }

  add(email: string | null, username: string | null): Person {
    const id = this.nextId();
    const person: Person = {
      id,
      kin: id,
      email,
      username,
      firstName: null,
      lastName: null,
      language: 'en',
      passwordsSet: 0,
      accounts: new Map(),
    };
    this.index.claim(person);
    return person;
  }

  /** @throws RealmRefusal for an identifier of bad form, or somebody else's */
  change(account: Account, email: string | undefined, username: string | undefined): void {
    const { person } = account;
    const newEmail = email && email !== person.email ? email : undefined;
    const newUsername = username && username !== person.username ? username : undefined;
    if (newEmail === undefined && newUsername === undefined) return;
    checkForm(newEmail, newUsername);
    if (this.rejoin(account, { email: newEmail ?? null }) || this.rejoin(account, { username: newUsername ?? null }))
      return;
    if (this.index.hasEmailOfAnother(person, newEmail)) refuse('Email has already been taken');
    if (this.index.hasUsernameOfAnother(person, newUsername)) refuse('Username has already been taken');
    const changed = account.portal.identifier === 'email' ? newEmail : newUsername;
    if (changed !== undefined && !this.base.switches.emailChangeRealmWide && person.accounts.size > 1)
      this.splitOff(account);
    const owner = account.person;
    this.index.forget(owner);
    owner.email = newEmail ?? owner.email;
    owner.username = newUsername ?? owner.username;
    this.index.claim(owner);
  }

  /** Indexes everybody again: for when the switch on letter case was moved. */
  indexAgain(): void {
    this.index.reset(new Set(this.base.portals.flatMap(({ accounts }) => accounts.map(({ person }) => person))));
  }

  /** Somebody whose identifier changed portal by portal is one person again when it is the same everywhere. */
  private rejoin(account: Account, by: { email?: string | null; username?: string | null }): boolean {
    const { person, portal } = account;
    const kin = this.index.find(by);
    if (!kin || kin === person || kin.kin !== person.kin || kin.accounts.has(portal)) return false;
    person.accounts.delete(portal);
    kin.accounts.set(portal, account);
    account.person = kin;
    if (person.accounts.size === 0) this.index.forget(person);
    return true;
  }

  /** Where a new identifier counts in one portal only, that account becomes a person of its own. */
  private splitOff(account: Account): void {
    const { person, portal } = account;
    person.accounts.delete(portal);
    account.person = { ...person, id: this.nextId(), accounts: new Map([[portal, account]]) };
  }
}
