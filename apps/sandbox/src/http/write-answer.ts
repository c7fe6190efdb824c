import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Answer } from './call.js';

const writePieces = async (response: ServerResponse, pieces: Iterable<string>): Promise<void> => {
  for (const piece of pieces) {
    if (response.destroyed) return;
    if (!response.write(piece)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  }
  response.end();
};

/** Sends an answer; one in pieces waits for its reader. */
export const writeAnswer = async (response: ServerResponse, { status, headers, body }: Answer): Promise<void> => {
  if (body !== undefined && typeof body !== 'string') {
    response.writeHead(status, headers);
    await writePieces(response, body);
    return;
  }
  const length = body === undefined ? 0 : Buffer.byteLength(body);
  response.writeHead(status, { ...headers, 'content-length': length });
  response.end(body);
};
