/**
 * Why a cell is as it is. Codes travel and are stored; the sentences are for people. A reader maps a code that it
 * does not know to `other`.
 */
export const REASONS = {
  // Decided by realm-policy.
  'in-audience': 'belongs to the audience',
  'not-in-audience': 'is outside the audience',
  'not-started': 'starts later',
  left: 'employment has ended',
  grace: 'employment has ended, and the days of grace go on',
  'not-eligible': 'has an employment status that is not eligible',
  included: 'is included by hand',
  excluded: 'is excluded by hand',
  'not-in-ramp': 'is not among the first share of people',
  'access-ended': 'access was ended for everybody',
  'employment-unknown': 'whether the employment goes on is not known',
  'audience-unknown': 'a field that the audience needs is not known',
  'no-email': 'has no e-mail address',
  'invalid-identifier': 'has no valid identifier',
  'mapping-unknown': 'a field that the account needs is not known',
  'portal-off': 'the portal is switched off',
  // Found by learnupon-provisioning.
  converged: 'the account is as wanted',
  'waiting-for-lane': 'waits for its turn',
  'waiting-for-home': 'waits for the account in the home portal',
  'waiting-for-mirror': 'waits for a complete read of the portal',
  'waiting-for-accept': 'was invited and has not accepted',
  'in-doubt': 'a call ended without an answer; the portal is being read to see what it did',
  'doubt-unreadable': 'a call ended without an answer, and its effect cannot be read: a person must look',
  'refused-exists':
    'the realm refused: the identifier has an account in another portal, and creating again is switched off',
  'refused-duplicate-invite': 'the portal refused: there is an invite already',
  'refused-invalid': 'the portal refused the data',
  'refused-other': 'the portal refused',
  'identifier-claimed': 'the identifier belongs to another person',
  'ambiguous-account': 'more than one account could be this person',
  'licences-full': 'the portal has no licence left',
  'top-level-admin': 'is an admin of the realm, not a learner',
  'not-ours': 'the account was not made or correlated by Portico',
  'needed-in-sub-portal': 'is still needed in a sub-portal, which the top-level portal would disable too',
  'invite-cancelled': 'the invite was cancelled or rejected',
  'portal-unreachable': 'the portal does not answer',
  'portal-unauthorised': 'the portal refuses its key',
  'portal-not-found': 'there is no portal at its address',
  'secret-missing': 'the secret is not mounted',
  'name-mismatch': 'an account with this identifier has another name: a person must say whose it is',
  'group-missing': 'the account is as wanted, but a group of that title is not there',
  'field-missing': 'the account is as wanted, but a custom field is not defined in the portal or refuses the value',
  held: 'the gate keeps back that access is taken away: a person must approve it',
  'retention-over': 'the account is not needed any more: an admin may delete it by hand',
  disabled: 'the account is disabled',
  absent: 'no account, and none wanted',
  other: 'a reason that this version does not know',
} as const;
export type ReasonCode = keyof typeof REASONS;
export const REASON_CODES = Object.keys(REASONS) as readonly ReasonCode[];

/** The sentence for a code, also for one of a newer sender. */
export const describeReason = (code: string): string => REASONS[code as ReasonCode] ?? REASONS.other;
