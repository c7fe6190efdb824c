import { zuluTimestamp } from './clock.js';
import { CUSTOM_TYPES, readKey, type CustomDefinition, type CustomType } from './custom-data.js';
import { RateBudget } from './rate-budget.js';
import type { Account, Group, Invite } from './records.js';

export type IdentifierKind = 'email' | 'username';

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
