import type { Account, Changes, Learner } from './facts.js';
import { isSame } from './identifiers.js';

/** Labels count the same whatever their case, spaces and underscores. */
export const normaliseLabel = (label: string): string => label.toLowerCase().replace(/[\s_]+/g, '');

const customDataChanges = (account: Account, wanted: Learner['customData']): Changes['customData'] => {
  let changes: Record<string, string | null> | undefined;
  for (const label in wanted) {
    const value = wanted[label] || null;
    if (value !== (account.customData[normaliseLabel(label)] || null)) (changes ??= {})[label] = value;
  }
  return changes;
};

/**
 * What policy owns and the account has otherwise. Custom data is this portal's; names, e-mail, username and language are
 * the realm's, so they come from the one learner that speaks for the realm, or portals would overwrite each other.
 */
export const accountChanges = (account: Account, learner: Learner, identity: Learner): Changes | undefined => {
  const customData = customDataChanges(account, learner.customData);
  const { email, username, firstName, lastName, language } = identity;
  const changes: Changes = {
    ...(email !== null && !isSame(email, account.email) ? { email } : undefined),
    ...(username !== null && !isSame(username, account.username) ? { username } : undefined),
    ...(firstName !== account.firstName ? { firstName } : undefined),
    ...(lastName !== account.lastName ? { lastName } : undefined),
    ...(language !== null && !isSame(language, account.language) ? { language } : undefined),
    ...(customData === undefined ? undefined : { customData }),
  };
  for (const _ in changes) return changes;
  return undefined;
};
