import type { IncomingHttpHeaders } from 'node:http';
import type { Trouble } from '../world/faults.js';

/** One request, on its way to the handler of its route. */
export interface Call {
  readonly method: string;
  /** Below the vendor's base, e.g. `/api/v1/users`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Of the route's pattern. */
  readonly params: Readonly<Record<string, string>>;
  readonly trouble: Trouble;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An iterable of texts is sent piece by piece, as fast as the reader takes it. */
  readonly body?: string | Uint8Array | Iterable<string>;
}

export const jsonAnswer = (value: unknown, status = 200): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

/** What a vendor answers to a call, and what the call counts as. */
export interface Outcome {
  readonly answer: Answer;
  /** `bamboohr` or the name of a portal. */
  readonly target: string;
  /** The pattern of the route, e.g. `/users/:id`. */
  readonly pattern: string;
}
