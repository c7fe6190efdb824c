import { parseCustomData } from './custom-data.js';
import type { Portal } from './portal.js';
import { USER_TYPES, type Account, type Link, type Person, type Right, type UserType } from './records.js';
import type { Switches } from './switches.js';

/** Why the realm refuses something. The message is LearnUpon's where it was seen. */
export class RealmRefusal extends Error {
  constructor(
    readonly code: 'not-found' | 'refused',
    message: string,
  ) {
    super(message);
  }
}

export const refuse = (message: string): never => {
  throw new RealmRefusal('refused', message);
};

/** What an admin or the API says of a user; what is absent stays as it is. */
export interface UserInput {
  readonly email?: string | null;
  readonly username?: string | null;
  readonly newEmail?: string;
  readonly newUsername?: string;
  readonly firstName?: string | null;
  readonly lastName?: string | null;
  readonly password?: string | null;
  readonly language?: string;
  readonly enabled?: boolean;
  readonly userType?: string;
  readonly accountExpires?: string | null;
  readonly timezoneId?: string | null;
  readonly changePasswordOnFirstLogin?: boolean;
  readonly customData?: Record<string, unknown>;
  readonly rights?: Readonly<Partial<Record<Right, boolean>>>;
  readonly links?: Readonly<Partial<Record<Link, string>>>;
}

const EMAIL = /^[^\s@,]+@[^\s@,]+\.[^\s@,]+$/;
const USERNAME = /^[\p{L}\p{N}+\-.,$#@_]{6,30}$/u;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const LANGUAGES = new Set(
  'en en_gb fr fr_ca de es it nl nl_be pt pt_br pl sv da nb_no fi_fl cs sk hu tr ru ja ko zh_cn zh_tw id vi_vn'.split(
    ' ',
  ),
);

/** @throws RealmRefusal */
export const checkForm = (email: string | null | undefined, username: string | null | undefined): void => {
  if (email && !EMAIL.test(email)) refuse('Email is invalid');
  if (username && !USERNAME.test(username)) refuse('Username is invalid');
};

/** @throws RealmRefusal */
export const checkPassword = (password: string | null | undefined): void => {
  if (password === undefined || password === null || password === '') refuse("Password can't be blank");
  else if (password.length < 6) refuse('Password is too short (minimum is 6 characters)');
};

/** @throws RealmRefusal when the portal's identifier is missing or has a bad form */
export const checkIdentifiers = (
  portal: Portal,
  input: UserInput,
): { email: string | null; username: string | null } => {
  const email = input.email || null;
  const username = portal.identifier === 'username' ? input.username || null : null;
  if (portal.identifier === 'email' && email === null) refuse("Email can't be blank");
  if (portal.identifier === 'username' && username === null) refuse("Username can't be blank");
  checkForm(email, username);
  return { email, username };
};

/** @throws RealmRefusal when every licence of the portal is used */
export const checkLicence = ({ licences, licencesUsed }: Portal): void => {
  if (licences !== null && licencesUsed >= licences) refuse('There are no user licenses available in this portal');
};

/** @returns the custom data to set, once everything else in the input is fit to be kept. */
export const checkFields = (
  portal: Portal,
  input: UserInput,
  switches: Switches,
): ReadonlyMap<number, string | null> => {
  const { userType, accountExpires, customData } = input;
  if (userType !== undefined && !USER_TYPES.includes(userType as UserType)) refuse('User type is invalid');
  if (accountExpires && !DAY.test(accountExpires)) refuse('Account expires is invalid');
  if (!customData) return new Map();
  const { values, refused } = parseCustomData(portal.definitions, customData);
  if (refused.length > 0 && switches.badCustomValue === 'refuse')
    refuse(`Custom data is invalid: ${refused.join(', ')}`);
  return values;
};

/** Sets what the realm keeps of a person. */
export const namePerson = (person: Person, input: UserInput): void => {
  if (input.firstName !== undefined) person.firstName = input.firstName;
  if (input.lastName !== undefined) person.lastName = input.lastName;
  if (input.language !== undefined && LANGUAGES.has(input.language)) person.language = input.language;
  if (input.password) person.passwordsSet += 1;
};

/** Sets what one portal keeps of a person. */
export const setFields = (account: Account, input: UserInput, custom: ReadonlyMap<number, string | null>): void => {
  if (input.userType !== undefined) account.userType = input.userType as UserType;
  if (input.timezoneId !== undefined) account.timezoneId = input.timezoneId;
  if (input.rights) account.rights = { ...account.rights, ...input.rights };
  if (input.links) account.links = { ...account.links, ...input.links };
  if (input.changePasswordOnFirstLogin !== undefined)
    account.changePasswordOnFirstLogin = input.changePasswordOnFirstLogin;
  if (input.accountExpires !== undefined) {
    account.accountExpires = input.accountExpires || null;
    account.portal.expiring[account.accountExpires === null ? 'delete' : 'add'](account);
  }
  for (const [id, value] of custom) {
    if (value === null) account.custom.delete(id);
    else account.custom.set(id, value);
  }
};
