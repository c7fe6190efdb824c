import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { WhatIfPortal, WhatIfResult } from '@portico/contracts';

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
    const body = method === 'GET' || method === 'DELETE' ? undefined : await json(request);
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

const effect: WhatIfResult = {
  storedVersion: 3,
  changes: [],
  warnings: [],
  today: '2026-03-02',
  people: 250,
  touched: 15,
  totals: { joiners: 12, movers: 3, leavers: 0 },
  writes: 15,
  portals: [
    {
      portal: 'emea',
      before: 40,
      after: 49,
      granted: 12,
      changed: 0,
      withheld: 3,
      stopped: 0,
      writes: { create: 0, invite: 12, update: 0, disable: 3 },
      causes: { 'granted/in-audience': 12, 'withheld/not-in-audience': 3 },
    },
  ],
};

const effectWith = (changes: Partial<WhatIfPortal>): WhatIfResult => ({
  ...effect,
  portals: effect.portals.map((portal) => ({ ...portal, ...changes })),
});

/** A what-if that is done at the second look. */
export const whatIfRoutes = (changes: Partial<WhatIfPortal> = {}): Routes => {
  const answer = { id: 'w1', done: 250, total: 250, expiresAt: '2026-03-02T13:00:00Z' };
  let looks = 0;
  return {
    'POST what-if': () => ({ status: 202, body: { id: 'w1' } }),
    'GET what-if/w1': () => ({
      body: ++looks > 1 ? { ...answer, state: 'done', result: effectWith(changes) } : { ...answer, state: 'running' },
    }),
  };
};
