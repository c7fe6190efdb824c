import { Accounts } from './accounts.js';
import type { SandboxClock } from './clock.js';
import { Groups } from './groups.js';
import { Identities } from './identities.js';
import { Invites } from './invites.js';
import { PeopleIndex } from './people-index.js';
import { Portal, type PortalSpec } from './portal.js';
import type { Random } from './random.js';
import type { RealmBase } from './realm-base.js';
import type { Switches } from './switches.js';

/** One top-level portal and its sub-portals: people once, an account in each portal they belong to. */
export class Realm {
  readonly portals: readonly Portal[];
  readonly topLevel: Portal;
  readonly accounts: Accounts;
  readonly invites: Invites;
  readonly groups: Groups;
  private readonly identities: Identities;

  constructor(
    specs: readonly PortalSpec[],
    rates: { perMinute: number | null; perWeek: number | null },
    random: Random,
    clock: SandboxClock,
    readonly switches: Switches,
  ) {
    const top = Math.max(
      0,
      specs.findIndex(({ topLevel }) => topLevel),
    );
    const portals = specs.map((spec, index) => {
      const keys = { username: random.hex(20), password: random.hex(30) };
      return new Portal(1_201 + index, { ...spec, topLevel: index === top }, keys, clock.now(), rates);
    });
    const topLevel = portals[top];
    if (!topLevel) throw new RangeError('a realm needs at least one portal');
    this.portals = portals;
    this.topLevel = topLevel;
    const base: RealmBase = { clock, random, switches, people: new PeopleIndex(switches), portals, topLevel };
    this.identities = new Identities(base);
    this.groups = new Groups(base);
    this.accounts = new Accounts(base, this.identities);
    this.invites = new Invites(base, this.identities, this.accounts, this.groups);
  }

  portal(name: string): Portal | undefined {
    return this.portals.find((portal) => portal.name === name);
  }

  /** Indexes everybody again: for when the switch on letter case was moved. */
  indexAgain(): void {
    this.identities.indexAgain();
    this.invites.indexAgain();
  }
}
