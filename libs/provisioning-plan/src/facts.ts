/**
 * What a plan is made from. All of it is plain data: mirrors and marks are read by the caller, and time is folded into
 * `fresh` and `today`. Reasons are the contract's codes.
 */
export interface Realm {
  /** `YYYY-MM-DD` in UTC, which LearnUpon's dates mean. */
  readonly today: string;
  /** LearnUpon's *Allow user creation if user already exists*, as declared. */
  readonly allowsDuplicates: boolean;
  /** In the realm's order. */
  readonly portals: readonly Portal[];
}

export interface Portal {
  readonly portal: string;
  readonly topLevel: boolean;
  /** `observe`: operations are planned and must not be performed. */
  readonly mode: 'on' | 'observe' | 'off';
  /** The mirror of accounts comes from a complete read that is recent enough; likewise that of invites. */
  readonly usersFresh: boolean;
  readonly invitesFresh: boolean;
  readonly licencesFull: boolean;
  /** The portal's custom user data by normalised label; absent while it is not known. */
  readonly customFields?: ReadonlyMap<string, CustomField>;
  /** Ids of the portal's groups by normalised title; absent while there is no list that is recent enough. */
  readonly groups?: ReadonlyMap<string, string>;
}

export interface CustomField {
  readonly type: 'string' | 'decimal' | 'integer' | 'date';
  /** Where only some values may be. */
  readonly choices?: readonly string[];
}

export interface Person {
  readonly employeeId: string;
  /** At most one per portal; a portal without one is undecided. */
  readonly cells: readonly Cell[];
  /** Those of `identifiersOf(cells)` that another person holds, with who that is. */
  readonly claimedByOthers: ReadonlyMap<string, Holder>;
}

/** Somebody else who has an identifier, and what for. */
export interface Holder {
  readonly employeeId: string;
  /**
   * `wanted`: policy gives it to them too; `kept`: their record has none any more, and what they had stays theirs;
   * `account`, `invite`: their account or pending invite still has it; `call`: a call of theirs is under way.
   */
  readonly because: 'wanted' | 'kept' | 'account' | 'invite' | 'call';
  /** Where the account or the invite is. */
  readonly portal?: string;
}

export interface Cell {
  readonly portal: string;
  readonly access: 'granted' | 'withheld' | 'undecided';
  /** Why policy decided so. */
  readonly policyReason: Reason;
  readonly leaving: 'disable' | 'expire' | 'keep';
  /** The last day of the account, where leaving is `expire` and access is withheld. */
  readonly expiresOn?: string;
  /** From this day nobody needs the account any more. */
  readonly retainUntil?: string;
  /** Access is withheld by a cause whose takings the gate keeps back: nothing is taken away until a person approves. */
  readonly isHeld?: boolean;
  /** There when access is granted. */
  readonly learner?: Learner;
  readonly link?: Link;
  /** What Portico wrote last into the account, if it did: who is of another type or date by now is so by hand. */
  readonly written?: { readonly userType?: UserType; readonly accountExpires?: string };
  /** Groups that the linked account is in, of those that some policy of this portal names. */
  readonly groupIds?: readonly string[];
  /** Those of them that Portico put it in. */
  readonly ownGroupIds?: readonly string[];
  /** An account of which a person said that it is this employee's, whatever name or identifier it has. */
  readonly confirmedAccountId?: string;
  /** The invite that Portico sent or took over for this cell. */
  readonly inviteId?: string;
  /** A call that has begun and whose outcome is not known. */
  readonly attempt?: Operation['kind'];
  readonly refusal?: Refusal;
  /** Of this portal: the linked and the confirmed account, and those that have an identifier which this person claimed. */
  readonly accounts: readonly Account[];
  /** Of this portal: the cell's own invite, and those to an e-mail address which this person claimed. */
  readonly invites: readonly Invite[];
}

export interface Learner {
  readonly onboarding: 'create' | 'invite';
  readonly whenRefused: 'invite' | 'wait' | 'report';
  readonly identifier: 'email' | 'username';
  readonly email: string | null;
  readonly username: string | null;
  readonly firstName: string;
  readonly lastName: string;
  readonly language: string | null;
  /** By label. */
  readonly customData: Readonly<Record<string, string | null>>;
  /** LearnUpon's name; absent or `null`: left alone. */
  readonly timeZone?: string | null;
  /** Absent: left alone, and `learner` on create. */
  readonly userType?: UserType;
  /** How an account that is created first signs in; absent means `sso`. */
  readonly signIn?: 'sso' | 'password';
  /** Titles; absent: groups are left alone. */
  readonly groups?: readonly string[];
  /** By field; a field without an entry is kept alike always. */
  readonly ownership?: Readonly<Record<string, Ownership>>;
}

export type UserType = 'learner' | 'manager' | 'instructor' | 'admin';
export type Ownership = 'always' | 'on-create' | 'never';

export interface Link {
  readonly accountId: string;
  /** How Portico came to it: it made the account, its invite was accepted, or it found it. */
  readonly origin: 'created' | 'accepted' | 'correlated';
  /** Made or invited by Portico, and what policy owns on create alone is not all written yet. */
  readonly isFresh?: boolean;
}

export interface Account {
  readonly accountId: string;
  readonly email: string | null;
  readonly username: string | null;
  readonly firstName: string;
  readonly lastName: string;
  readonly language: string | null;
  /** Absent where LearnUpon does not say. */
  readonly timeZone?: string | null;
  readonly enabled: boolean;
  readonly userType: UserType | 'other';
  /** The last day with access. */
  readonly accountExpires: string | null;
  /** By normalised label. */
  readonly customData: Readonly<Record<string, string | null>>;
  /** The employee that it is linked to. */
  readonly ownerId?: string;
  /** False where the latest complete list lacks it: whether it exists is unknown. */
  readonly listed: boolean;
}

export interface Invite {
  readonly inviteId: string;
  readonly email: string;
  readonly status: 'sent' | 'accepted' | 'rejected' | 'canceled' | 'other';
  /** False where the latest complete list lacks it. */
  readonly listed: boolean;
}

/** What LearnUpon refused, so that the same is not sent again. */
export interface Refusal {
  readonly reason: Reason;
  /** `refusalKey` of what was refused. */
  readonly key: string;
}

/** What an account is to become; only the fields that change. */
export interface Changes {
  readonly email?: string;
  readonly username?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly language?: string;
  readonly timeZone?: string;
  readonly userType?: UserType;
  readonly accountExpires?: string | null;
  /** By label. */
  readonly customData?: Readonly<Record<string, string | null>>;
}

/** A new account, with all that policy owns. */
export interface Create extends Pick<Learner, 'identifier' | 'email' | 'username' | 'language' | 'customData'> {
  readonly kind: 'create';
  readonly firstName?: string;
  readonly lastName?: string;
  readonly timeZone?: string;
  readonly userType?: UserType;
  readonly signIn?: 'sso' | 'password';
}

export type Operation =
  | Create
  | { readonly kind: 'invite'; readonly email: string; readonly firstName?: string; readonly lastName?: string }
  | { readonly kind: 'update'; readonly accountId: string; readonly changes: Changes }
  | { readonly kind: 'enable'; readonly accountId: string; readonly changes: Changes }
  | { readonly kind: 'disable'; readonly accountId: string }
  | { readonly kind: 'join-group'; readonly accountId: string; readonly groupId: string }
  | { readonly kind: 'leave-group'; readonly accountId: string; readonly groupId: string }
  | { readonly kind: 'cancel-invite'; readonly inviteId: string }
  /** A linked account that a list lacks: ask for it by id, which alone can say that it is gone. */
  | { readonly kind: 'check'; readonly accountId: string };

export type Actual = 'none' | 'invited' | 'active' | 'disabled' | 'unknown';

/** What is to be done for one cell now: one operation, or nothing and why. */
export interface CellPlan {
  readonly portal: string;
  readonly reason: Reason;
  readonly actual: Actual;
  readonly operation?: Operation;
  /** After the operation there is more to do or to say: plan again when it is done. */
  readonly isPartial?: boolean;
  /** An account that turned out to be this person's. */
  readonly link?: Link;
  /** An invite to take over, or `null` to forget the cell's own. */
  readonly inviteId?: string | null;
  /** A sentence for people: what is in the way, and the remedy. It holds ids and no personal data. */
  readonly detail?: string;
  readonly blockedBy?: Blocker;
}

/** Which portal or which person is in the way. */
export interface Blocker {
  readonly portal?: string;
  readonly employeeId?: string;
}

/** Why nothing is done now. */
export interface Hindrance {
  readonly reason: Reason;
  readonly detail?: string;
  readonly blockedBy?: Blocker;
}

/** The contract's codes that this core gives, and any code that policy gave. */
export type Reason =
  | 'converged'
  | 'waiting-for-lane'
  | 'waiting-for-home'
  | 'waiting-for-mirror'
  | 'waiting-for-accept'
  | 'in-doubt'
  | 'refused-exists'
  | 'refused-duplicate-invite'
  | 'refused-invalid'
  | 'refused-other'
  | 'identifier-claimed'
  | 'ambiguous-account'
  | 'licences-full'
  | 'top-level-admin'
  | 'not-ours'
  | 'needed-in-sub-portal'
  | 'invite-cancelled'
  | 'no-email'
  | 'invalid-identifier'
  | 'portal-off'
  | 'not-in-audience'
  | 'name-mismatch'
  | 'group-missing'
  | 'field-missing'
  | 'held'
  | 'retention-over'
  | (string & {});
