import { Failure } from './errors.js';
import { readServerSentEvents, type ServerSentEvent } from './server-sent-events.js';
import { plain } from './terminal.js';

export interface Fault {
  readonly path: string;
  readonly message: string;
}

/** What the admin API refused, with all faults. */
export class ApiError extends Failure {
  constructor(
    message: string,
    readonly status: number,
    override readonly faults: readonly Fault[] = [],
  ) {
    super([message, ...faults.map((fault) => plain(`${fault.path}: ${fault.message}`))].join('\n'));
  }
}

/** Nobody answers at the URL; a command that waits may try again. */
export class UnreachableError extends Failure {}

export interface ApiPage<Row> {
  readonly rows: readonly Row[];
  readonly next?: string;
}

type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;

const TIMEOUT_MS = 30_000;
const PAGE_SIZE = 200;
/** The most that the API gives at once. */
export const LARGEST_PAGE = 500;

interface Paging<Answer> {
  readonly pageSize?: number;
  /** Gets each page whole. */
  readonly look?: (page: Answer) => unknown;
}

const searchOf = (query: Query): string => {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) if (one !== undefined) search.append(name, String(one));
  }
  return search.size === 0 ? '' : `?${search}`;
};

const reasonOf = (error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof AggregateError) return reasonOf(cause.errors[0]);
  return cause instanceof Error ? cause.message : String(cause);
};

const MIB = 1024 * 1024;

/** The API closes the connection on what is longer, before it can say so. */
const refuseTooLong = (body: string | undefined): void => {
  const size = Buffer.byteLength(body ?? '') / MIB;
  if (size > 1) throw new Failure(`that is ${size.toFixed(1)} MiB, and the admin API takes 1 MiB: leave something out`);
};

interface Problem {
  readonly detail?: string;
  readonly faults?: readonly Fault[];
}

/** The admin API over HTTP, for one tenant or none. */
export class ApiClient {
  constructor(
    readonly url: string,
    private readonly token: string,
  ) {}

  get<T>(path: string, query: Query = {}): Promise<T> {
    return this.json('GET', path + searchOf(query));
  }
  post<T>(path: string, body: unknown): Promise<T> {
    return this.json('POST', path, body);
  }
  put<T>(path: string, body: unknown): Promise<T> {
    return this.json('PUT', path, body);
  }
  delete<T>(path: string): Promise<T> {
    return this.json('DELETE', path);
  }

  /** Rows of as many pages as it takes to have `limit`; `isMore` when there are others. */
  async rows<Row, Answer extends ApiPage<Row> = ApiPage<Row>>(
    path: string,
    query: Query,
    limit: number,
    { pageSize = PAGE_SIZE, look }: Paging<Answer> = {},
  ): Promise<{ rows: Row[]; isMore: boolean }> {
    const rows: Row[] = [];
    let cursor: string | undefined;
    do {
      const size = Math.min(pageSize, limit - rows.length);
      const page: Answer = await this.get(path, { ...query, limit: size, cursor });
      look?.(page);
      rows.push(...page.rows);
      cursor = page.next;
    } while (cursor !== undefined && rows.length < limit);
    return { rows, isMore: cursor !== undefined };
  }

  /** Live events until the server ends the stream or the signal aborts; then it returns. */
  async *events(path: string, lastEventId: string | undefined, signal: AbortSignal): AsyncGenerator<ServerSentEvent> {
    const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
    const response = await this.send('GET', path, { headers, signal });
    if (response.body) yield* readServerSentEvents(response.body);
  }

  private async json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await this.send(method, path, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    return (await response.json()) as T;
  }

  private async send(
    method: string,
    path: string,
    init: { headers?: Record<string, string>; body?: string; signal: AbortSignal },
  ): Promise<Response> {
    const headers = { ...init.headers, authorization: `Bearer ${this.token}` };
    refuseTooLong(init.body);
    const response = await fetch(this.url + path, { ...init, method, headers }).catch((error: unknown) => {
      throw new UnreachableError(
        `the admin API at ${this.url} can't be reached (${reasonOf(error)}): see that it runs, or give its address in PORTICO_URL or --url`,
        { cause: error },
      );
    });
    if (!response.ok) throw await this.refusal(response);
    return response;
  }

  private async refusal(response: Response): Promise<ApiError> {
    const text = await response.text();
    if (!response.headers.get('content-type')?.includes('json')) {
      return new ApiError(`${this.url} answered ${response.status}: is it Portico's admin API?`, response.status);
    }
    const { detail, faults } = JSON.parse(text) as Problem;
    return new ApiError(detail ?? `the admin API answered ${response.status}`, response.status, faults);
  }
}
