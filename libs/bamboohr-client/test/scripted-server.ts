import { createServer, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: OutgoingHttpHeaders;
  /** Text is sent as it is, anything else as JSON; absent means no body. */
  readonly body?: unknown;
  /** Never answers. */
  readonly hang?: boolean;
  /** What follows a body of text in place of its end. */
  readonly then?: 'stall' | 'end';
}

/** A server that answers as the test says, and keeps what it was asked. */
export const scriptedServer = async (answer: (request: SeenRequest) => ScriptedAnswer) => {
  const seen: SeenRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming;
      const request = { method, url, headers, body: Buffer.concat(chunks).toString() };
      seen.push(request);
      const { status = 200, headers: own = {}, body, hang, then } = answer(request);
      if (hang === true) return;
      const type = typeof body === 'string' || body === undefined ? 'text/html; charset=UTF-8' : 'application/json';
      outgoing.writeHead(status, { 'content-type': type, ...own });
      if (then !== undefined) {
        outgoing.write(String(body), () => then === 'end' && outgoing.destroy());
        return;
      }
      outgoing.end(typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    seen,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};
