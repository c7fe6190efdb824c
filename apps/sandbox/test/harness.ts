import { request } from 'undici';
import { undescribed } from './control-document.js';
import { unexplained } from './openapi/conformance.js';
import { startSandbox, type Sandbox, type SandboxOptions } from '../src/index.js';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The body as JSON; undefined when it is none. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a vendor's answer of any shape: the expectations on it are its check
  readonly json: any;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const BAMBOOHR_CALL = /^(?:\/bamboohr\/[^/]+)?(\/api\/(?:gateway\.php\/[^/]+\/)?v\d(?:_\d)?\/.*)$/;

/** Every answer of BambooHR's that a test sees has to be as BambooHR's own document says, or as an exception explains. */
const checkConformance = (url: string, method: string, host: string | undefined, reply: Omit<Reply, 'json'>): void => {
  const { pathname } = new URL(url);
  const [, path] = BAMBOOHR_CALL.exec(pathname) ?? [];
  const isLearnUpon = pathname.startsWith('/learnupon/') || (host ?? '').includes('learnupon');
  if (path === undefined || isLearnUpon) return;
  const { status, text, headers } = reply;
  const faults = unexplained({ method, path, status, text, contentType: String(headers['content-type'] ?? '') });
  if (faults.length > 0) throw new Error(`not as documented: ${faults.slice(0, 5).join('; ')}`);
};

/** Every call of the control API that a test makes has to be as its own document says. */
const checkControl = (
  url: string,
  method: string,
  sent: unknown,
  { status, json }: Pick<Reply, 'status' | 'json'>,
): void => {
  const [, path] = /^\/_sandbox(\/.*|)$/.exec(new URL(url).pathname) ?? [];
  if (path === undefined || json === undefined) return;
  const faults = undescribed({
    method,
    path,
    sent: typeof sent === 'string' ? parse(sent) : sent,
    status,
    answer: json,
  });
  if (faults.length > 0) throw new Error(`${method} ${path} is not as described: ${faults.slice(0, 5).join('; ')}`);
};

export const ask = async (url: string, { method = 'GET', headers = {}, body }: Ask = {}): Promise<Reply> => {
  const content = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  const reply = await request(url, { method: method as 'GET', headers, ...content });
  const text = await reply.body.text();
  checkConformance(url, method, headers['host'], { status: reply.statusCode, headers: reply.headers, text });
  checkControl(url, method, body, { status: reply.statusCode, json: parse(text) });
  return { status: reply.statusCode, headers: reply.headers, text, json: parse(text) };
};

export const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

const JSON_TYPE = { 'content-type': 'application/json' };

/** A Monday morning in Dublin, where the tests' clocks start. */
export const MONDAY = '2026-11-02T09:00:00Z';
export const TODAY = '2026-11-02';

const opened: Sandbox[] = [];
afterEach(() => Promise.all(opened.splice(0).map((sandbox) => sandbox.stop())));

/**
 * A sandbox with the calls that the tests make of it; it is stopped when the test ends.
 * @param keep leaves that to the caller, for several tests of one sandbox
 */
export const openSandbox = async (options: Partial<SandboxOptions> = {}, { keep = false } = {}) => {
  const sandbox: Sandbox = await startSandbox({
    employees: 0,
    portals: 2,
    seed: 7,
    now: MONDAY,
    ratePerMinute: null,
    ...options,
  });
  if (!keep) opened.push(sandbox);
  const { bamboohr, control: controlUrl } = sandbox;
  const key = basic(bamboohr.apiKey, 'x');

  const control = async (method: string, path: string, body?: unknown): Promise<Reply['json']> => {
    const reply = await ask(`${controlUrl}${path}`, { method, ...(body !== undefined && { body }) });
    if (reply.status >= 400) throw new Error(`${method} ${path}: ${reply.text}`);
    return reply.json;
  };

  /** A call of BambooHR with the right key, asking for JSON unless the headers say otherwise. */
  const bamboo = (path: string, { headers, ...rest }: Ask = {}): Promise<Reply> =>
    ask(`${bamboohr.url}/api${path}`, {
      headers: { authorization: key, accept: 'application/json', ...headers },
      ...rest,
    });

  const report = (fields: readonly string[], query = 'format=json', extra: object = {}): Promise<Reply> =>
    bamboo(`/v1/reports/custom?${query}`, {
      method: 'POST',
      headers: JSON_TYPE,
      body: { title: 'Everybody', fields, ...extra },
    });

  /** A call of a portal with the right keys. */
  const portal = (name: string) => {
    const found = sandbox.learnupon.find((each) => each.portal === name);
    if (!found) throw new Error(`no portal ${name}`);
    const authorization = basic(found.username, found.password);
    return async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> =>
      ask(`${found.url}/api/v1${path}`, {
        method,
        headers: { authorization, accept: 'application/json', ...(body !== undefined && JSON_TYPE), ...headers },
        ...(body !== undefined && { body }),
      });
  };

  return {
    sandbox,
    key,
    control,
    bamboo,
    report,
    portal,
    hire: async (person: object): Promise<string> => (await control('POST', '/hire', person)).id as string,
    advance: (duration: string) => control('POST', '/clock', { advance: duration }),
  };
};

export type OpenSandbox = Awaited<ReturnType<typeof openSandbox>>;

export const user = (email: string, more: object = {}) => ({
  User: { email, password: 'secret-enough', first_name: 'Ada', last_name: 'Moss', ...more },
});

/** Somebody of BambooHR's, for the control call /hire. */
export const ada = {
  firstName: 'Ada',
  lastName: 'Moss',
  department: 'Sales',
  workEmail: 'ada@acme.example',
  hireDate: '2024-01-08',
};
