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
  /** Of the person they were before a new identifier counted in one portal only. */
  readonly kin: number;
  email: string | null;
  username: string | null;
  firstName: string | null;
  lastName: string | null;
  language: string;
  /** Counts how often a password was set; the password itself is nobody's business. */
  passwordsSet: number;
  readonly accounts: Map<Portal, Account>;
}

/** What a manager or instructor may do, with LearnUpon's defaults. */
export const RIGHTS = {
  can_enroll: true,
  can_unenroll_users: false,
  can_mark_complete: false,
  can_move_groups: false,
  can_delete_users: false,
  can_act_as_instructor: false,
  can_manage_trainings: false,
  can_manage_sessions: false,
  tutor_can_edit_their_courses: true,
  tutor_can_create_courses: false,
} as const;
export type Right = keyof typeof RIGHTS;

export const LINKS = ['membership_type', 'sf_contact_id', 'sf_user_id'] as const;
export type Link = (typeof LINKS)[number];

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
  /** What differs from the defaults of a manager's and an instructor's rights; most accounts have none. */
  rights?: Readonly<Partial<Record<Right, boolean>>>;
  /** Salesforce ids and the Associations add-on; most accounts have none. */
  links?: Readonly<Partial<Record<Link, string>>>;
  readonly createdAt: number;
  updatedAt: number;
  lastSignInAt: number | null;
  signInCount: number;
  /** How it came about. */
  readonly origin: 'create' | 'invite' | 'hand';
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

/** Somebody who manages a group. It has an effect only while their type is manager. */
export interface GroupManager {
  readonly id: number;
  readonly group: Group;
  readonly account: Account;
  readonly canCreateUsers: boolean;
  readonly createdAt: number;
}

export interface Course {
  readonly id: number;
  readonly name: string;
  readonly createdAt: number;
}

/** Who joins the group is enrolled in the course. */
export interface GroupCourse {
  readonly id: number;
  readonly group: Group;
  readonly course: Course;
}

export const COMPLETED = ['completed', 'passed', 'failed'] as const;
export type CompletedStatus = (typeof COMPLETED)[number];

export interface Enrolment {
  readonly id: number;
  readonly course: Course;
  readonly account: Account;
  readonly groupId: number | null;
  status: 'not_started' | 'in_progress' | 'pending_review' | CompletedStatus;
  percentage: number | null;
  /** YYYY-MM-DD */
  dueDate: string | null;
  expiresAt: string | null;
  readonly createdAt: number;
  updatedAt: number;
  startedAt: number | null;
  completedAt: number | null;
}

/** An enrolment that begins when the invite is accepted. */
export interface PendingEnrolment {
  readonly id: number;
  readonly invite: Invite;
  readonly course: Course;
  readonly createdAt: number;
}
