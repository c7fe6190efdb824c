import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';
import type { SandboxAddress } from '@portico/sandbox';

/** A call of Portico's at a vendor, in milliseconds of this process's `performance.now()`. */
export interface TappedCall {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** When all of it had come. */
  readonly at: number;
  /** When all of the answer had gone. */
  answeredAt: number;
}

/** A way to the sandbox that notes each call. */
export interface VendorTap {
  /** The sandbox's addresses by this way; the control API's stays direct. */
  readonly address: SandboxAddress;
  /** Calls since `clear`, in the order they came. */
  calls(): readonly TappedCall[];
  clear(): void;
  /** The first call from now on, or since `clear`, that is meant. */
  untilCall(isMeant: (call: TappedCall) => boolean, withinMs: number): Promise<TappedCall>;
  stop(): Promise<void>;
}

/** Of the connection, and not of the call. */
const HOP_BY_HOP: ReadonlySet<string> = new Set(['host', 'connection', 'keep-alive', 'transfer-encoding', 'expect']);

const headersOf = ({ headers }: Pick<IncomingMessage, 'headers'>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      HOP_BY_HOP.has(name) || value === undefined ? [] : [[name, String(value)]],
    ),
  );

const readBody = async (request: IncomingMessage): Promise<string> => {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces).toString();
};

const through = (origin: string, sandbox: SandboxAddress): SandboxAddress => {
  const by = (url: string) => `${origin}${new URL(url).pathname}`;
  return {
    ...sandbox,
    bamboohr: { ...sandbox.bamboohr, url: by(sandbox.bamboohr.url) },
    learnupon: sandbox.learnupon.map((portal) => ({ ...portal, url: by(portal.url) })),
  };
};

export const tapVendors = async (sandbox: SandboxAddress): Promise<VendorTap> => {
  const pool = new Pool(new URL(sandbox.control).origin);
  let calls: TappedCall[] = [];
  let onCall: ((call: TappedCall) => void) | undefined;

  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request);
    const { method = 'GET', url: path = '/' } = request;
    const call = { method, path, headers: headersOf(request), body, at: performance.now(), answeredAt: Infinity };
    calls.push(call);
    onCall?.(call);
    const answer = await pool.request({ method, path, headers: call.headers, body: body === '' ? null : body });
    response.writeHead(answer.statusCode, headersOf(answer));
    for await (const piece of answer.body as AsyncIterable<Buffer>) response.write(piece);
    response.end();
    call.answeredAt = performance.now();
  };
  const server = createServer((request, response) => void pass(request, response).catch(() => response.destroy()));
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    address: through(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, sandbox),
    calls: () => calls,
    clear: () => {
      calls = [];
    },
    untilCall: (isMeant, withinMs) => {
      const found = Promise.withResolvers<TappedCall>();
      const timer = setTimeout(() => found.reject(new Error(`no such call within ${withinMs} ms`)), withinMs);
      onCall = (call) => {
        if (isMeant(call)) found.resolve(call);
      };
      calls.forEach(onCall);
      return found.promise.finally(() => {
        clearTimeout(timer);
        onCall = undefined;
      });
    },
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await pool.close();
    },
  };
};
