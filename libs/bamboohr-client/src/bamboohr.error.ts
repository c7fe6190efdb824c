/** `retry`: later, with growing pauses. `retry-after`: after the given pause. `permanent`: not before someone acts. */
export type FailureKind = 'retry' | 'retry-after' | 'permanent';

export type FailureCode =
  | 'unauthorised'
  | 'forbidden'
  | 'not-found'
  | 'refused'
  | 'rate-limited'
  | 'unavailable'
  | 'unreachable'
  | 'timeout'
  | 'cancelled'
  | 'malformed';

/** A call that did not work. The message says what to do, and holds neither the key nor personal data. */
export class BambooHrError extends Error {
  override readonly name = 'BambooHrError';
  readonly kind: FailureKind;
  readonly code: FailureCode;
  /** The status of the answer, where there was one. */
  readonly status?: number;
  readonly retryAfterMs?: number;

  constructor(
    message: string,
    failure: { kind: FailureKind; code: FailureCode; status?: number; retryAfterMs?: number },
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.kind = failure.kind;
    this.code = failure.code;
    if (failure.status !== undefined) this.status = failure.status;
    if (failure.retryAfterMs !== undefined) this.retryAfterMs = failure.retryAfterMs;
  }
}
