import { setTimeout as delay } from 'node:timers/promises';

export interface EventuallyOptions {
  /** Default 25,000: for a busy machine; who is quick is not kept waiting. */
  readonly timeoutMs?: number;
}

/**
 * Polls until the probe gives something other than `undefined` or `false`, and returns it. A probe that throws is asked again.
 *
 * @throws when time is up: `what` says what was waited for, and the probe's last error is the cause
 */
export async function eventually<T>(
  what: string,
  probe: () => Promise<T | undefined | false>,
  { timeoutMs = 25_000 }: EventuallyOptions = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (let pause = 5; ; pause = Math.min(pause * 1.5, 200)) {
    let failure: unknown;
    try {
      const found = await probe();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      failure = error;
    }
    if (performance.now() > deadline) {
      const last =
        failure === undefined
          ? ''
          : ` The last attempt failed: ${failure instanceof Error ? failure.message : String(failure)}`;
      throw new Error(`Waited ${timeoutMs} ms for: ${what}.${last}`, { cause: failure });
    }
    await delay(pause);
  }
}
