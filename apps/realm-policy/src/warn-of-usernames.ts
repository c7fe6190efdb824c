import { decideAccess } from '@portico/access-policy';
import type { Sql } from '@portico/messaging';
import type { DecisionFrame } from './decide-person.js';
import { toFacts } from './facts.js';
import { presentPeople } from './persistence/what-if-people.js';

const CHUNK = 1_000;
const SHOWN = 3;

/** Who would have a username first, and who else. */
type Owners = Map<string, string[]>;
interface Found {
  readonly owners: Owners;
  /** Employees for whom nothing valid comes out. */
  readonly invalid: string[];
}

/**
 * Usernames that a draft would give to more than one person: one of them gets it, and the others wait for a person; and
 * those that LearnUpon would not take. Sentences, portal by portal. Without portals by username nobody is looked at.
 */
export const warnOfUsernames = async (sql: Sql, frame: DecisionFrame): Promise<string[]> => {
  const portals = frame.policy.portals.filter(({ identifier }) => identifier === 'username');
  if (portals.length === 0) return [];
  const policy = { ...frame.policy, portals };
  const found = new Map(portals.map(({ portal }): [string, Found] => [portal, { owners: new Map(), invalid: [] }]));
  for (let after: string | undefined = ''; after !== undefined;) {
    const page = { tenant: frame.realm.tenant, after, limit: CHUNK };
    // No version is the current one: what is decided of them is not read.
    const people = await presentPeople(sql, page, { version: -1, today: '9999-12-31' });
    for (const { employeeId, facts } of people) {
      if (facts === null) continue;
      const known = toFacts(employeeId, facts, frame.realm.timeZone, policy);
      for (const { portal, learner, reason } of decideAccess(known, policy, [], frame).portals) {
        if (typeof learner?.username === 'string') note(found.get(portal)?.owners, learner.username, employeeId);
        else if (reason === 'invalid-identifier') found.get(portal)?.invalid.push(employeeId);
      }
    }
    after = people.length < CHUNK ? undefined : people.at(-1)?.employeeId;
  }
  return [...found].flatMap(([portal, { owners, invalid }]) => [
    ...sentence(portal, owners),
    ...invalidSentence(portal, invalid),
  ]);
};

/** LearnUpon takes usernames for the same whatever their case. */
const note = (owners: Owners | undefined, username: string, employeeId: string): void => {
  const key = username.toLowerCase();
  const ids = owners?.get(key);
  if (ids === undefined) owners?.set(key, [employeeId]);
  else ids.push(employeeId);
};

const invalidSentence = (portal: string, ids: readonly string[]): string[] => {
  if (ids.length === 0) return [];
  const people = ids.length === 1 ? 'a person has' : `${ids.length} people have`;
  const some = ids.slice(0, SHOWN).join(', ');
  return [`${portal}: ${people} no valid username or address, and get no account that is not there: employees ${some}`];
};

const sentence = (portal: string, names: Owners): string[] => {
  const shared = [...names].filter(([, ids]) => ids.length > 1);
  if (shared.length === 0) return [];
  const some = shared.slice(0, SHOWN).map(([name, ids]) => `"${name}" of employees ${ids.slice(0, SHOWN).join(', ')}`);
  const count = shared.length === 1 ? 'a username would belong' : `${shared.length} usernames would belong`;
  return [`${portal}: ${count} to more than one person, and only one of them gets it: ${some.join('; ')}`];
};
