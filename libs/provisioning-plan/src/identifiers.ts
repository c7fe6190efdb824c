import type { Account, Cell, Learner } from './facts.js';

/** E-mail addresses and user names are compared without case. */
export const normalise = (value: string): string => value.trim().toLowerCase();

export const isSame = (one: string | null, other: string | null): boolean =>
  one === other || (one !== null && other !== null && normalise(one) === normalise(other));

/** As claims are stored: the kind, a colon, the normalised value. */
export const identifierKey = (kind: 'email' | 'username', value: string): string => `${kind}:${normalise(value)}`;

/** The identifier that a portal tells this learner by. */
export const identifierOf = (learner: Learner): string | undefined => {
  const value = learner[learner.identifier];
  return value === null || value.trim() === '' ? undefined : identifierKey(learner.identifier, value);
};

export const mayInvite = (learner: Learner): boolean =>
  learner.onboarding === 'invite' || learner.whenRefused === 'invite';

/** What this person must hold alone before a call is made: what tells the accounts, and where invites go. */
export const identifiersOf = (cells: readonly Pick<Cell, 'access' | 'learner'>[]): string[] => {
  const keys = new Set<string>();
  for (const { access, learner } of cells) {
    if (access !== 'granted' || learner === undefined) continue;
    const own = identifierOf(learner);
    if (own !== undefined) keys.add(own);
    if (mayInvite(learner) && learner.email !== null) keys.add(identifierKey('email', learner.email));
  }
  return [...keys];
};

export const hasIdentifier = (account: Account, learner: Learner): boolean => {
  const value = account[learner.identifier];
  return value !== null && isSame(value, learner[learner.identifier]);
};
