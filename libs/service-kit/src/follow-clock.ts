import { setTimeout as delay } from 'node:timers/promises';
import { offsetClock, type Clock } from './clock.js';

export interface FollowedClock extends Clock {
  stop(): void;
}

interface FollowOptions {
  readonly pollMs?: number;
  /** Told once when the other clock stops answering, and once when it answers again. */
  readonly onChange?: (message: string) => void;
}

/** Less than this is the network's jitter, and following it would make time go back and forth. */
const JITTER_MS = 250;

const readOffset = async (url: string): Promise<number> => {
  const asked = Date.now();
  const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
  if (!response.ok) throw new Error(`it answered ${response.status}`);
  const { now } = (await response.json()) as { now: string };
  const middle = (asked + Date.now()) / 2;
  return Math.round(Temporal.Instant.from(now).epochMilliseconds - middle);
};

/**
 * Follows another clock: a GET of `url` answers `{"now": <RFC 3339>}`. Keeps the last offset while it doesn't answer.
 * @throws Error when it doesn't answer the first time.
 */
export const followClock = async (url: string, options: FollowOptions = {}): Promise<FollowedClock> => {
  const { pollMs = 1_000, onChange = () => undefined } = options;
  const stopped = new AbortController();
  let offset = await readOffset(url).catch((error: unknown) => {
    throw new Error(`the clock at ${url} does not answer: start the sandbox, or leave CLOCK_URL out`, { cause: error });
  });
  let answers = true;

  const poll = async (): Promise<void> => {
    try {
      const next = await readOffset(url);
      if (Math.abs(next - offset) >= JITTER_MS) offset = next;
      if (!answers) onChange(`the clock at ${url} answers again`);
      answers = true;
    } catch {
      if (answers) onChange(`the clock at ${url} does not answer; its last offset is kept`);
      answers = false;
    }
  };
  const follow = async (): Promise<void> => {
    for (;;) {
      await delay(pollMs, undefined, { ref: false, signal: stopped.signal });
      await poll();
    }
  };
  follow().catch(() => undefined);

  return { ...offsetClock(() => offset), stop: () => stopped.abort() };
};
