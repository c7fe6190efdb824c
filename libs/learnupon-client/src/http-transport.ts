import { parseStorable } from '@portico/contracts';
import { Pool } from 'undici';
import { answerOf, type Headers } from './answer-of.js';
import { errorOfAnswer, errorOfTransport, isRefusal, malformed } from './classify.js';
import type { LearnUponCall, RateBudget } from './learnupon.client.js';

export interface LearnUponOptions {
  /** Up to and without `/api/v1`. */
  readonly baseUrl: string;
  readonly username: string;
  readonly password: string;
  /** For a whole call, its answer included. */
  readonly timeoutMs: number;
  /** Connections kept alive to this portal. */
  readonly maxConnections?: number;
  readonly onCall?: (call: LearnUponCall) => void;
}

interface Request {
  readonly method: LearnUponCall['method'];
  /** The route as it is logged, such as `/users/{id}`, and as it is called. */
  readonly route: string;
  readonly path?: string;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: unknown;
}

export interface HttpAnswer {
  readonly body: unknown;
  readonly header: (name: string) => string | undefined;
}

export interface HttpTransport {
  send(request: Request): Promise<HttpAnswer>;
  close(): Promise<void>;
}

const read = (headers: Headers, name: string): string | undefined => {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
};

const numberIn = (headers: Headers, name: string): number | undefined => {
  const value = read(headers, name);
  return value === undefined || Number.isNaN(Number(value)) ? undefined : Number(value);
};

const budgetOf = (headers: Headers): RateBudget => {
  const remainingMinute = numberIn(headers, 'x-lu-rate-limit-remaining-minute');
  const remainingWeek = numberIn(headers, 'x-lu-rate-limit-remaining-week');
  return {
    ...(remainingMinute === undefined ? {} : { remainingMinute }),
    ...(remainingWeek === undefined ? {} : { remainingWeek }),
  };
};

/** The calls of one portal over connections that are kept alive. A call is sent once: repeating it is the caller's decision. */
export const httpTransport = (options: LearnUponOptions): HttpTransport => {
  const { origin, pathname } = new URL(options.baseUrl);
  const root = `${pathname.replace(/\/$/, '')}/api/v1`;
  const authorization = `Basic ${Buffer.from(`${options.username}:${options.password}`).toString('base64')}`;
  const pool = new Pool(origin, { connections: options.maxConnections ?? 8, connectTimeout: options.timeoutMs });

  // LearnUpon may refuse a GET that has a content type, and needs no Accept elsewhere.
  const reading = { authorization, accept: 'application/json' };
  const writing = { authorization, 'content-type': 'application/json' };

  const send = async (request: Request): Promise<HttpAnswer> => {
    const { method, route } = request;
    const call = `${method} ${route}`;
    const isWrite = method !== 'GET';
    const startedAt = performance.now();
    const report = (answer: { status?: number; headers?: Headers }) => {
      const requestId = answer.headers && read(answer.headers, 'x-request-id');
      options.onCall?.({
        method,
        route,
        milliseconds: performance.now() - startedAt,
        budget: budgetOf(answer.headers ?? {}),
        ...(answer.status === undefined ? {} : { status: answer.status }),
        ...(requestId === undefined ? {} : { requestId }),
      });
    };

    const { status, headers, text } = await answerOf(
      pool,
      {
        method,
        path: `${root}${request.path ?? route}`,
        headers: isWrite ? writing : reading,
        ...(request.query === undefined ? {} : { query: request.query }),
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      },
      options.timeoutMs,
    ).catch((cause: unknown) => {
      report({});
      throw errorOfTransport(call, isWrite, cause);
    });
    report({ status, headers });

    const failed = (): Error => {
      const retryAfter = read(headers, 'retry-after');
      return errorOfAnswer({ call, isWrite, status, text, ...(retryAfter === undefined ? {} : { retryAfter }) });
    };
    if (status < 200 || status > 299) throw failed();
    const body = parseBody(text, call, isWrite);
    if (isRefusal(body)) throw failed();
    return { body, header: (name) => read(headers, name) };
  };

  return { send, close: () => pool.close() };
};

const parseBody = (text: string, call: string, isWrite: boolean): unknown => {
  if (text.trim() === '') return {};
  try {
    return parseStorable(text);
  } catch {
    throw malformed(call, isWrite, 'a success that is no JSON');
  }
};
