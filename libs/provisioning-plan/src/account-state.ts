import type { Account, Cell, Person, Realm } from './facts.js';
import { cellOf } from './find-home.js';

/** An account whose last day has passed is as good as disabled, also where LearnUpon does not say so yet. */
export const isUsable = ({ enabled, accountExpires }: Account, { today }: Realm): boolean =>
  enabled && (accountExpires === null || accountExpires >= today);

/** An admin whom Portico did not make one: never touched. */
export const isForeignAdmin = (account: Account, cell: Cell): boolean =>
  account.userType === 'admin' && !(cell.link?.accountId === account.accountId && cell.written?.userType === 'admin');

const isTheirs = ({ ownerId }: Account, { employeeId }: Person): boolean => (ownerId ?? employeeId) === employeeId;

const topLevelCell = (realm: Realm, person: Person): Cell | undefined => {
  const topLevel = realm.portals.find((portal) => portal.topLevel);
  return topLevel && cellOf(person, topLevel.portal);
};

/** Admins of the top-level portal have access everywhere, and can't be added to a sub-portal or be of another type there. */
export const isRealmAdmin = (realm: Realm, person: Person): boolean =>
  topLevelCell(realm, person)?.accounts.some((account) => account.userType === 'admin' && isTheirs(account, person)) ??
  false;

/** One that Portico did not make, or, in a sub-portal, any: it is there already, and no learner. */
export const isAdminElsewhere = (realm: Realm, person: Person, cell: Cell): boolean => {
  const top = topLevelCell(realm, person);
  if (top === undefined || !isRealmAdmin(realm, person)) return false;
  return top !== cell || top.accounts.some((account) => isTheirs(account, person) && isForeignAdmin(account, cell));
};
