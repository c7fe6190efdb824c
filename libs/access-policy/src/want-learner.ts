import type { EmployeeFacts } from './employee-facts.js';
import { toLanguage } from './language.js';
import {
  NAME_FIELDS,
  type IdentifierKind,
  type LanguageSource,
  type Onboarding,
  type PortalPolicy,
  type RefusalPolicy,
} from './policy.js';

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
}

/** Why no account can be wanted: something is known to be wrong, or not known. */
export type Unwantable = 'no-email' | 'invalid-identifier' | 'mapping-unknown';

/** A comma would make two addresses of one in an invite. */
const EMAIL = /^[^\s@,;<>"]+@[^\s@,;<>"]+\.[^\s@,;<>"]+$/;
/** LearnUpon: 6 to 30 letters and digits of any script, and `+ - . , $ # @ _`. */
const USERNAME = /^[\p{L}\p{N}+\-.,$#@_]{6,30}$/u;

/**
 * The learner that a portal's policy makes of an employee. A field that is only not confirmed has its last known value;
 * one that was never known keeps what the account had.
 */
export const wantLearner = (
  portal: PortalPolicy,
  language: LanguageSource | undefined,
  facts: EmployeeFacts,
  previous: WantedLearner | undefined,
): WantedLearner | Unwantable => {
  const { fields } = facts;
  const email = firstFilled(portal.email, fields) ?? (isKnown(portal.email, fields) ? null : previous?.email);
  const username = portal.identifier === 'email' ? null : filled(fields[portal.username], previous?.username);
  const firstName = filled(fields[NAME_FIELDS.firstName], previous?.firstName);
  const lastName = filled(fields[NAME_FIELDS.lastName], previous?.lastName);
  const code = readLanguage(language, fields, previous);
  const customData = readCustomData(portal, fields, previous);
  if (email === undefined || username === undefined || firstName === undefined || lastName === undefined) {
    return 'mapping-unknown';
  }
  if (code === undefined || customData === undefined) return 'mapping-unknown';
  const needsEmail = portal.identifier === 'email' || portal.onboarding === 'invite';
  if (email === null && needsEmail) return 'no-email';
  if (email !== null && !EMAIL.test(email)) return 'invalid-identifier';
  if (portal.identifier === 'username' && !USERNAME.test(username ?? '')) return 'invalid-identifier';
  const { onboarding, whenRefused, identifier } = portal;
  return {
    onboarding,
    whenRefused,
    identifier,
    email,
    username,
    firstName: firstName ?? '',
    lastName: lastName ?? '',
    language: code,
    customData,
  };
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

const readLanguage = (
  source: LanguageSource | undefined,
  fields: Fields,
  previous: WantedLearner | undefined,
): string | null | undefined => {
  if (typeof source !== 'object') return source ?? null;
  const value = fields[source.field];
  return value === undefined ? previous?.language : toLanguage(value);
};

const readCustomData = (
  portal: PortalPolicy,
  fields: Fields,
  previous: WantedLearner | undefined,
): Record<string, string | null> | undefined => {
  const customData: Record<string, string | null> = {};
  for (const [label, field] of portal.customData) {
    const value = filled(fields[field], previous?.customData[label]);
    if (value === undefined) return undefined;
    customData[label] = value;
  }
  return customData;
};
