import { BambooHrError, type FailureCode, type FailureKind } from './bamboohr.error.js';

/** Header names in lower case, as undici gives them. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

const LONGEST_PAUSE_MS = 15 * 60_000;
const LONGEST_MESSAGE = 200;

/** BambooHR sends the detail of an error in a header, under three names, one of them misspelt, often doubled. */
const MESSAGE_HEADERS = ['x-bamboohr-error-message', 'x-bamboohr-error-messsage', 'x-bamboohr-message'];

/** An answer that is an error, classified once for everybody. */
export const failureOf = (operation: string, status: number, headers: Headers, now = Date.now()): BambooHrError => {
  const { kind, code, remedy } = classify(status);
  const retryAfterMs = kind === 'permanent' ? undefined : pauseOf(headers['retry-after'], now);
  const message = messageOf(headers);
  const said = message === undefined ? '' : ` (${message})`;
  return new BambooHrError(`BambooHR answered ${operation} with ${status}${said}: ${remedy}`, {
    kind: retryAfterMs === undefined ? kind : 'retry-after',
    code,
    status,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
};

const classify = (status: number): { kind: FailureKind; code: FailureCode; remedy: string } => {
  if (status === 401) return { kind: 'permanent', code: 'unauthorised', remedy: 'check the API key in the secret' };
  if (status === 403) {
    return { kind: 'permanent', code: 'forbidden', remedy: "check that the API key's user is active and has access" };
  }
  if (status === 404) {
    return { kind: 'permanent', code: 'not-found', remedy: 'check the company domain and the base URL' };
  }
  // BambooHR limited its rate with 503 until September 2026, and with 429 since.
  if (status === 429 || status === 503) return { kind: 'retry', code: 'rate-limited', remedy: 'asked again later' };
  if (status === 408 || status >= 500) return { kind: 'retry', code: 'unavailable', remedy: 'asked again later' };
  if (status >= 300 && status < 400) {
    return { kind: 'permanent', code: 'malformed', remedy: 'check the company domain and the base URL' };
  }
  return { kind: 'permanent', code: 'refused', remedy: 'check the configured fields' };
};

/** `Retry-After` in seconds or as a date, in milliseconds and capped; nothing where it is neither. */
const pauseOf = (header: string | string[] | undefined, now: number): number | undefined => {
  const text = (Array.isArray(header) ? header[0] : header)?.trim();
  if (text === undefined || text === '') return undefined;
  const pause = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
  return Number.isNaN(pause) ? undefined : Math.min(Math.max(pause, 0), LONGEST_PAUSE_MS);
};

const messageOf = (headers: Headers): string | undefined => {
  const texts = MESSAGE_HEADERS.flatMap((name) => headers[name] ?? [])
    .flatMap((text) => text.split(','))
    .map((text) => withoutPersons(text.trim()))
    .filter((text) => text !== '');
  return texts.length === 0 ? undefined : [...new Set(texts)].join(', ').slice(0, LONGEST_MESSAGE);
};

const withoutPersons = (text: string): string => text.replace(/\S+@\S+/g, '…');

/** A call without an answer: no connection, or not in time. */
export const failureToReach = (operation: string, error: unknown, timeoutMs: number): BambooHrError => {
  // Not `instanceof`: what aborts a call is a DOMException, which may be of another realm.
  const name = String((error as { name?: unknown } | null)?.name);
  if (name.endsWith('TimeoutError')) {
    return new BambooHrError(
      `BambooHR did not answer ${operation} within ${timeoutMs / 1_000} s: asked again later`,
      { kind: 'retry', code: 'timeout' },
      { cause: error },
    );
  }
  if (name === 'AbortError') {
    return new BambooHrError(`${operation} was cancelled`, { kind: 'retry', code: 'cancelled' }, { cause: error });
  }
  return new BambooHrError(
    `BambooHR can't be reached for ${operation}: check the network and the base URL`,
    { kind: 'retry', code: 'unreachable' },
    { cause: error },
  );
};

export const malformed = (operation: string, what: string, cause?: unknown): BambooHrError =>
  new BambooHrError(
    `BambooHR answered ${operation} with ${what}: check the company domain and the base URL`,
    { kind: 'permanent', code: 'malformed' },
    { cause },
  );
