/** One portal of LearnUpon, in our words. Ids are strings; e-mails and names are as LearnUpon shows them. */
export interface LearnUponClient {
  /** One page of the portal's accounts, with the definitions of its custom user data. Pages count from 1. */
  listUsers(page: number): Promise<UserPage>;
  /** Nothing where the portal answers 404. */
  getUser(id: string): Promise<LearnUponUser | undefined>;
  /** Nothing where no account of this portal has exactly that identifier. */
  findUser(by: { readonly email: string } | { readonly username: string }): Promise<LearnUponUser | undefined>;
  createUser(user: NewUser): Promise<{ readonly id: string }>;
  /** Sends only what the patch has. */
  updateUser(id: string, patch: UserPatch): Promise<void>;
  /** One page of the portal's invites, of any status. Pages count from 1. */
  listInvites(page: number): Promise<InvitePage>;
  /** By `POST /group_invites`, whose effect `listInvites` shows. LearnUpon sends the mail. */
  createInvite(invite: NewInvite): Promise<{ readonly id: string }>;
  /** An invite that is gone already is cancelled. */
  cancelInvite(id: string): Promise<void>;
  /** One page of the portal's groups. Pages count from 1. */
  listGroups(page: number): Promise<GroupPage>;
  /** One page of the ids of a group's members. Pages count from 1. */
  listMembers(groupId: string, page: number): Promise<MemberPage>;
  /** Ids of the groups that somebody is in. */
  listGroupsOf(userId: string): Promise<readonly string[]>;
  /**
   * LearnUpon counts the member as put there by hand, so that no dynamic rule ever ends it, and enrols them in the
   * group's courses. Answers `already` where the person was a member before.
   */
  joinGroup(groupId: string, userId: string): Promise<'joined' | 'already'>;
  /** Enrolments stay. A membership that is gone already is ended. */
  leaveGroup(groupId: string, userId: string): Promise<void>;
  /** The sub-portals of a top-level portal. */
  listPortals(): Promise<readonly LearnUponPortal[]>;
  /** Ends idle connections; a call in flight is awaited. */
  close(): Promise<void>;
}

export interface UserPage {
  readonly users: readonly LearnUponUser[];
  /** The definitions of the portal's custom user data; absent where the answer has none. */
  readonly customFields?: readonly CustomFieldDefinition[];
  readonly hasNext: boolean;
}

export interface CustomFieldDefinition {
  /** Normalised. */
  readonly label: string;
  readonly type: 'string' | 'decimal' | 'integer' | 'date';
  /** The values that it takes, where it takes no others. */
  readonly choices?: readonly string[];
}

export interface LearnUponGroup {
  readonly id: string;
  readonly title: string;
}
export interface GroupPage {
  readonly groups: readonly LearnUponGroup[];
  readonly hasNext: boolean;
}
export interface MemberPage {
  readonly userIds: readonly string[];
  readonly hasNext: boolean;
}

export const USER_TYPES = ['learner', 'instructor', 'manager', 'admin', 'other'] as const;
export type UserType = (typeof USER_TYPES)[number];
export type WritableUserType = Exclude<UserType, 'other'>;

export interface LearnUponUser {
  readonly id: string;
  readonly email: string | null;
  readonly username: string | null;
  readonly firstName: string;
  readonly lastName: string;
  /** LearnUpon's code, such as `en_gb`. */
  readonly language: string | null;
  /** LearnUpon's (Rails) name, such as `Dublin`; absent where LearnUpon does not say. */
  readonly timeZone?: string | null;
  readonly enabled: boolean;
  readonly userType: UserType;
  /** `YYYY-MM-DD`, the last day with access. */
  readonly accountExpires: string | null;
  /** By normalised label (`normaliseLabel`); an empty value is `null`. */
  readonly customData: Readonly<Record<string, string | null>>;
  readonly createdAt: string | null;
  readonly signInCount: number;
}

export interface NewUser {
  readonly email?: string | null;
  readonly username?: string | null;
  /** LearnUpon wants one of six characters or more, and the portal may want more. Long and random: nobody uses it. */
  readonly password: string;
  readonly changePasswordOnFirstLogin?: boolean;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly language?: string | null;
  readonly timeZone?: string;
  /** `learner` unless told. */
  readonly userType?: WritableUserType;
  /** By label. */
  readonly customData?: Readonly<Record<string, string | null>>;
}

export interface UserPatch {
  readonly email?: string;
  readonly username?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly language?: string;
  readonly timeZone?: string;
  readonly userType?: WritableUserType;
  readonly enabled?: boolean;
  readonly accountExpires?: string | null;
  readonly customData?: Readonly<Record<string, string | null>>;
}

export const INVITE_STATUSES = ['sent', 'accepted', 'rejected', 'canceled', 'other'] as const;
export type InviteStatus = (typeof INVITE_STATUSES)[number];

export interface LearnUponInvite {
  readonly id: string;
  readonly email: string;
  readonly status: InviteStatus;
  /** Absolute. */
  readonly acceptUrl?: string;
  readonly createdAt: string | null;
  readonly acceptedAt?: string;
  readonly groupId?: string;
}

export interface InvitePage {
  readonly invites: readonly LearnUponInvite[];
  readonly hasNext: boolean;
}

export interface NewInvite {
  readonly email: string;
  readonly firstName?: string;
  readonly lastName?: string;
}

export interface LearnUponPortal {
  readonly id: string;
  readonly title: string;
  readonly subdomain: string;
  readonly licencesPurchased: number | null;
  readonly licencesUsed: number | null;
}

/** What the portal says is left; LearnUpon says it on success only. */
export interface RateBudget {
  readonly remainingMinute?: number;
  readonly remainingWeek?: number;
}

/** One call, as it ended; for pace, metrics and logs. It holds no personal data. */
export interface LearnUponCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Such as `/users/{id}`. */
  readonly route: string;
  /** Absent where no answer came. */
  readonly status?: number;
  readonly milliseconds: number;
  readonly budget: RateBudget;
  /** LearnUpon's own id of the request, for its support. */
  readonly requestId?: string;
}

/** LearnUpon takes labels of custom user data whatever their case and spaces, and shows them in another spelling. */
export const normaliseLabel = (label: string): string => label.toLowerCase().replace(/[\s_]+/g, '');
