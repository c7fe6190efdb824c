import type { IncomingMessage } from 'node:http';

const MOST_BYTES = 16 * 1024 * 1024;
const EMPTY = Buffer.alloc(0);

/** @returns undefined when the body is larger than 16 MiB */
export const readBody = async (request: IncomingMessage): Promise<Buffer | undefined> => {
  if (request.headers['content-length'] === undefined && request.headers['transfer-encoding'] === undefined)
    return EMPTY;
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > MOST_BYTES) return undefined;
    pieces.push(piece);
  }
  return pieces.length === 1 ? (pieces[0] ?? EMPTY) : Buffer.concat(pieces);
};
