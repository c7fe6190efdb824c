import { AuditTrail } from './audit.js';
import type { SandboxClock } from './clock.js';
import { CUSTOM_TYPES, readKey, type CustomDefinition, type CustomType } from './custom-data.js';
import { OAuthApps } from './oauth-apps.js';
import { RateBudget } from './rate-budget.js';
import type {
  Account,
  Course,
  Enrolment,
  Group,
  GroupCourse,
  GroupManager,
  Invite,
  PendingEnrolment,
} from './records.js';

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
  /** Learners sign in elsewhere: no mail about an account. By default false. */
  readonly sso?: boolean;
  /** Licences purchased; without, the portal has no limit. */
  readonly licences?: number;
  readonly customFields?: readonly CustomFieldSpec[];
  /** Names of courses; the first is the one for everybody new, where `autoEnrolOnCreate` is on. */
  readonly courses?: readonly string[];
  /** By default the realm's. `null` is no limit. */
  readonly ratePerMinute?: number | null;
  readonly ratePerWeek?: number | null;
}

export interface PortalKeys {
  readonly username: string;
  readonly password: string;
}

export interface Rates {
  readonly perMinute: number | null;
  readonly perWeek: number | null;
}

/** How a portal looks, as its admins set it; nothing here depends on it. */
export interface PortalLooks {
  readonly description: string;
  readonly allowCourseAuthoring: boolean;
  readonly logoImageUrl: string | null;
  readonly headerColor: string;
  readonly navigationColor: string;
}

const LOOKS: PortalLooks = {
  description: '',
  allowCourseAuthoring: true,
  logoImageUrl: null,
  headerColor: '#419BBD',
  navigationColor: '#256188',
};

export class Portal {
  readonly name: string;
  title: string;
  looks = LOOKS;
  readonly topLevel: boolean;
  /** Chosen before users are loaded. */
  identifier: IdentifierKind;
  sso: boolean;
  licences: number | null;
  /** Licences of accounts that were deleted after a course was started: these never come back. */
  licencesSpent = 0;
  definitions: readonly CustomDefinition[] = [];
  private nextDefinitionId: number;
  readonly budget: RateBudget;
  /** In the order in which the portal lists them. */
  readonly accounts: Account[] = [];
  readonly accountsById = new Map<number, Account>();
  readonly invites = new Map<number, Invite>();
  /** By the normalised identifier of who is invited. */
  readonly pendingInvites = new Map<string, Set<Invite>>();
  readonly invitesByToken = new Map<string, Invite>();
  readonly groups = new Map<number, Group>();
  readonly managers = new Map<number, GroupManager>();
  readonly groupCourses = new Map<number, GroupCourse>();
  readonly learning = {
    courses: new Map<number, Course>(),
    enrolments: new Map<number, Enrolment>(),
    byAccount: new Map<Account, Set<Enrolment>>(),
    pending: new Map<number, PendingEnrolment>(),
  };
  readonly audit: AuditTrail;
  readonly oauth = new OAuthApps();
  /** Accounts with an expiry date, looked at when a day begins. */
  readonly expiring = new Set<Account>();
  readonly createdAt: number;
  updatedAt: number;
  private pair: PortalKeys | undefined;
  /** The header of who has the right keys; undefined while nobody generated any. */
  basicAuth: string | undefined;

  constructor(
    readonly id: number,
    spec: PortalSpec,
    keys: PortalKeys | undefined,
    clock: SandboxClock,
    rates: Rates,
  ) {
    this.name = spec.portal;
    this.title = spec.title ?? spec.portal;
    this.topLevel = spec.topLevel ?? false;
    this.identifier = spec.identifier ?? 'email';
    this.sso = spec.sso ?? false;
    this.licences = spec.licences ?? null;
    this.keys = keys;
    this.audit = new AuditTrail(clock);
    this.createdAt = clock.now();
    this.updatedAt = this.createdAt;
    this.budget = new RateBudget(
      spec.ratePerMinute === undefined ? rates.perMinute : spec.ratePerMinute,
      spec.ratePerWeek === undefined ? rates.perWeek : spec.ratePerWeek,
    );
    this.nextDefinitionId = id * 100 + 31;
    this.define(spec.customFields ?? []);
  }

  /** The fields of custom user data from now on; one whose label was there keeps its number. */
  define(fields: readonly CustomFieldSpec[]): void {
    const known = new Map(this.definitions.map((definition) => [definition.key, definition.id]));
    this.definitions = fields.map(({ label, type = 'string', choices = [] }) => {
      const key = readKey(label);
      return { id: known.get(key) ?? this.nextDefinitionId++, label, type, choices, key, jsonKey: JSON.stringify(key) };
    });
  }

  get keys(): PortalKeys | undefined {
    return this.pair;
  }

  /** One pair at a time: a new one kills the old. */
  set keys(keys: PortalKeys | undefined) {
    this.pair = keys;
    this.basicAuth = keys && `Basic ${Buffer.from(`${keys.username}:${keys.password}`).toString('base64')}`;
  }

  get licencesUsed(): number {
    return this.accounts.length + this.licencesSpent;
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
