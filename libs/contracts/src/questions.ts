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

/**
 * The sum of the newest revision of everybody, in digits, since it outgrows a number. Revisions only grow, so whoever has
 * a smaller sum than their sender lacks something, whatever order it comes in; the newest revision alone would not tell.
 * Absent in the answer of an older version.
 */
export type RevisionSum = string;
