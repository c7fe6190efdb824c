import type { Rule } from './compile-rule.js';

export type Onboarding = 'create' | 'invite';
export type RefusalPolicy = 'invite' | 'wait' | 'report';
export type IdentifierKind = 'email' | 'username';
export type LeavingPolicy = 'disable' | 'expire' | 'keep';
export type PortalMode = 'on' | 'observe' | 'off';
/** One of LearnUpon's codes for everybody, or the BambooHR field that holds it. */
export type LanguageSource = string | { readonly field: string };

/** A portal's policy as it is written. */
export interface PortalRules {
  readonly portal: string;
  readonly mode: PortalMode;
  /** CEL over BambooHR's fields. */
  readonly audience: string;
  readonly onboarding: Onboarding;
  readonly whenRefused: RefusalPolicy;
  readonly identifier: IdentifierKind;
  /** Fields that may hold the e-mail address: the first that is not empty is taken. */
  readonly email: readonly string[];
  /** The field that holds the username, where `identifier` says so. */
  readonly username: string;
  /** Label of the portal's custom user data → field. */
  readonly customData: Readonly<Record<string, string>>;
  readonly leaving: LeavingPolicy;
}

/** The realm's policy as it is written. */
export interface RealmRules {
  readonly language?: LanguageSource;
  /** In the realm's order. */
  readonly portals: readonly PortalRules[];
}

/** A portal's policy, compiled. */
export interface PortalPolicy extends Omit<PortalRules, 'audience' | 'customData'> {
  readonly audience: Rule;
  readonly customData: readonly (readonly [label: string, field: string])[];
}

/** The realm's policy, compiled once and asked for every employee. */
export interface RealmPolicy {
  readonly language: LanguageSource | undefined;
  readonly portals: readonly PortalPolicy[];
  /** The fields that some audience names: what is put before the rules. */
  readonly ruleFields: readonly string[];
}

/** The BambooHR fields that the names of a learner come from. */
export const NAME_FIELDS = { firstName: 'firstName', lastName: 'lastName' } as const;

/** The BambooHR fields that rules and mappings use, sorted, and no others. */
export const fieldsUsed = (policy: RealmPolicy): readonly string[] => {
  const ofPortal = (portal: PortalPolicy) => [
    ...portal.audience.fields,
    ...portal.email,
    ...(portal.identifier === 'username' ? [portal.username] : []),
    ...portal.customData.map(([, field]) => field),
  ];
  const ofLanguage = typeof policy.language === 'object' ? [policy.language.field] : [];
  return [...new Set([...Object.values(NAME_FIELDS), ...ofLanguage, ...policy.portals.flatMap(ofPortal)])].sort();
};
