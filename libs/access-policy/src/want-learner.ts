import type { EmployeeFacts } from './employee-facts.js';
import type { FactValues } from './fact-values.js';
import { toLanguage } from './language.js';
import {
  NAME_FIELDS,
  type CompiledLocale,
  type IdentifierKind,
  type Onboarding,
  type Ownership,
  type PortalPolicy,
  type RealmPolicy,
  type RefusalPolicy,
  type SignIn,
  type UserType,
} from './policy.js';
import type { TextTemplate } from './rules/compile-template.js';
import { toTimeZone } from './time-zones.js';
import { readCustomData } from './want-custom-data.js';
import { wantGroups, wantUserType } from './want-groups.js';

/** The account as policy wants it. */
export interface WantedLearner {
  readonly onboarding: Onboarding;
  readonly whenRefused: RefusalPolicy;
  readonly identifier: IdentifierKind;
  readonly email: string | null;
  readonly username: string | null;
  readonly firstName: string;
  readonly lastName: string;
  readonly language: string | null;
  readonly customData: Readonly<Record<string, string | null>>;
  readonly timeZone?: string | null;
  readonly userType?: UserType;
  readonly signIn?: SignIn;
  readonly groups?: readonly string[];
  readonly ownership?: Readonly<Record<string, Ownership>>;
}

/** Why no account can be wanted: something is known to be wrong, or not known. */
export type Unwantable = 'no-email' | 'invalid-identifier' | 'mapping-unknown';

/** A comma would make two addresses of one in an invite. */
const EMAIL = /^[^\s@,;<>"]+@[^\s@,;<>"]+\.[^\s@,;<>"]+$/;
/** LearnUpon: 6 to 30 letters and digits of any script, with their marks, and `+ - . , $ # @ _`. */
const USERNAME = /^[\p{L}\p{M}\p{N}+\-.,$#@_]{6,30}$/u;

/** What one learner is made of. */
export interface LearnerSource {
  readonly facts: EmployeeFacts;
  readonly policy: RealmPolicy;
  /** Values for mappings: the last known ones. */
  readonly values: FactValues;
}

/**
 * The learner that a portal's policy makes of an employee. A field that is only not confirmed has its last known value;
 * one that was never known keeps what the account had.
 */
export const wantLearner = (
  portal: PortalPolicy,
  { facts, policy, values }: LearnerSource,
  previous: WantedLearner | undefined,
): WantedLearner | Unwantable => {
  const { fields } = facts;
  const email = firstFilled(portal.email, fields) ?? (isKnown(portal.email, fields) ? null : previous?.email);
  const username = portal.username === undefined ? null : readUsername(portal.username, values, previous);
  const firstName = readFirstName(policy, fields, previous);
  const lastName = filled(fields[NAME_FIELDS.lastName], previous?.lastName);
  const language = readLocale(policy.language, fields, previous?.language, toLanguage);
  const timeZone = readLocale(policy.timeZone, fields, previous?.timeZone, toTimeZone);
  const customData = readCustomData(portal, fields, values, previous);
  if (email === undefined || username === undefined || firstName === undefined || lastName === undefined) {
    return 'mapping-unknown';
  }
  if (language === undefined || timeZone === undefined || customData === undefined) return 'mapping-unknown';
  const needsEmail = portal.identifier === 'email' || portal.onboarding === 'invite';
  if (email === null && needsEmail) return 'no-email';
  if (email !== null && !EMAIL.test(email)) return 'invalid-identifier';
  if (portal.identifier === 'username' && !USERNAME.test(username ?? '')) return 'invalid-identifier';
  const learner: Mutable<WantedLearner> = {
    onboarding: portal.onboarding,
    whenRefused: portal.whenRefused,
    identifier: portal.identifier,
    email,
    username,
    firstName: firstName ?? '',
    lastName: lastName ?? '',
    language,
    customData,
  };
  if (policy.timeZone.fixed !== undefined || policy.timeZone.field !== undefined) learner.timeZone = timeZone;
  addExtras(learner, portal, values, previous);
  return learner;
};

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** What is there only where policy speaks of it. */
const addExtras = (
  learner: Mutable<WantedLearner>,
  portal: PortalPolicy,
  values: FactValues,
  previous: WantedLearner | undefined,
): void => {
  const userType = wantUserType(portal, values, previous);
  const groups = wantGroups(portal, values, previous);
  if (userType !== undefined) learner.userType = userType;
  if (portal.signIn !== 'sso') learner.signIn = portal.signIn;
  if (groups !== undefined) learner.groups = groups;
  if (portal.ownership !== undefined) learner.ownership = portal.ownership;
};

type Fields = EmployeeFacts['fields'];

const isKnown = (names: readonly string[], fields: Fields): boolean =>
  names.every((name) => fields[name] !== undefined);

/** Stops at a field that was never known: what comes after it must not take its place. */
const firstFilled = (names: readonly string[], fields: Fields): string | undefined => {
  for (const name of names) {
    const value = filled(fields[name], undefined);
    if (value === undefined) return undefined;
    if (value !== null) return value;
  }
  return undefined;
};

const filled = <T extends string | null>(value: string | null | undefined, otherwise: T | undefined) =>
  value === undefined ? otherwise : value?.trim() || null;

const readUsername = (
  template: TextTemplate,
  values: FactValues,
  previous: WantedLearner | undefined,
): string | null | undefined => {
  const username = template.fill(values);
  return username === undefined ? previous?.username : username;
};

/** The preferred name is a nicety: where there is none, or it can't be read, the first name stands for it. */
const readFirstName = ({ names }: RealmPolicy, fields: Fields, previous: WantedLearner | undefined) =>
  (names === 'preferred' ? filled(fields[NAME_FIELDS.preferredName], null) : null) ??
  filled(fields[NAME_FIELDS.firstName], previous?.firstName);

const readLocale = (
  { fixed, field, choices, otherwise }: CompiledLocale,
  fields: Fields,
  previous: string | null | undefined,
  toCode: (value: string) => string | null,
): string | null | undefined => {
  if (field === undefined) return fixed ?? null;
  const value = fields[field];
  if (value === undefined) return previous;
  const text = value?.trim() ?? '';
  return choices?.get(text) ?? (choices === undefined ? toCode(text) : null) ?? otherwise;
};
