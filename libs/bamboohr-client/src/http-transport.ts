import { Agent, request, type Dispatcher } from 'undici';
import { BambooHrError } from './bamboohr.error.js';
import { failureOf, failureToReach, malformed, type Headers } from './classify-failure.js';
import { parseJson, readBodyAround, type ArrivingList } from './read-body.js';

/** One call that ended; for metrics. `status` is 0 where there was no answer. */
export interface CallRecord {
  readonly operation: string;
  readonly status: number;
  readonly milliseconds: number;
}

export interface Call {
  /** For messages and metrics, without ids. */
  readonly operation: string;
  /** With the query, from `/v1` on. */
  readonly path: string;
  readonly body?: unknown;
  /** Its items are not in the value of the answer. Those that were taken prove nothing until the call has ended. */
  readonly list?: ArrivingList;
  readonly signal?: AbortSignal | undefined;
}

export interface TransportOptions {
  /** Up to and with `/v1`. */
  readonly root: string;
  readonly apiKey: string;
  /** For one call, from the first byte sent to the last one read. */
  readonly timeoutMs: number;
  readonly userAgent: string;
  readonly onCall: (call: CallRecord) => void;
}

export interface HttpTransport {
  /** The JSON value of a 2xx answer. @throws BambooHrError */
  readonly call: (call: Call) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

const CONNECTIONS = 8;

export const createHttpTransport = (options: TransportOptions): HttpTransport => {
  const agent = new Agent({ connections: CONNECTIONS, keepAliveTimeout: 30_000, connectTimeout: 10_000 });
  // The user name is the key; the password is ignored. Sent at once: waiting for a 401 costs rate.
  const authorization = `Basic ${Buffer.from(`${options.apiKey}:x`).toString('base64')}`;
  const send = sender(options, agent, authorization);
  return {
    call: async (call) => {
      const { status, headers, text } = await send(call);
      if (!isSuccess(status)) throw failureOf(call.operation, status, headers);
      return parseBody(call.operation, headers, text);
    },
    close: () => agent.close(),
  };
};

const isSuccess = (status: number): boolean => status >= 200 && status <= 299;

interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

const sender =
  ({ root, timeoutMs, userAgent, onCall }: TransportOptions, dispatcher: Dispatcher, authorization: string) =>
  async ({ operation, path, body, list, signal }: Call): Promise<RawAnswer> => {
    const begun = performance.now();
    const timeout = AbortSignal.timeout(timeoutMs);
    let status = 0;
    try {
      const answer = await request(`${root}${path}`, {
        dispatcher,
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          authorization,
          accept: 'application/json',
          'user-agent': userAgent,
          // With a charset, BambooHR takes the body for XML.
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: body === undefined ? null : JSON.stringify(body),
        signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      });
      status = answer.statusCode;
      const { body: arriving, headers } = answer;
      const isSplit = list !== undefined && isSuccess(status);
      const text = await (isSplit ? readBodyAround(list, arriving, operation) : arriving.text());
      return { status, headers, text };
    } catch (error) {
      throw error instanceof BambooHrError ? error : failureToReach(operation, error, timeoutMs);
    } finally {
      onCall({ operation, status, milliseconds: performance.now() - begun });
    }
  };

/** A wrong company, a proxy or a login page may answer 200 with a page or with nothing. */
const parseBody = (operation: string, headers: Headers, text: string): unknown => {
  const type = String(headers['content-type'] ?? '');
  if (text.trim() === '') throw malformed(operation, 'an empty body');
  if (type.includes('html') || text.trimStart().startsWith('<')) throw malformed(operation, 'a page in place of data');
  const value = parseJson(operation, text);
  const code = errorCodeIn(value);
  if (code !== undefined) throw failureOf(operation, code, headers);
  return value;
};

/** Some endpoints report an error inside a 200: `{"error": {"code": 429, …}}`. */
const errorCodeIn = (value: unknown): number | undefined => {
  const code = (value as { error?: { code?: unknown } } | null)?.error?.code;
  return typeof code === 'number' && code >= 400 && code <= 599 ? code : undefined;
};
