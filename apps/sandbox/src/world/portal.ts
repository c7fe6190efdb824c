import { zuluTimestamp } from './clock.js';
import { CUSTOM_TYPES, readKey, type CustomDefinition, type CustomType } from './custom-data.js';
import { RateBudget } from './rate-budget.js';

export const USER_TYPES = ['learner', 'admin', 'instructor', 'manager'] as const;
export type UserType = (typeof USER_TYPES)[number];

/** portal_membership_type_id of an invite. */
export const MEMBERSHIP_TYPES: readonly { id: number; name: UserType }[] = USER_TYPES.map((name, index) => ({
  id: index + 1,
  name,
}));

export type IdentifierKind = 'email' | 'username';

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
  title: string;
  description: string;
  readonly members: Map<Account, number>;
  readonly createdAt: number;
  updatedAt: number;
}

export interface CustomFieldSpec {
  readonly label: string;
  /** By default `string`. */
  readonly type?: CustomType;
  readonly choices?: readonly string[];
}

/** One portal of the realm to be. The first, or the one that says so, is the top-level portal. */
export interface PortalSpec {
  /** The subdomain: a bare DNS label. */
  readonly portal: string;
  readonly title?: string;
  readonly topLevel?: boolean;
  /** By default `email`. */
  readonly identifier?: IdentifierKind;
  /** Licences purchased; without, the portal has no limit. */
  readonly licences?: number;
  readonly customFields?: readonly CustomFieldSpec[];
  /** By default the realm's. `null` is no limit. */
  readonly ratePerMinute?: number | null;
  readonly ratePerWeek?: number | null;
}

export interface PortalKeys {
  readonly username: string;
  readonly password: string;
}

export class Portal {
  readonly name: string;
  readonly title: string;
  readonly topLevel: boolean;
  readonly identifier: IdentifierKind;
  licences: number | null;
  readonly definitions: readonly CustomDefinition[];
  readonly budget: RateBudget;
  /** In the order in which the portal lists them. */
  readonly accounts: Account[] = [];
  readonly accountsById = new Map<number, Account>();
  readonly invites = new Map<number, Invite>();
  /** By the normalised identifier of who is invited. */
  readonly pendingInvites = new Map<string, Set<Invite>>();
  readonly invitesByToken = new Map<string, Invite>();
  readonly groups = new Map<number, Group>();
  /** Accounts with an expiry date, looked at when a day begins. */
  readonly expiring = new Set<Account>();
  readonly createdAt: string;
  keys: PortalKeys;

  constructor(
    readonly id: number,
    spec: PortalSpec,
    keys: PortalKeys,
    createdAt: number,
    rates: { perMinute: number | null; perWeek: number | null },
  ) {
    this.name = spec.portal;
    this.title = spec.title ?? spec.portal;
    this.topLevel = spec.topLevel ?? false;
    this.identifier = spec.identifier ?? 'email';
    this.licences = spec.licences ?? null;
    this.keys = keys;
    this.createdAt = zuluTimestamp(createdAt);
    this.budget = new RateBudget(
      spec.ratePerMinute === undefined ? rates.perMinute : spec.ratePerMinute,
      spec.ratePerWeek === undefined ? rates.perWeek : spec.ratePerWeek,
    );
    this.definitions = (spec.customFields ?? []).map(({ label, type = 'string', choices = [] }, index) => ({
      id: id * 100 + 31 + index,
      label,
      type,
      choices,
      key: readKey(label),
    }));
  }

  get basicAuth(): string {
    return `Basic ${Buffer.from(`${this.keys.username}:${this.keys.password}`).toString('base64')}`;
  }

  definitionsOnWire(): object[] {
    return this.definitions.map(({ id, label, type, choices }) => ({
      id,
      type_id: CUSTOM_TYPES[type],
      label,
      predefined_values: choices.length > 0 ? choices.join(',') : null,
    }));
  }
}
