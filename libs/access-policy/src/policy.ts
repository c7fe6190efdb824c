import type { Expression, Rule } from './rules/compile-expression.js';
import type { TextTemplate } from './rules/compile-template.js';

export type Onboarding = 'create' | 'invite';
export type RefusalPolicy = 'invite' | 'wait' | 'report';
export type IdentifierKind = 'email' | 'username';
export type LeavingPolicy = 'disable' | 'expire' | 'keep';
export type PortalMode = 'on' | 'observe' | 'off';
export type SignIn = 'sso' | 'password';
export type UserType = 'learner' | 'manager' | 'instructor' | 'admin';
export type Ownership = 'always' | 'on-create' | 'never';
export type Names = 'legal' | 'preferred';
export type StartBasis = 'at-once' | 'hire-date' | 'date-added';
/** LearnUpon's types of custom user data. */
export const CUSTOM_DATA_TYPES = [
  'string',
  'decimal',
  'integer',
  'date',
  'string-choice',
  'decimal-choice',
  'integer-choice',
] as const;
export type CustomDataType = (typeof CUSTOM_DATA_TYPES)[number];

// --- As it is written in realm.yaml -------------------------------------------------------------------------------

/** A table from a field's value to what is written; `otherwise` for a value that is not in it. */
export interface ChoiceTable {
  readonly choices?: Readonly<Record<string, string>>;
  readonly otherwise?: string | null;
}
/** One value for everybody, or the BambooHR field that it comes from. */
export type LocaleSource = string | ({ readonly field: string } & ChoiceTable);
export type LanguageSource = LocaleSource;

/** Where a custom field's value comes from: a field, or a rule that gives a value. */
export interface CustomDataSource extends ChoiceTable {
  readonly field?: string;
  /** CEL. */
  readonly value?: string;
  readonly type?: CustomDataType;
}

/** A person that an admin puts in or takes out by hand. */
export interface HandPick {
  readonly employee: string;
  readonly reason: string;
  /** The last day on which it holds, `YYYY-MM-DD`; for ever unless told. */
  readonly until?: string;
}

/** A group by its title, for those for whom `when` holds; or the title that a rule gives. */
export interface GroupRule {
  readonly title?: string;
  /** CEL. */
  readonly titleFrom?: string;
  /** CEL. */
  readonly when?: string;
}
export type GroupSource = string | GroupRule;
export interface UserTypeRule {
  readonly type: UserType;
  /** CEL. */
  readonly when?: string;
}
/** The first whose `when` holds. */
export type UserTypeSource = UserType | readonly (UserType | UserTypeRule)[];
export type StartSource = StartBasis | { readonly from: StartBasis; readonly days?: number };
export type LeavingSource = LeavingPolicy | ({ readonly action: LeavingPolicy } & Partial<LeavingRule>);

/** What a portal's policy may say; `defaults` says it for all portals, and a portal overrides it key by key. */
export interface WrittenPolicy {
  readonly mode?: PortalMode;
  /** True ends the access of everybody in the portal. Taking the portal out does not. */
  readonly ended?: boolean;
  /** The share of people that the portal begins with, in percent. */
  readonly ramp?: number;
  /** CEL over BambooHR's fields. */
  readonly audience?: string;
  /** The values of `employmentHistoryStatus` that count; all unless told. */
  readonly eligible?: readonly string[];
  readonly include?: readonly HandPick[];
  readonly exclude?: readonly HandPick[];
  readonly start?: StartSource;
  readonly onboarding?: Onboarding;
  readonly whenRefused?: RefusalPolicy;
  readonly identifier?: IdentifierKind;
  /** A field, or a text with rules in braces, such as `acme-{employeeNumber}`. */
  readonly username?: string;
  /** Fields that may hold the e-mail address: the first that is not empty is taken. */
  readonly email?: readonly string[];
  readonly signIn?: SignIn;
  readonly userType?: UserTypeSource;
  /** Label of the portal's custom user data → where it comes from; `null` drops a default. */
  readonly customData?: Readonly<Record<string, string | CustomDataSource | null>>;
  readonly groups?: readonly GroupSource[];
  /** By field of the account: `firstName`, …, `customData.<label>`, and `customData` for all labels. */
  readonly ownership?: Readonly<Record<string, Ownership>>;
  readonly leaving?: LeavingSource;
}
export interface WrittenPortal extends WrittenPolicy {
  readonly portal: string;
}

/** The realm's policy as it is written. */
export interface RealmRules {
  /** Part of what the ramps' shares of people are taken by. */
  readonly tenant?: string;
  readonly language?: LocaleSource;
  readonly timeZone?: LocaleSource;
  readonly names?: Names;
  /** Named rules: CEL that others use as `rules.<name>`. */
  readonly rules?: Readonly<Record<string, string>>;
  readonly defaults?: WrittenPolicy;
  /** In the realm's order. */
  readonly portals: readonly WrittenPortal[];
}

// --- With everything filled in ------------------------------------------------------------------------------------

export interface StartRule {
  readonly from: StartBasis;
  readonly days: number;
}
export interface LeavingRule {
  readonly action: LeavingPolicy;
  /** Days after the last one for which access stays. */
  readonly graceDays: number;
  /** Days after the end of access at which the account expires, where `action` is `expire`. */
  readonly expireDays: number;
  /** Days after the end of access from which an admin may delete the account. */
  readonly retainDays: number | null;
}

/** A portal's policy with defaults and short forms filled in: two that mean the same are the same. */
export interface PortalRules {
  readonly portal: string;
  readonly mode: PortalMode;
  readonly ended: boolean;
  readonly ramp: number;
  readonly audience: string;
  readonly eligible?: readonly string[];
  readonly include: readonly HandPick[];
  readonly exclude: readonly HandPick[];
  readonly start: StartRule;
  readonly onboarding: Onboarding;
  readonly whenRefused: RefusalPolicy;
  readonly identifier: IdentifierKind;
  readonly username: string;
  readonly email: readonly string[];
  readonly signIn: SignIn;
  readonly userType?: readonly UserTypeRule[];
  readonly customData: Readonly<Record<string, CustomDataSource>>;
  readonly groups?: readonly GroupRule[];
  readonly ownership: Readonly<Record<string, Ownership>>;
  readonly leaving: LeavingRule;
}

// --- Compiled -----------------------------------------------------------------------------------------------------

export interface CompiledCustomData {
  readonly label: string;
  readonly field?: string;
  readonly value?: Expression<string>;
  readonly type: CustomDataType;
  /** By the field's value, trimmed. */
  readonly choices?: ReadonlyMap<string, string>;
  readonly otherwise: string | null;
}
export interface CompiledGroup {
  readonly title?: string;
  readonly titleFrom?: Expression<string>;
  readonly when?: Rule;
}
export interface CompiledUserType {
  readonly type: UserType;
  readonly when?: Rule;
}
/** What was done by hand for one employee. */
export interface HandPicks {
  readonly include: readonly HandPick[];
  readonly exclude: readonly HandPick[];
}
export interface CompiledLocale {
  readonly fixed?: string;
  readonly field?: string;
  readonly choices?: ReadonlyMap<string, string>;
  readonly otherwise: string | null;
}

/** A portal's policy, compiled. */
export interface PortalPolicy {
  readonly portal: string;
  readonly rules: PortalRules;
  readonly mode: PortalMode;
  readonly ended: boolean;
  readonly ramp: number;
  /** Of the tenant and the portal: an employee's share is hashed on top of it. */
  readonly rampSeed: number;
  readonly audience: Rule;
  readonly eligible: ReadonlySet<string> | undefined;
  /** By employee id; absent where nothing is done by hand. */
  readonly picks: ReadonlyMap<string, HandPicks> | undefined;
  readonly start: StartRule;
  readonly onboarding: Onboarding;
  readonly whenRefused: RefusalPolicy;
  readonly identifier: IdentifierKind;
  readonly username: TextTemplate | undefined;
  readonly email: readonly string[];
  readonly signIn: SignIn;
  readonly userType: readonly CompiledUserType[] | undefined;
  readonly customData: readonly CompiledCustomData[];
  readonly groups: readonly CompiledGroup[] | undefined;
  /** What is not kept alike always, as it travels. */
  readonly ownership: Readonly<Record<string, Ownership>> | undefined;
  readonly leaving: LeavingRule;
}

/** The realm's policy, compiled once and asked for every employee. */
export interface RealmPolicy {
  readonly tenant: string;
  readonly language: CompiledLocale;
  readonly timeZone: CompiledLocale;
  readonly names: Names;
  /** Named rules, by name. */
  readonly named: ReadonlyMap<string, Rule>;
  /** Some portal begins by the day on which an employee was first seen. */
  readonly needsDateAdded: boolean;
  readonly portals: readonly PortalPolicy[];
}

/** The BambooHR fields that the names of a learner come from. */
export const NAME_FIELDS = { firstName: 'firstName', lastName: 'lastName', preferredName: 'preferredName' } as const;
export const STATUS_FIELD = 'employmentHistoryStatus';
