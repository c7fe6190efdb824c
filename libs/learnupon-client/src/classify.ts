import { parseStorable } from '@portico/contracts';
import { LearnUponError, type LearnUponErrorCode, type LearnUponFault } from './learnupon.error.js';

export interface FailedAnswer {
  /** Such as `POST /users`. */
  readonly call: string;
  readonly isWrite: boolean;
  readonly status: number;
  readonly text: string;
  /** The `Retry-After` header. */
  readonly retryAfter?: string;
}

/** Where LearnUpon's words matter more than the status: it sends 400 for most refusals. First match wins. */
const WORDS: readonly (readonly [RegExp, LearnUponErrorCode])[] = [
  [/already exists.*invite/is, 'exists-in-realm'],
  [/duplicate invite|already been invited/i, 'duplicate-invite'],
  [/top-level admin/i, 'top-level-admin'],
  [/licen[cs]e/i, 'licences-full'],
  [/already exists|already been taken|already in use|already a member/i, 'exists'],
];

const isEnvelope = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const parse = (text: string): unknown => {
  try {
    return parseStorable(text);
  } catch {
    return undefined;
  }
};

/** What LearnUpon says, wherever it says it: `message`, else `error`, else the text. E-mail addresses are taken out. */
export const messageOf = (text: string): string => {
  const body = parse(text);
  const said = isEnvelope(body) ? (body['message'] ?? body['error']) : undefined;
  return (typeof said === 'string' ? said : text.replace(/<[^>]*>/g, ' '))
    .replace(/[^\s"'<>]+@[^\s"'<>]+/g, '(an e-mail address)')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 200);
};

/** LearnUpon also refuses with status 200. */
export const isRefusal = (body: unknown): boolean =>
  isEnvelope(body) && (body['response_type'] === 'ERROR' || body['response_code'] !== undefined);

const millisecondsOf = (retryAfter: string | undefined): number | undefined => {
  if (retryAfter === undefined) return undefined;
  const seconds = Number(retryAfter);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
};

const codeOf = (status: number, message: string): LearnUponErrorCode => {
  if (status === 401) return 'unauthorised';
  if (status === 429) return 'rate-limited';
  if (status >= 500) return 'failed';
  const worded = WORDS.find(([pattern]) => pattern.test(message))?.[1];
  if (worded !== undefined) return worded;
  if (status === 403) return 'forbidden';
  // A write of parameters that it does not take answers 404, in these words.
  if (status === 422 || /invalid|must be|can't be|problem in the json/i.test(message)) return 'invalid';
  return status === 404 ? 'not-found' : 'refused';
};

const faultOf = ({ status, isWrite, retryAfter }: FailedAnswer, code: LearnUponErrorCode): LearnUponFault => {
  const retryAfterMs = millisecondsOf(retryAfter);
  const after = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (code === 'rate-limited') return { kind: 'retry-after', code, mayHaveHappened: false, status, ...after };
  if (code === 'failed') return { kind: 'retry', code, mayHaveHappened: isWrite, status, ...after };
  return { kind: 'permanent', code, mayHaveHappened: false, status };
};

/** An answer that is no success, as an error. */
export const errorOfAnswer = (answer: FailedAnswer): LearnUponError => {
  const message = messageOf(answer.text);
  const fault = faultOf(answer, codeOf(answer.status, message));
  return new LearnUponError(`LearnUpon answered ${answer.call} with ${answer.status}: ${message || '(empty)'}`, fault);
};

/** An answer of a success that lacks what it should have. A write may have happened. */
export const malformed = (call: string, isWrite: boolean, what: string): LearnUponError =>
  new LearnUponError(`LearnUpon answered ${call} with ${what}`, {
    kind: 'retry',
    code: 'malformed',
    mayHaveHappened: isWrite,
  });

/** No byte of the request has left when it fails so. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
const NEVER_SENT_BY_UNDICI = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_INVALID_ARG',
  'UND_ERR_DESTROYED',
  'UND_ERR_CLOSED',
]);
const TIMEOUTS = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT']);

/** A call without an answer, as an error. Only what certainly never left did not happen. */
export const errorOfTransport = (call: string, isWrite: boolean, cause: unknown): LearnUponError => {
  const { name, code = '' } = (isEnvelope(cause) ? cause : {}) as { name?: string; code?: string };
  const timedOut = name === 'TimeoutError' || TIMEOUTS.has(code);
  const neverSent = NEVER_SENT.has(code) || NEVER_SENT_BY_UNDICI.has(code) || /CERT|TLS|SSL/.test(code);
  return new LearnUponError(
    `LearnUpon did not answer ${call}: ${timedOut ? 'timeout' : code || 'the connection broke'}`,
    { kind: 'retry', code: timedOut ? 'timeout' : 'unreachable', mayHaveHappened: isWrite && !neverSent },
    { cause },
  );
};
