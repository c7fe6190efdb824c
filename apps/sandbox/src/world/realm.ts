import { Accounts } from './accounts.js';
import type { SandboxClock } from './clock.js';
import { Groups } from './groups.js';
import { Identities } from './identities.js';
import { Invites } from './invites.js';
import { Learning } from './learning.js';
import { Mailbox } from './mailbox.js';
import { PeopleIndex } from './people-index.js';
import { Portal, type PortalKeys, type PortalLooks, type PortalSpec, type Rates } from './portal.js';
import type { Random } from './random.js';
import { counter, type RealmBase } from './realm-base.js';
import type { Person } from './records.js';
import type { Switches } from './switches.js';
import { RealmRefusal, refuse } from './user-input.js';

export interface PortalChange {
  readonly title?: string;
  readonly licences?: number | null;
  readonly looks: Partial<PortalLooks>;
}

const SUBDOMAIN = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** One top-level portal and its sub-portals: people once, an account in each portal they belong to. */
export class Realm {
  readonly portals: readonly Portal[];
  readonly topLevel: Portal;
  readonly accounts: Accounts;
  readonly invites: Invites;
  readonly groups: Groups;
  readonly learning: Learning;
  readonly mailbox: Mailbox;
  private readonly identities: Identities;
  private readonly base: RealmBase;
  private readonly nextPortalId = counter(1_201);

  constructor(
    specs: readonly PortalSpec[],
    private readonly rates: Rates,
    random: Random,
    clock: SandboxClock,
    readonly switches: Switches,
  ) {
    const top = Math.max(
      0,
      specs.findIndex(({ topLevel }) => topLevel),
    );
    const keys = (): PortalKeys => ({ username: random.hex(20), password: random.hex(30) });
    const portals = specs.map(
      (spec, index) => new Portal(this.nextPortalId(), { ...spec, topLevel: index === top }, keys(), clock, rates),
    );
    const topLevel = portals[top];
    if (!topLevel) throw new RangeError('a realm needs at least one portal');
    this.portals = portals;
    this.topLevel = topLevel;
    this.mailbox = new Mailbox();
    const people = new PeopleIndex(switches);
    this.base = { clock, random, switches, people, portals, topLevel, mailbox: this.mailbox };
    this.identities = new Identities(this.base);
    this.learning = new Learning(this.base);
    this.groups = new Groups(this.base, this.learning);
    this.accounts = new Accounts(this.base, this.identities, this.groups, this.learning);
    this.invites = new Invites(this.base, this.identities, this.accounts, this.groups, this.learning);
    for (const [index, { courses = [] }] of specs.entries())
      for (const name of courses) this.learning.addCourse(portals[index] ?? topLevel, name);
  }

  /** Milliseconds since 1970, by the sandbox's clock. */
  now(): number {
    return this.base.clock.now();
  }

  portal(name: string): Portal | undefined {
    return this.portals.find((portal) => portal.name === name);
  }

  /** Who has an identifier, in any portal. */
  find(by: { email?: string | null; username?: string | null }): Person | undefined {
    return this.base.people.find(by);
  }

  /** @throws RealmRefusal when the top-level portal has no such sub-portal */
  subPortal(id: number): Portal {
    const portal = this.portals.find((each) => each.id === id && !each.topLevel);
    if (!portal) throw new RealmRefusal('not-found', 'Portal not found');
    return portal;
  }

  /** A new sub-portal has no keys until they are generated. */
  addPortal(name: string, title: string, copyFromParent: boolean, change: PortalChange): Portal {
    if (!SUBDOMAIN.test(name) || name === 'bamboohr') refuse('Subdomain is invalid');
    if (title === '') refuse("Title can't be blank");
    if (this.portal(name)) refuse('Subdomain has already been taken');
    const { identifier, definitions } = this.topLevel;
    const spec = { portal: name, title, identifier, ...(copyFromParent && { customFields: definitions }) };
    const portal = new Portal(this.nextPortalId(), spec, undefined, this.base.clock, this.rates);
    this.base.portals.push(portal);
    this.changePortal(portal, change);
    return portal;
  }

  changePortal(portal: Portal, { title, licences, looks }: PortalChange): void {
    if (title === '') refuse("Title can't be blank");
    portal.title = title ?? portal.title;
    if (licences !== undefined) portal.licences = licences;
    portal.looks = { ...portal.looks, ...looks };
    portal.updatedAt = this.base.clock.now();
  }

  /** With the portal go its accounts. */
  removePortal(portal: Portal): void {
    for (const account of [...portal.accounts]) this.accounts.remove(account);
    this.base.portals.splice(this.base.portals.indexOf(portal), 1);
  }

  /** The old pair is dead from now on. */
  generateKeys(portal: Portal): PortalKeys {
    const { random } = this.base;
    portal.keys = { username: random.hex(20), password: random.hex(30) };
    return portal.keys;
  }

  /** Indexes everybody again: for when the switch on letter case was moved. */
  indexAgain(): void {
    this.identities.indexAgain();
    this.invites.indexAgain();
  }
}
