import type { ServerResponse } from 'node:http';
import type { Answer } from './call.js';

/** Until the reader has taken what was written, or is gone. */
const untilTaken = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const settle = (): void => {
      response.off('drain', settle).off('close', settle);
      resolve();
    };
    response.on('drain', settle).on('close', settle);
  });

const writePieces = async (response: ServerResponse, pieces: Iterable<string>): Promise<void> => {
  for (const piece of pieces) {
    if (response.destroyed) return;
    if (!response.write(piece)) await untilTaken(response);
  }
  response.end();
};

/** Sends an answer; one in pieces waits for its reader. */
export const writeAnswer = async (response: ServerResponse, { status, headers, body }: Answer): Promise<void> => {
  if (body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array)) {
    response.writeHead(status, headers);
    await writePieces(response, body);
    return;
  }
  const length = body === undefined ? 0 : Buffer.byteLength(body);
  response.writeHead(status, status === 204 ? headers : { ...headers, 'content-length': length });
  response.end(body);
};
