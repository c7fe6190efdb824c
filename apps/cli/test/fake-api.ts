import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

type Reply = { readonly status?: number; readonly body: unknown } | ((response: ServerResponse) => void);
export type Routes = Readonly<Record<string, (asked: Asked) => Reply>>;

export const TOKEN = 'token-of-the-tests';

/** The admin API, answering what a test tells it to: by `METHOD /path below the tenant`. */
export const startFakeApi = async (routes: Routes) => {
  const asked: Asked[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://api');
    const method = request.method ?? 'GET';
    const body = method === 'GET' ? undefined : await json(request);
    const question = { method, path: url.pathname, query: url.searchParams, headers: request.headers, body };
    asked.push(question);
    const below = url.pathname.replace(/^\/v1\/tenants\/[^/]+\//, '');
    const route = routes[`${method} ${below}`];
    const reply = route?.(question) ?? problem(404, 'There is no such thing.');
    if (typeof reply === 'function') return reply(response);
    const { status = 200, body: sent } = reply;
    response.writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' });
    response.end(JSON.stringify(sent));
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    asked,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
};

export const problem = (status: number, detail: string, faults?: readonly { path: string; message: string }[]) => ({
  status,
  body: { type: 'about:blank', title: '', status, code: 'x', detail, ...(faults ? { faults } : {}) },
});
