import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * The least that a server on node:http does: reads a body of JSON and answers a number, or sends a page that is ready.
 * `node http-floor.js <bytes of the page>`
 */
const page = Buffer.alloc(Number(process.argv[2] ?? 500_000), ' ');

const textOf = (request: IncomingMessage): Promise<string> =>
  new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => resolve(Buffer.concat(pieces).toString()));
    request.on('error', reject);
  });

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': page.length });
    response.end(page);
    return;
  }
  void textOf(request).then((text) => {
    const body = JSON.stringify({ id: (JSON.parse(text) as { User: { email: string } }).User.email.length });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.end(body);
  });
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  console.log(JSON.stringify({ ready: true, url: `http://127.0.0.1:${port}` }));
});
process.once('SIGTERM', () => process.exit(0));
