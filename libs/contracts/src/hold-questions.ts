import type { Cause } from './cause.js';
import type { Page, PageRequest } from './questions.js';

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
