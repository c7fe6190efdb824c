import { customDataChanges, type FittedData } from './custom-data.js';
import type { Account, Cell, Changes, Learner, Portal, UserType } from './facts.js';
import { isSame } from './identifiers.js';
import { isFresh, isKept } from './ownership.js';

/** The date that Portico set when the person was to leave; one that somebody else set stays. */
const clearedExpiry = ({ accountExpires }: Account, { written }: Cell): Changes =>
  accountExpires !== null && written?.accountExpires === accountExpires ? { accountExpires: null } : {};

/**
 * What policy owns and the account has otherwise. Custom data, type and groups are this portal's; names, e-mail, username,
 * language and time zone are the realm's, so they come from the one learner that speaks for the realm, or portals would
 * overwrite each other. Who owns a field is this portal's policy.
 */
export const accountChanges = (
  account: Account,
  { customFields }: Portal,
  cell: Cell,
  learner: Learner,
  identity: Learner,
  { data }: FittedData,
): Changes | undefined => {
  const fresh = isFresh(cell.link);
  const customData = customDataChanges(account, learner, data, customFields, fresh);
  const { email, username, firstName, lastName, language, timeZone } = identity;
  const { userType } = learner;
  const kept = (field: string): boolean => isKept(learner, field, fresh);
  const changes: Changes = {
    ...(email !== null && !isSame(email, account.email) && kept('email') ? { email } : undefined),
    ...(username !== null && !isSame(username, account.username) && kept('username') ? { username } : undefined),
    ...(firstName !== account.firstName && kept('firstName') ? { firstName } : undefined),
    ...(lastName !== account.lastName && kept('lastName') ? { lastName } : undefined),
    ...(language !== null && !isSame(language, account.language) && kept('language') ? { language } : undefined),
    ...(isOther(timeZone, account.timeZone) && kept('timeZone') ? { timeZone: timeZone as string } : undefined),
    ...(isOtherType(userType, account) && kept('userType') ? { userType: userType as UserType } : undefined),
    ...(customData === undefined ? undefined : { customData }),
    ...clearedExpiry(account, cell),
  };
  for (const _ in changes) return changes;
  return undefined;
};

const isOther = (wanted: string | null | undefined, actual: string | null | undefined): boolean =>
  wanted !== undefined && wanted !== null && actual !== undefined && wanted !== actual;

/** A type that nobody here knows is somebody's decision. */
const isOtherType = (wanted: UserType | undefined, { userType }: Account): boolean =>
  wanted !== undefined && userType !== 'other' && wanted !== userType;
