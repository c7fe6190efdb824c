import type { Portal } from './portal.js';

export const USER_TYPES = ['learner', 'admin', 'instructor', 'manager'] as const;
export type UserType = (typeof USER_TYPES)[number];

/** portal_membership_type_id of an invite. */
export const MEMBERSHIP_TYPES: readonly { id: number; name: UserType }[] = USER_TYPES.map((name, index) => ({
  id: index + 1,
  name,
}));

/** What the realm knows of somebody: the same in every portal. */
export interface Person {
  readonly id: number;
  email: string | null;
  username: string | null;
  firstName: string | null;
  lastName: string | null;
  language: string;
  /** Counts how often a password was set; the password itself is nobody's business. */
  passwordsSet: number;
  readonly accounts: Map<Portal, Account>;
}

/** A person's membership of one portal. */
export interface Account {
  readonly id: number;
  readonly portal: Portal;
  person: Person;
  enabled: boolean;
  userType: UserType;
  /** YYYY-MM-DD: the last day. */
  accountExpires: string | null;
  timezoneId: string | null;
  changePasswordOnFirstLogin: boolean;
  readonly custom: Map<number, string>;
  readonly createdAt: number;
  updatedAt: number;
  lastSignInAt: number | null;
  signInCount: number;
  /** How it came about. */
  readonly origin: 'create' | 'invite' | 'hand';
  /** The JSON of a list row, by version; emptied when anything in it changes. */
  readonly json: (string | undefined)[];
}

export type InviteStatus = 'sent' | 'accepted' | 'rejected' | 'canceled';

export interface Invite {
  readonly id: number;
  readonly portal: Portal;
  readonly kind: 'group' | 'portal';
  readonly token: string;
  readonly email: string | null;
  readonly username: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly groupId: number | null;
  readonly userType: UserType;
  /** Expiry of the account that it will make, not of the invite. */
  readonly accountExpires: string | null;
  readonly custom: ReadonlyMap<number, string>;
  status: InviteStatus;
  remindersSent: number;
  lastReminderAt: number | null;
  readonly createdAt: number;
  acceptedAt: number | null;
}

export interface Group {
  readonly id: number;
  readonly portal: Portal;
  title: string;
  description: string;
  /** The number of each membership. */
  readonly members: Map<Account, number>;
  readonly createdAt: number;
  updatedAt: number;
}
