import { BadKeys } from './bad-keys.js';
import { CallLog } from './calls.js';
import { SandboxClock } from './clock.js';
import { Company } from './company.js';
import { Faults } from './faults.js';
import { AddressBook, generateCompany } from './generate-company.js';
import { LeakyBucket } from './leaky-bucket.js';
import { Life } from './life.js';
import { OAuth } from './oauth.js';
import type { PortalSpec } from './portal.js';
import { seededRandom, type Random } from './random.js';
import { Realm } from './realm.js';
import { SavedReports } from './saved-reports.js';
import { createSwitches, type Switches } from './switches.js';
import { Trainings } from './trainings.js';
import { Webhooks } from './webhooks.js';

export interface WorldOptions {
  readonly employees: number;
  readonly portals: number | readonly PortalSpec[];
  readonly seed: number;
  /** By default acme. */
  readonly company?: string;
  /** IANA name; by default Europe/Dublin. */
  readonly timeZone?: string;
  /** RFC 3339: where the clock starts; by default now. */
  readonly now?: string;
  /** Calls a minute and portal; `null` is no limit; by default 300. */
  readonly ratePerMinute?: number | null;
  /** Calls a week and portal; `null` is no limit; by default 500,000, or none where there is none a minute. */
  readonly ratePerWeek?: number | null;
  readonly switches?: Partial<Switches>;
}

/** Everything that the two vendors know, in memory. */
export interface World {
  readonly company: Company;
  readonly realm: Realm;
  readonly clock: SandboxClock;
  readonly switches: Switches;
  readonly faults: Faults;
  readonly calls: CallLog;
  /** For what the control API makes up. */
  readonly random: Random;
  readonly addresses: AddressBook;
  readonly oauth: OAuth;
  readonly badKeys: BadKeys;
  readonly webhooks: Webhooks;
  readonly life: Life;
  readonly savedReports: SavedReports;
  readonly trainings: Trainings;
  /** Against BambooHR's limit, by key. */
  readonly bambooCalls: LeakyBucket;
}

const SCHOOLS = [
  'academy',
  'sales',
  'engineering',
  'retail',
  'partners',
  'compliance',
  'leadership',
  'customers',
] as const;

const titleOf = (company: string, portal: string): string =>
  [company, portal].map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ');

const makePortals = (count: number, company: string): PortalSpec[] =>
  Array.from({ length: count }, (_, index) => {
    const portal = SCHOOLS[index] ?? `portal${index + 1}`;
    const customFields = ['Department', 'Location', 'Job Title'].map((label) => ({ label }));
    return {
      portal,
      title: titleOf(company, portal),
      customFields: [...customFields, { label: 'Hire Date', type: 'date' as const }],
      courses: ['Welcome', 'Information Security'],
    };
  });

const checkPortals = (specs: readonly PortalSpec[]): void => {
  const names = specs.map(({ portal }) => portal);
  if (specs.length === 0) throw new RangeError('portals: at least one, the top-level portal');
  const bad = names.find((name) => !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(name));
  if (bad !== undefined) throw new RangeError(`portals: "${bad}" is no subdomain: use a-z, 0-9 and -`);
  if (names.includes('bamboohr'))
    throw new RangeError('portals: "bamboohr" is the other vendor, also in faults and counts');
  if (new Set(names).size < names.length) throw new RangeError('portals: each needs a name of its own');
};

/** The same seed and start make the same world, to the second of every change. */
export const createWorld = (options: WorldOptions): World => {
  const { portals, company: name = 'acme' } = options;
  const specs = typeof portals === 'number' ? makePortals(portals, name) : portals;
  checkPortals(specs);
  const clock = new SandboxClock(options.now);
  return clock.hold(() => populate(options, name, specs, clock));
};

const populate = (options: WorldOptions, name: string, specs: readonly PortalSpec[], clock: SandboxClock): World => {
  const { seed, ratePerMinute = 300 } = options;
  // Each part draws from a sequence of its own, so that one more portal doesn't make another company.
  const part = (index: number): Random => seededRandom(seed * 8 + index);
  const now = (): number => clock.now();
  const switches = createSwitches(options.switches);
  const company = new Company(name, options.timeZone ?? 'Europe/Dublin', part(0).hex(40), clock, switches);
  const addresses = new AddressBook(`${name}.example`);
  generateCompany(company, options.employees, part(1), addresses, clock);
  const perWeek = options.ratePerWeek === undefined ? (ratePerMinute === null ? null : 500_000) : options.ratePerWeek;
  const realm = new Realm(specs, { perMinute: ratePerMinute, perWeek }, part(2), clock, switches);
  const admin = {
    email: `lms.admin@${name}.example`,
    username: 'lms.admin',
    firstName: 'Learning',
    lastName: 'Admin',
    userType: 'admin',
  };
  realm.accounts.createByHand(realm.topLevel, admin);
  return {
    company,
    realm,
    clock,
    switches,
    faults: new Faults(part(3)),
    calls: new CallLog(),
    random: part(4),
    addresses,
    oauth: new OAuth(part(5), now, switches),
    badKeys: new BadKeys(now, switches),
    webhooks: new Webhooks(part(6), now, switches),
    life: new Life(company, clock, part(7), addresses),
    savedReports: new SavedReports(),
    trainings: new Trainings(),
    bambooCalls: new LeakyBucket(now),
  };
};
