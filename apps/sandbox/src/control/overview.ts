import { jsonAnswer } from '../http/call.js';
import type { Employee } from '../world/employee.js';
import type { Account, Invite, Person } from '../world/records.js';
import type { World } from '../world/world.js';
import type { ControlHandler } from './answers.js';
import { personOnWire, searchPeople } from './people.js';
import { portalOnWire } from './portals.js';
import { accountOnWire, inviteOnWire } from './realm.js';

const MOST_STRANGERS = 50;
/** To look for strangers among more would take too long at every look. */
const MOST_ACCOUNTS = 20_000;

const addressesOf = ({ workEmail, homeEmail }: Employee): string[] =>
  [workEmail, homeEmail].filter((address): address is string => address !== null && address !== '');

/** Whoever has the person's address, or their employee number for a username. */
const knownAs = ({ realm }: World, employee: Employee): Person | undefined =>
  addressesOf(employee)
    .map((email) => realm.find({ email }))
    .find((person) => person !== undefined) ?? realm.find({ username: employee.employeeNumber });

const openInvites = ({ realm }: World, employee: Employee): Invite[] =>
  realm.portals.flatMap((portal) =>
    addressesOf(employee).flatMap((address) => realm.invites.pending(portal, address) ?? []),
  );

const rowOf = (world: World, employee: Employee): object => ({
  person: personOnWire(world.company, employee),
  accounts: [...(knownAs(world, employee)?.accounts.values() ?? [])].map(accountOnWire),
  invites: openInvites(world, employee).map(inviteOnWire),
});

const strangersOf = ({ realm, company }: World): Account[] => {
  const total = realm.portals.reduce((sum, { accounts }) => sum + accounts.length, 0);
  if (total > MOST_ACCOUNTS) return [];
  const known = new Set<string>();
  for (const employee of company.all())
    for (const text of [...addressesOf(employee), employee.employeeNumber ?? '']) known.add(text.toLowerCase());
  known.delete('');
  const isKnown = ({ person: { email, username } }: Account): boolean =>
    known.has(email?.toLowerCase() ?? '') || known.has(username?.toLowerCase() ?? '');
  return realm.portals.flatMap(({ accounts }) => accounts.filter((account) => !isKnown(account)));
};

const overview: ControlHandler = (call) => {
  const { world } = call;
  const { total, found } = searchPeople(call);
  return jsonAnswer({
    total,
    portals: world.realm.portals.map(portalOnWire),
    people: found.map((employee) => rowOf(world, employee)),
    strangers: strangersOf(world).slice(0, MOST_STRANGERS).map(accountOnWire),
  });
};

export const overviewRoutes: Readonly<Record<string, ControlHandler>> = { 'GET /overview': overview };
