import type { Person } from './records.js';
import type { Switches } from './switches.js';

type Owners = Map<string, Person>;

/** Who in the realm has which e-mail address and username. */
export class PeopleIndex {
  private readonly byEmail: Owners = new Map();
  private readonly byUsername: Owners = new Map();

  constructor(private readonly switches: Switches) {}

  /** An identifier as it is compared. */
  key(identifier: string): string {
    return this.switches.emailCaseSensitive ? identifier : identifier.toLowerCase();
  }

  /** By the username, else by the e-mail address. */
  find(by: { email?: string | null; username?: string | null }): Person | undefined {
    return this.ownerOf(this.byUsername, by.username) ?? this.ownerOf(this.byEmail, by.email);
  }

  hasEmailOfAnother(person: Person, email: string | undefined): boolean {
    return this.belongsToAnother(this.byEmail, person, email);
  }

  hasUsernameOfAnother(person: Person, username: string | undefined): boolean {
    return this.belongsToAnother(this.byUsername, person, username);
  }

  /** What is somebody else's already stays theirs. */
  claim(person: Person): void {
    for (const [identifier, owners] of this.identifiersOf(person)) {
      if (!owners.has(this.key(identifier))) owners.set(this.key(identifier), person);
    }
  }

  forget(person: Person): void {
    for (const [identifier, owners] of this.identifiersOf(person)) {
      if (owners.get(this.key(identifier)) === person) owners.delete(this.key(identifier));
    }
  }

  reset(people: Iterable<Person>): void {
    this.byEmail.clear();
    this.byUsername.clear();
    for (const person of people) this.claim(person);
  }

  private ownerOf(owners: Owners, identifier: string | null | undefined): Person | undefined {
    return identifier ? owners.get(this.key(identifier)) : undefined;
  }

  private belongsToAnother(owners: Owners, person: Person, identifier: string | undefined): boolean {
    const owner = this.ownerOf(owners, identifier);
    return owner !== undefined && owner !== person;
  }

  private identifiersOf({ email, username }: Person): [string, Owners][] {
    const both: [string | null, Owners][] = [
      [email, this.byEmail],
      [username, this.byUsername],
    ];
    return both.flatMap(([identifier, owners]) => (identifier === null ? [] : [[identifier, owners]]));
  }
}
