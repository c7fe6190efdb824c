import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Min,
  ValidateNested,
} from 'class-validator';
import { Cause, CAUSE_KINDS, type CauseKind } from './cause.js';
import { OpenEnum } from './open-enum.js';
import { IDENTIFIER_KINDS, type IdentifierKind } from './realm-changed.js';
import { REASON_CODES, type ReasonCode } from './reason-codes.js';
import { IsDay, IsEmployeeId, IsMoment, IsPortalName, IsRevision, IsSlug } from './scalars.js';

export const ACCESS_STATES = ['granted', 'withheld', 'undecided'] as const;
export type AccessState = (typeof ACCESS_STATES)[number];
export const ONBOARDINGS = ['create', 'invite'] as const;
export type Onboarding = (typeof ONBOARDINGS)[number];
export const REFUSAL_POLICIES = ['invite', 'wait', 'report'] as const;
export type RefusalPolicy = (typeof REFUSAL_POLICIES)[number];
/** `expire` leaves the account enabled and gives it `expiresOn`; `keep` leaves it as it is. */
export const LEAVING_POLICIES = ['disable', 'expire', 'keep'] as const;
export type LeavingPolicy = (typeof LEAVING_POLICIES)[number];
export const USER_TYPES = ['learner', 'manager', 'instructor', 'admin'] as const;
export type UserType = (typeof USER_TYPES)[number];
/** `sso`: a long random password that nobody uses; `password`: a random one that must be changed at the first login. */
export const SIGN_INS = ['sso', 'password'] as const;
export type SignIn = (typeof SIGN_INS)[number];
/** A field without an entry is kept alike always; `never` means that Portico does not write it, not even on create. */
export const OWNERSHIPS = ['always', 'on-create', 'never'] as const;
export type Ownership = (typeof OWNERSHIPS)[number];

/** The account as policy wants it in one portal. */
export class WantedLearner {
  @IsIn(ONBOARDINGS) onboarding!: Onboarding;
  /** What to do when a create is refused because the identifier has an account elsewhere in the realm. */
  @OpenEnum(REFUSAL_POLICIES, 'report') whenRefused!: RefusalPolicy;
  @IsIn(IDENTIFIER_KINDS) identifier!: IdentifierKind;
  @IsOptional() @IsString() email?: string | null;
  @IsOptional() @IsString() username?: string | null;
  @IsString() firstName!: string;
  @IsString() lastName!: string;
  /** LearnUpon's code, such as `en_gb`. */
  @IsOptional() @IsString() language?: string | null;
  /** By the label of the portal's custom user data; `null` empties the field. */
  @IsObject() customData!: Record<string, string | null>;
  /** LearnUpon's (Rails) name, such as `Dublin`; absent or `null`: left alone. */
  @IsOptional() @IsString() timeZone?: string | null;
  /** The type in this portal; absent: left alone, and `learner` on create. */
  @IsOptional() @OpenEnum(USER_TYPES, 'learner') userType?: UserType;
  /** How an account that is created first signs in; absent means `sso`. */
  @IsOptional() @OpenEnum(SIGN_INS, 'sso') signIn?: SignIn;
  /**
   * Titles of the portal's groups that the person is to be in. Absent: groups are left alone. Portico ends only
   * memberships that it made.
   */
  @IsOptional() @IsArray() @IsString({ each: true }) groups?: string[];
  /**
   * Which fields are not kept alike always: `firstName`, `lastName`, `email`, `username`, `language`, `timeZone`,
   * `userType`, `groups`, `customData.<label>`.
   */
  @IsOptional() @IsObject() ownership?: Record<string, Ownership>;
}

/**
 * Access was taken away by a cause with which so much is taken that the gate keeps it back: lanes take nothing until somebody
 * approves. It stays, whatever other causes change, until access is granted again.
 */
export class AccessHold {
  @OpenEnum(CAUSE_KINDS, 'other') kind!: CauseKind;
  /** Of the cause. */
  @IsString() id!: string;
  /** How many people would lose access to this portal within a day at most, of how many who had it. */
  @IsInt() @Min(0) people!: number;
  @IsInt() @Min(0) of!: number;
}

/** The decision for one portal. */
export class PortalAccess {
  @IsPortalName() portal!: string;
  @OpenEnum(ACCESS_STATES, 'undecided') access!: AccessState;
  @OpenEnum(REASON_CODES, 'other') reason!: ReasonCode;
  /** Since when something unknown keeps the access that was. */
  @IsOptional() @IsMoment() keptSince?: string;
  /** There when `access` is `granted`. */
  @IsOptional() @ValidateNested() @Type(() => WantedLearner) learner?: WantedLearner;
  @OpenEnum(LEAVING_POLICIES, 'keep') leaving!: LeavingPolicy;
  /** The last day of access: ahead in the days of grace, and past where days are counted from it. */
  @IsOptional() @IsDay() lastDay?: string;
  /** The last day of the account, where `leaving` is `expire` and access is withheld. */
  @IsOptional() @IsDay() expiresOn?: string;
  /** From this day nobody needs the account any more, and an admin may delete it by hand; Portico never does. */
  @IsOptional() @IsDay() retainUntil?: string;
  /** There where the gate keeps back what was decided; `access` is `withheld` then. */
  @IsOptional() @ValidateNested() @Type(() => AccessHold) hold?: AccessHold;
}

/** The decision for one employee and every portal at once. */
export class AccessDecidedV1 {
  @IsSlug() tenant!: string;
  @IsEmployeeId() employeeId!: string;
  @IsRevision() revision!: number;
  @IsMoment() decidedAt!: string;
  /** The employee revision, the policy version and the company's day that it was decided on. */
  @IsRevision() employeeRevision!: number;
  @IsInt() @Min(1) policyVersion!: number;
  @IsDay() today!: string;
  /** True when the employment has ended by positive evidence: lanes take leavers first. */
  @IsBoolean() leaver!: boolean;
  @IsArray() @ValidateNested({ each: true }) @Type(() => PortalAccess) portals!: PortalAccess[];
  @IsDefined() @ValidateNested() @Type(() => Cause) cause!: Cause;
}
