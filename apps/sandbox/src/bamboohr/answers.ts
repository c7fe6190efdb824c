import { jsonAnswer, type Answer, type Call } from '../http/call.js';

/** Of every answer. */
export const COMMON_HEADERS = { 'cache-control': 'no-cache, private', vary: 'Authorization,User-Agent' };
const PLAIN = { 'content-type': 'text/html; charset=UTF-8', ...COMMON_HEADERS };

/** A header takes no line breaks and little beyond ASCII, whatever the caller wrote. */
const inHeader = (message: string): string => message.replace(/[^\x20-\x7e]/g, '?').slice(0, 500);

/** BambooHR's errors have no body: the message is in a header, once spelt right and once with three s. */
export const emptyError = (status: number, message: string): Answer => {
  const text = inHeader(message);
  return {
    status,
    headers: { ...PLAIN, 'x-bamboohr-error-message': text, 'x-bamboohr-error-messsage': text },
  };
};

/** As recorded: only the header that is spelt right. */
export const unauthorised = (company: string): Answer => ({
  status: 401,
  headers: {
    ...PLAIN,
    'x-bamboohr-error-message': 'API key not provided or invalid',
    'www-authenticate': `Basic realm="https://api.bamboohr.com/${company}"`,
  },
});

/** @param retryAfter none where the answer has no such header, by a fault that leaves it out */
export const rateLimited = (retryAfter: string | undefined, status: number): Answer => {
  const answer = emptyError(status, 'Rate limit exceeded');
  return retryAfter === undefined ? answer : { ...answer, headers: { ...answer.headers, 'retry-after': retryAfter } };
};

/** The newer endpoints, which speak JSON alone. */
export const codedError = (code: 'BadRequest' | 'BadPage', message: string): Answer =>
  jsonAnswer({ error: { code, message } }, 400);

/** Custom reports and datasets v1: `{"error":{"code":404,…}}`. */
export const numberedError = (status: number, message: string, code = status): Answer =>
  jsonAnswer({ error: { code, message } }, status);

interface ProblemCall {
  readonly path: string;
  readonly version: string;
  readonly world: { readonly switches: { readonly problemType: string } };
}

export interface Problem {
  readonly code: string;
  readonly detail: string;
  /** What is wrong with each field of the request. */
  readonly fields?: Readonly<Record<string, string>>;
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  413: 'Payload Too Large',
  422: 'Unprocessable Entity',
};

/** RFC 7807, of datasets v1_2 and v2 and of locations. */
export const problem = (call: ProblemCall, status: number, { code, detail, fields = {} }: Problem): Answer => {
  const { path, version, world } = call;
  const type = version === 'v1_2' ? 'application/problem+json' : world.switches.problemType;
  const title = TITLES[status] ?? 'Error';
  const body = { type: 'about:blank', title, status, detail, instance: path, code, fields };
  return { status, headers: { 'content-type': type }, body: JSON.stringify(body) };
};

/** Datasets v1 and a few others say in plain text what is wrong. */
export const plainText = (status: number, text: string): Answer => ({
  status,
  headers: { 'content-type': 'text/plain; charset=UTF-8' },
  body: text,
});

export const json = (body: string | Iterable<string>, status = 200): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body,
});

export const xml = (body: string | Iterable<string>, status = 200): Answer => ({
  status,
  headers: { 'content-type': 'text/xml; charset=UTF-8' },
  body,
});

/** A write that was done, and says nothing. */
export const done = (status = 200): Answer => ({ status, ...(status !== 204 && { headers: PLAIN }) });

/** XML is the default: JSON has to be asked for. */
export const wantsJson = ({ headers, query }: Call): boolean =>
  (headers.accept ?? '').includes('application/json') || query.get('format')?.toLowerCase() === 'json';
