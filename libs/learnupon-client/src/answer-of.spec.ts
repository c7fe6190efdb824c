import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';
import { answerOf } from './answer-of.js';
import { errorOfTransport } from './classify.js';

let server: Server;
let pool: Pool;
let answer: (response: ServerResponse, path: string) => void;
let seen: string[];

const get = (path: string, timeoutMs = 5_000) => answerOf(pool, { method: 'GET', path }, timeoutMs);

const lateWrite = async (path: string, timeoutMs: number) => {
  const cause = await get(path, timeoutMs).catch((error: unknown) => error);
  return errorOfTransport('POST /users', true, cause);
};

beforeEach(async () => {
  seen = [];
  server = createServer(({ url = '' }, response) => {
    seen.push(url);
    answer(response, url);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  pool = new Pool(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { connections: 1 });
});

afterEach(async () => {
  await pool.destroy();
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

it('is whole, whatever pieces it comes in and whatever comes before it', async () => {
  const body = Buffer.from('\ufeff{"name":"Zoë"}');
  const withinLetter = body.indexOf(0xc3) + 1;
  answer = (response) => {
    response.writeProcessing();
    response.writeHead(201, { 'x-request-id': 'r1' });
    response.write(body.subarray(0, withinLetter), () => response.end(body.subarray(withinLetter)));
  };
  const { status, headers, text } = await get('/');
  expect({ status, text }).toEqual({ status: 201, text: '{"name":"Zoë"}' });
  expect(headers).toMatchObject({ 'x-request-id': 'r1' });
});

it('may be empty', async () => {
  answer = (response) => response.writeHead(204).end();
  expect(await get('/')).toMatchObject({ status: 204, text: '' });
});

it('is late when its end is', async () => {
  const closed = Promise.withResolvers<void>();
  answer = (response) => {
    response.on('close', closed.resolve);
    response.writeHead(200).write('{');
  };
  expect(await lateWrite('/', 100)).toMatchObject({ code: 'timeout', mayHaveHappened: true });
  await closed.promise;
});

it('is late when no connection was free, and the request is not sent afterwards', async () => {
  const first = Promise.withResolvers<ServerResponse>();
  answer = (response, path) => (path === '/first' ? first.resolve(response) : response.end());
  const held = get('/first');
  const response = await first.promise;
  expect(await lateWrite('/late', 50)).toMatchObject({ code: 'timeout', mayHaveHappened: false });
  response.end();
  await held;
  await get('/next');
  expect(seen).toEqual(['/first', '/next']);
});

it('fails with what the connection says', async () => {
  answer = (response) => response.destroy();
  await expect(get('/')).rejects.toMatchObject({ code: 'UND_ERR_SOCKET' });
});
