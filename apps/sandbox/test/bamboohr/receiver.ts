import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { signWebhook } from '../../src/bamboohr/webhooks/signature.js';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a body of whatever shape: the expectations on it are its check
  readonly json: any;
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** A server of somebody who wants webhooks: answers as it is told, and checks every signature by its key. */
export const openReceiver = async () => {
  const received: Received[] = [];
  const waiting: (() => void)[] = [];
  const state = { status: 200, key: '', badSignatures: 0 };
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const text = Buffer.concat(pieces).toString();
      const { headers } = request;
      const signature = signWebhook(state.key, text, String(headers['x-bamboohr-timestamp']));
      if (signature !== headers['x-bamboohr-signature']) state.badSignatures += 1;
      // 0 never answers.
      if (state.status > 0) response.writeHead(state.status).end();
      received.push({ headers, text, json: parse(text) });
      for (const wake of waiting.splice(0)) wake();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    state,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    /** Waits until so many came, all in all. */
    until: async (count: number): Promise<readonly Received[]> => {
      while (received.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
      return received;
    },
    close: (): Promise<void> => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
};

export type Receiver = Awaited<ReturnType<typeof openReceiver>>;
