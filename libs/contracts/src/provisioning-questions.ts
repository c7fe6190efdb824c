import type { AccessState } from './access-decided.js';
import type { PageRequest, RevisionSum } from './questions.js';
import type { ReasonCode } from './reason-codes.js';

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
