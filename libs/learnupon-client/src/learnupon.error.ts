export type LearnUponErrorCode =
  /** The identifier has an account in another portal of the realm, and *Allow user creation if user already exists* is off. */
  | 'exists-in-realm'
  /** The identifier has an account in this portal. */
  | 'exists'
  | 'duplicate-invite'
  | 'invalid'
  | 'licences-full'
  /** The person is an admin of the top-level portal, who can't be added to another. */
  | 'top-level-admin'
  | 'unauthorised'
  | 'forbidden'
  | 'not-found'
  | 'rate-limited'
  /** No connection, or one that broke. */
  | 'unreachable'
  | 'timeout'
  /** An answer that is not understood. */
  | 'malformed'
  /** The portal failed (5xx). */
  | 'failed'
  | 'refused';

export interface LearnUponFault {
  readonly kind: 'retry' | 'retry-after' | 'permanent';
  readonly code: LearnUponErrorCode;
  /** True when the call may have had its effect: only a write, and never one that was answered by a refusal. */
  readonly mayHaveHappened: boolean;
  readonly retryAfterMs?: number;
  readonly status?: number;
}

/** Every failed call. The message names the call and what LearnUpon said, without e-mail addresses. */
export class LearnUponError extends Error {
  override readonly name = 'LearnUponError';
  readonly kind: LearnUponFault['kind'];
  readonly code: LearnUponErrorCode;
  readonly mayHaveHappened: boolean;
  readonly retryAfterMs: number | undefined;
  readonly status: number | undefined;

  constructor(message: string, fault: LearnUponFault, options?: ErrorOptions) {
    super(message, options);
    this.kind = fault.kind;
    this.code = fault.code;
    this.mayHaveHappened = fault.mayHaveHappened;
    this.retryAfterMs = fault.retryAfterMs;
    this.status = fault.status;
  }
}
