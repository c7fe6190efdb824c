import type { AccessState } from './access-decided.js';
import type { Cause } from './cause.js';
import type { ReasonCode } from './reason-codes.js';

/**
 * Questions from the admin API, by request–reply on `portico.v1.ask.<service>.<question>`. The answering service checks
 * the caller. An answer is a page of at most 256 KiB.
 */
export const QUESTIONS = {
  realmPlan: { service: 'realm-policy', name: 'realm.plan' },
  realmApply: { service: 'realm-policy', name: 'realm.apply' },
  realmGet: { service: 'realm-policy', name: 'realm.get' },
  realmHistory: { service: 'realm-policy', name: 'realm.history' },
  realmVersion: { service: 'realm-policy', name: 'realm.version' },
  realmDiff: { service: 'realm-policy', name: 'realm.diff' },
  realmRollback: { service: 'realm-policy', name: 'realm.rollback' },
  realmRetire: { service: 'realm-policy', name: 'realm.retire' },
  realmExamples: { service: 'realm-policy', name: 'realm.examples' },
  whatIfStart: { service: 'realm-policy', name: 'realm.whatif.start' },
  whatIfGet: { service: 'realm-policy', name: 'realm.whatif.get' },
  whatIfPeople: { service: 'realm-policy', name: 'realm.whatif.people' },
  whatIfCancel: { service: 'realm-policy', name: 'realm.whatif.cancel' },
  accessEnd: { service: 'realm-policy', name: 'access.end' },
  accessExplain: { service: 'realm-policy', name: 'access.explain' },
  policyStatus: { service: 'realm-policy', name: 'status' },
  peopleNames: { service: 'realm-policy', name: 'people.names' },
  peopleFind: { service: 'realm-policy', name: 'people.find' },
  sourceFields: { service: 'bamboohr-ingestion', name: 'fields' },
  sourceRun: { service: 'bamboohr-ingestion', name: 'run' },
  sourceStatus: { service: 'bamboohr-ingestion', name: 'status' },
  provisioningStatus: { service: 'learnupon-provisioning', name: 'status' },
  peoplePage: { service: 'learnupon-provisioning', name: 'people' },
  invitesPage: { service: 'learnupon-provisioning', name: 'invites' },
  createdPage: { service: 'learnupon-provisioning', name: 'created' },
  correlate: { service: 'learnupon-provisioning', name: 'correlate' },
  holds: { service: 'learnupon-provisioning', name: 'holds' },
  holdPeople: { service: 'learnupon-provisioning', name: 'holds.people' },
  holdApprove: { service: 'learnupon-provisioning', name: 'holds.approve' },
} as const;

export type Role = 'admin' | 'viewer';

/** Who asks, and about which tenant. `admin` may change; `viewer` may read. */
export interface Caller {
  readonly tenant: string;
  readonly role: Role;
  readonly name: string;
}

export interface Question<Body> {
  readonly caller: Caller;
  readonly body: Body;
}

export interface PlacedFault {
  readonly path: string;
  readonly message: string;
  /** In the text at `path`, where that is a rule; from 1. */
  readonly position?: { readonly line: number; readonly column: number };
}

export interface QuestionFault {
  /** `invalid` 400, `forbidden` 403, `not-found` 404, `conflict` 409, `unavailable` 503. */
  readonly code: 'invalid' | 'forbidden' | 'not-found' | 'conflict' | 'unavailable';
  /** A sentence that says what to do. */
  readonly message: string;
  /** All faults at once, each with the place in the input. */
  readonly faults?: readonly PlacedFault[];
}

export type Answer<T> =
  { readonly ok: true; readonly answer: T } | { readonly ok: false; readonly error: QuestionFault };

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Pass it on to get the next page; absent on the last. */
  readonly next?: string;
}
export interface PageRequest {
  readonly cursor?: string;
  /** At most 500; 200 unless told. */
  readonly limit?: number;
}

// --- realm-policy ----------------------------------------------------------------------------------------------------

/** The body of `realm.plan` and `realm.apply`: realm.yaml as a JSON value. */
export interface RealmDocumentRequest {
  readonly document: unknown;
  /** Refuses with `conflict` when the stored version is another one. */
  readonly expectedVersion?: number;
  /** The fields of the BambooHR account, as `fields` of the ingestion answers: rules are checked against them. */
  readonly knownFields?: readonly KnownField[];
}
export interface RealmChange {
  readonly kind: 'added' | 'changed' | 'removed';
  /** Such as `portals.emea.audience`. */
  readonly path: string;
  readonly from?: unknown;
  readonly to?: unknown;
}
export interface RealmPlanAnswer {
  readonly tenant: string;
  /** 0 where nothing is stored yet. */
  readonly storedVersion: number;
  readonly changes: readonly RealmChange[];
  /** Sentences about what works but may not be meant. */
  readonly warnings: readonly string[];
}
export interface RealmApplyAnswer extends RealmPlanAnswer {
  readonly version: number;
  readonly applied: boolean;
}
export interface RealmGetAnswer {
  readonly version: number;
  readonly document: unknown;
}
/**
 * The sum of the newest revision of everybody, in digits, since it outgrows a number. Revisions only grow, so whoever has
 * a smaller sum than their sender lacks something, whatever order it comes in; the newest revision alone would not tell.
 * Absent in the answer of an older version.
 */
export type RevisionSum = string;

export interface PolicyStatusAnswer {
  readonly employees: number;
  readonly maxEmployeeRevision: number;
  readonly employeeRevisionSum?: RevisionSum;
  readonly decisions: number;
  readonly maxAccessRevision: number;
  readonly accessRevisionSum?: RevisionSum;
  readonly unpublished: number;
  /** Employees whose newest revision or policy version is not decided yet. */
  readonly undecided: number;
  readonly policyVersion: number;
  /** Of the newest `realm.changed`: whoever has an older one has not taken it in. Absent from an older service. */
  readonly realmRevision?: number;
  /** Reads whose people wait for the rest, to be counted before any of them is decided. Absent from an older service. */
  readonly gathering?: readonly GatheringCause[];
}
export interface GatheringCause {
  readonly cause: Pick<Cause, 'kind' | 'id'>;
  readonly people: number;
  readonly arrived: number;
  readonly since: string;
  /** When those who arrived are decided where nobody comes any more. */
  readonly decidedAt: string;
}
export interface PeopleNamesRequest {
  readonly employeeIds: readonly string[];
}
/** By employee id. */
export type PeopleNamesAnswer = Readonly<Record<string, string>>;

// --- bamboohr-ingestion ----------------------------------------------------------------------------------------------

/** A field that the BambooHR account has. */
export interface KnownField {
  /** As rules and mappings name it: an alias, or a number. */
  readonly name: string;
  /** The number, where `name` is an alias. */
  readonly id?: string;
  /** As people see it in BambooHR. */
  readonly label?: string;
  /** BambooHR's word: `text`, `list`, `date`, `bool`, … */
  readonly type?: string;
  /** The values of a list, archived ones among them. */
  readonly options?: readonly string[];
}
/**
 * Without a body: the catalogue that is kept of the tenant's account. With one, for an admin: the account's own, read
 * now, also for a company that is not configured yet.
 */
export interface SourceFieldsRequest {
  readonly company?: string;
  readonly baseUrl?: string;
  readonly secretRef?: string;
}
export interface SourceFieldsAnswer {
  readonly readAt: string;
  readonly fields: readonly KnownField[];
}
export interface SourceRunRequest {
  readonly kind: 'full' | 'changed';
}
export interface SourceRunAnswer {
  /** The cause's id; the same one while a run that was asked for has not begun. */
  readonly runId: string;
}
export interface SourceReadSummary {
  readonly id: string;
  readonly kind: 'full' | 'changed';
  readonly state: 'waiting' | 'running' | 'certified' | 'refused' | 'failed';
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly rows?: number;
  readonly totals?: { readonly joiners: number; readonly movers: number; readonly leavers: number };
  /** Why it was refused or failed, and the remedy. */
  readonly reason?: string;
}
export interface SourceStatusAnswer {
  /** Of the `realm.changed` that was taken in. Absent from an older service. */
  readonly realmRevision?: number;
  readonly employees: number;
  readonly maxRevision: number;
  readonly revisionSum?: RevisionSum;
  readonly unpublished: number;
  /** A full read is due that nobody has begun yet, as after a change of the source. Absent from an older service. */
  readonly isFullReadDue?: boolean;
  /** What is not done yet, and then the newest. */
  readonly reads: readonly SourceReadSummary[];
}

// --- learnupon-provisioning ------------------------------------------------------------------------------------------

export interface PortalStatus {
  readonly portal: string;
  readonly title: string;
  /** Cells wanted, by what they are. */
  readonly wanted: number;
  readonly active: number;
  readonly pendingInvites: number;
  /** Cells with work that a lane can do now or later. */
  readonly outstanding: number;
  readonly inDoubt: number;
  /** Cells that can't be as wanted, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Effects since Portico began: created, invited, updated, disabled, … */
  readonly effects: Readonly<Record<string, number>>;
  readonly calls: { readonly reads: number; readonly writes: number; readonly throttled: number };
  readonly mirrorCompletedAt?: string;
  readonly convergedAt?: string;
  /** Where the portal is only observed: what would be done, by operation. */
  readonly planned?: Readonly<Record<string, number>>;
  /** Where the portal counts licences, as the top-level portal listed it last. */
  readonly licences?: { readonly purchased: number; readonly used: number };
  /** Set while the portal is kept out, with the reason. */
  readonly quarantine?: { readonly reason: ReasonCode; readonly since: string; readonly message: string };
}
export interface ProvisioningStatusAnswer {
  /** Of the `realm.changed` that was taken in. Absent from an older service. */
  readonly realmRevision?: number;
  readonly people: number;
  readonly maxAccessRevision: number;
  readonly accessRevisionSum?: RevisionSum;
  readonly unpublished: number;
  readonly portals: readonly PortalStatus[];
  /** What LearnUpon showed of *Allow user creation if user already exists*; absent while nothing showed it. */
  readonly observedSwitch?: {
    readonly allowUserCreationIfUserAlreadyExists: boolean;
    readonly portal: string;
    readonly at: string;
  };
  /** Sentences about what does not mend itself, with the remedy. */
  readonly attention?: readonly string[];
  /** Sub-portals that the top-level portal lists and the realm does not name. */
  readonly undeclaredPortals?: readonly { readonly subdomain: string; readonly title: string }[];
}
export interface PeopleRequest extends PageRequest {
  readonly employeeIds?: readonly string[];
  readonly portal?: string;
  readonly reason?: string;
}
export interface CellView {
  readonly portal: string;
  readonly wanted: AccessState;
  readonly actual: 'none' | 'invited' | 'active' | 'disabled' | 'unknown';
  /** What a lane is about to do, if anything. */
  readonly pending?: string;
  readonly reason: ReasonCode;
  readonly accountId?: string;
  readonly inviteId?: string;
  readonly since: string;
  /** A sentence: what is in the way, and the remedy. */
  readonly detail?: string;
  /** Which portal or which employee is in the way. */
  readonly blockedBy?: { readonly portal?: string; readonly employeeId?: string };
}
export interface PersonView {
  readonly employeeId: string;
  readonly cells: readonly CellView[];
}
export interface InviteView {
  readonly portal: string;
  readonly employeeId: string;
  readonly inviteId: string;
  readonly sentAt: string;
  /** A link to hand out when the mail got lost. */
  readonly acceptUrl?: string;
}
export interface CreatedRequest extends PageRequest {
  /** RFC 3339. */
  readonly since: string;
  readonly portal?: string;
}
export interface CreatedView {
  readonly portal: string;
  readonly employeeId: string;
  readonly accountId: string;
  readonly createdAt: string;
}

/** An admin says that an account which is there is this employee's, whatever name or identifier it has. */
export interface CorrelateRequest {
  readonly employeeId: string;
  readonly portal: string;
  readonly accountId: string;
}
export interface CorrelateAnswer extends CorrelateRequest {
  readonly confirmedBy: string;
  readonly confirmedAt: string;
}

/** What one cause would take away in one portal, and the gate keeps back. */
export interface HoldView {
  readonly portal: string;
  readonly cause: Pick<Cause, 'kind' | 'id'>;
  /** When the first of it came. */
  readonly openedAt: string;
  /** What the gate judged: how many people lose access here within a day at most, of how many who had it. */
  readonly judged: { readonly people: number; readonly of: number };
  /** How many people are held now. */
  readonly people: number;
}
/** Holds where somebody is held, the oldest first. */
export interface HoldsAnswer {
  readonly holds: readonly HoldView[];
}
export interface HoldKey {
  readonly portal: string;
  readonly causeId: string;
}
export interface HoldPeopleRequest extends HoldKey, PageRequest {}
/** What would be done to one person once approved. */
export interface HeldView {
  readonly employeeId: string;
  readonly takes: 'disable' | 'expire' | 'cancel-invite';
  readonly accountId?: string;
  readonly inviteId?: string;
  /** Where it expires. */
  readonly expiresOn?: string;
  readonly since: string;
}
export interface HoldPeopleAnswer extends Page<HeldView> {
  /** Of the whole set, not of the page, and of what would be done: `sha256:` and 64 digits. An approval names it. */
  readonly digest: string;
}
export interface HoldApproveRequest extends HoldKey {
  /** Of the set that was looked at: another one is refused. */
  readonly digest: string;
}
export interface HoldApproveAnswer extends HoldKey {
  readonly digest: string;
  readonly people: number;
  readonly approvedBy: string;
  readonly approvedAt: string;
}
