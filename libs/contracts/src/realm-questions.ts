import type { Cause } from './cause.js';
import type { RevisionSum } from './questions.js';
import type { KnownField } from './source-questions.js';

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
