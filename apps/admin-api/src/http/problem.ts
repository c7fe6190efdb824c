import { HttpException } from '@nestjs/common';

export interface Fault {
  readonly path: string;
  readonly message: string;
}

export type ProblemCode =
  'invalid' | 'unauthorised' | 'forbidden' | 'not-found' | 'conflict' | 'unavailable' | 'internal';

/** The body of every error, `application/problem+json` (RFC 9457). */
export interface ProblemBody {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  /** A sentence that says what to do. */
  readonly detail: string;
  readonly faults?: readonly Fault[];
  /** The service that did not answer. */
  readonly service?: string;
}

const TITLES: Readonly<Record<ProblemCode, string>> = {
  invalid: 'The request is not valid',
  unauthorised: 'Who asks is not known',
  forbidden: 'Not allowed',
  'not-found': 'Not found',
  conflict: 'Something else was changed meanwhile',
  unavailable: 'Not available now',
  internal: 'Something broke',
};

/** An error that the caller is told in full. */
export class Problem extends HttpException {
  readonly body: ProblemBody;
  constructor(
    status: number,
    code: ProblemCode,
    detail: string,
    more: { readonly faults?: readonly Fault[]; readonly service?: string } = {},
  ) {
    super(detail, status);
    this.body = { type: 'about:blank', title: TITLES[code], status, code, detail, ...more };
  }
}
