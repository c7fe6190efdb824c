import type { AccessHold, AccessState, WantedLearner } from './access-decided.js';
import type { Cause } from './cause.js';
import type { Page, PageRequest } from './questions.js';
import type { RealmChange, RealmDocumentRequest } from './realm-questions.js';
import type { ReasonCode } from './reason-codes.js';

// --- versions --------------------------------------------------------------------------------------------------------

/** What made a version: `rolled-back:<version>`, `access-ended:<portal or *>`, or one of these. */
export type VersionOrigin = 'applied' | 'retired' | `rolled-back:${number}` | `access-ended:${string}`;

export interface VersionView {
  readonly version: number;
  readonly appliedAt: string;
  readonly appliedBy: string;
  readonly origin: VersionOrigin;
}
/** Newest first; `changes` counts what differs from the version before. */
export type VersionsPage = Page<VersionView & { readonly changes: number }>;
export interface VersionRequest {
  readonly version: number;
}
export interface VersionAnswer extends VersionView {
  readonly document: unknown;
}
export interface VersionDiffRequest {
  readonly from: number;
  /** The stored version unless told. */
  readonly to?: number;
}
export interface VersionDiffAnswer {
  readonly from: number;
  readonly to: number;
  readonly changes: readonly RealmChange[];
}
export interface RollbackRequest {
  readonly version: number;
  /** Refuses with `conflict` when the stored version is another one. */
  readonly expectedVersion?: number;
  /** Shows the difference and stores nothing. */
  readonly dryRun?: boolean;
}
export interface RetireRequest {
  readonly expectedVersion?: number;
}

// --- examples --------------------------------------------------------------------------------------------------------

/** How an example that is saved with a policy stands now. */
export interface ExampleView {
  readonly name: string;
  /** `unknown`: its employee is not known, or a field of theirs is not. */
  readonly outcome: 'holds' | 'broken' | 'unknown';
  /** Why it does not hold, in sentences. */
  readonly differences: readonly string[];
  readonly employeeId?: string;
  readonly in: readonly string[];
  readonly notIn: readonly string[];
}

// --- ending access ---------------------------------------------------------------------------------------------------

export interface EndAccessRequest {
  /** Every portal of the realm unless told. */
  readonly portal?: string;
  /** The number of cells that the caller was told; without it nothing is done. */
  readonly confirm?: number;
}
export interface EndAccessAnswer {
  /** People whose access ends, by portal. */
  readonly portals: Readonly<Record<string, number>>;
  /** Cells, all portals together: what is to be confirmed. */
  readonly cells: number;
  readonly people: number;
  /** Of these cells, those whose account would be disabled, by the portals' own policy for leaving. */
  readonly disables: number;
  readonly done: boolean;
  /** The version that ends it, where it is done. */
  readonly version?: number;
}

// --- explain ---------------------------------------------------------------------------------------------------------

export interface FindPeopleRequest {
  /** An employee id, an e-mail address, or a name or a part of it. */
  readonly text: string;
}
export interface FoundPerson {
  readonly employeeId: string;
  readonly name: string;
  readonly email: string | null;
  /** What of them is the text: nothing is nearer than `id`. */
  readonly match: 'id' | 'email' | 'name' | 'part';
}
/** Nearest first, at most 20. */
export interface FindPeopleAnswer {
  readonly people: readonly FoundPerson[];
}

export interface ExplainRequest {
  readonly employeeId: string;
  readonly portal?: string;
  /** A moment (RFC 3339), or a day: its last moment in the company's time zone, or now while it is today. */
  readonly at?: string;
}
/** A value that the clause read. */
export interface ReadValue {
  readonly field: string;
  /** `null` is known to be empty; absent: never known. */
  readonly value?: string | null;
  /** False where the latest read did not confirm it: a rule takes it for unknown. */
  readonly isConfirmed: boolean;
  /** Since when it is this, and the read that brought it; absent where nothing that is kept says so. */
  readonly since?: string;
  readonly cause?: Pick<Cause, 'kind' | 'id'>;
}
/** The part of the policy that decided. */
export interface ExplainedClause {
  /** Where it stands in realm.yaml, such as `learnupon.portals.emea.audience`. */
  readonly path: string;
  /** As it is written. */
  readonly text: string;
  /** The part of a rule that decides, and what it comes to. */
  readonly expression?: string;
  /** Where that part begins in the rule, from 1. */
  readonly character?: number;
  readonly holds?: 'true' | 'false' | 'unknown';
}
/** The smallest change of one field that makes another decision. */
export interface DecisionFlip {
  readonly field: string;
  /** Absent: never known. */
  readonly from?: string | null;
  readonly to: string | null;
  /** True where `to` stands for any other value. */
  readonly isAnyOther?: boolean;
  readonly becomes: AccessState;
  readonly reason: ReasonCode;
}
export interface ExplainedCell {
  readonly portal: string;
  readonly title: string;
  readonly access: AccessState;
  readonly reason: ReasonCode;
  readonly sentence: string;
  readonly keptSince?: string;
  /** The gate keeps back what was decided, unless somebody has approved it since: the cell says so. */
  readonly hold?: AccessHold;
  /** Absent where the version that decided can't be read any more. */
  readonly clause?: ExplainedClause;
  readonly values: readonly ReadValue[];
  /** `null` where no single field does it. */
  readonly flip: DecisionFlip | null;
  /** Where one portal was asked for and access is granted. */
  readonly learner?: WantedLearner;
}
export interface ExplainAnswer {
  readonly employeeId: string;
  readonly name: string | null;
  /** `foreseen`: a day ahead, by what is known now. */
  readonly tense: 'past' | 'present' | 'foreseen';
  readonly at: string;
  /** The company's day. */
  readonly today: string;
  readonly leaver: boolean;
  readonly decidedAt: string;
  /** Why it was decided then. */
  readonly cause: Cause;
  readonly policy: { readonly version: number; readonly appliedAt: string; readonly appliedBy: string };
  readonly employee: {
    readonly revision: number;
    readonly recordedAt: string;
    readonly cause?: Pick<Cause, 'kind' | 'id'>;
  };
  /** Something newer was known then and not decided yet. */
  readonly isBehind: boolean;
  readonly cells: readonly ExplainedCell[];
}

// --- what-if ---------------------------------------------------------------------------------------------------------

export interface WhatIfRequest extends RealmDocumentRequest {
  /** Against the facts of this past day, and beside what was decided then. */
  readonly at?: string;
}
export interface WhatIfStarted {
  readonly id: string;
}
export interface WhatIfRef {
  readonly id: string;
}
export type WhatIfEffect = 'granted' | 'changed' | 'withheld' | 'stopped';
export interface WhatIfPortal {
  readonly portal: string;
  /** People who have access now. */
  readonly before: number;
  readonly after: number;
  readonly granted: number;
  /** Of those who keep access: another account is wanted. */
  readonly changed: number;
  readonly withheld: number;
  /** There where the gate would keep back what is withheld, until somebody approves it. */
  readonly held?: { readonly people: number; readonly of: number };
  /** The portal is taken out: Portico stops there, and touches no account. */
  readonly stopped: number;
  /** What LearnUpon would be asked to do, at most; nothing where the portal is off or only observed. */
  readonly writes: {
    readonly create: number;
    readonly invite: number;
    readonly update: number;
    readonly disable: number;
  };
  /** Effects by the reason that decides afterwards: `granted/in-audience`. */
  readonly causes: Readonly<Record<string, number>>;
}
export interface WhatIfResult {
  readonly storedVersion: number;
  readonly changes: readonly RealmChange[];
  readonly warnings: readonly string[];
  /** The day that was decided on. */
  readonly today: string;
  readonly people: number;
  /** People for whom anything differs. */
  readonly touched: number;
  /** As the cause would carry it. */
  readonly totals: { readonly joiners: number; readonly movers: number; readonly leavers: number };
  readonly portals: readonly WhatIfPortal[];
  readonly writes: number;
}
export interface WhatIfAnswer {
  readonly id: string;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  readonly done: number;
  readonly total: number;
  readonly expiresAt: string;
  readonly problem?: string;
  readonly result?: WhatIfResult;
}
export interface WhatIfPeopleRequest extends PageRequest, WhatIfRef {
  readonly portal?: string;
  readonly effect?: WhatIfEffect;
}
export interface WhatIfCell {
  readonly portal: string;
  readonly effect: WhatIfEffect;
  readonly before: { readonly access: AccessState; readonly reason: ReasonCode } | null;
  readonly after: { readonly access: AccessState; readonly reason: ReasonCode } | null;
}
export interface WhatIfPerson {
  readonly employeeId: string;
  readonly cells: readonly WhatIfCell[];
}
