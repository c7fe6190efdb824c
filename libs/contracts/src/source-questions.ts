import type { RevisionSum } from './questions.js';

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
