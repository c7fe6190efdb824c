import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { formatPosition, type FeedEvent } from './event-feed.js';

const KEEP_ALIVE_MS = 15_000;

/** One server-sent event; its id is the position, which a client sends back as Last-Event-ID. */
export const formatEvent = ({ kind, type, time, data, position }: FeedEvent): string =>
  `id: ${formatPosition(position)}\nevent: ${kind}\ndata: ${JSON.stringify({ kind, type, time, data })}\n\n`;

/** Writes events as they come, as fast as the client takes them; comments keep proxies from closing a silent stream. */
export const writeEvents = async (
  out: Writable,
  events: AsyncIterable<FeedEvent>,
  signal: AbortSignal,
): Promise<void> => {
  const keepAlive = setInterval(() => out.write(': still here\n\n'), KEEP_ALIVE_MS);
  try {
    out.write(': connected\n\n');
    for await (const event of events) {
      if (!out.write(formatEvent(event))) await once(out, 'drain', { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    clearInterval(keepAlive);
    out.end();
  }
};
