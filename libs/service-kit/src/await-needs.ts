import { setTimeout as delay } from 'node:timers/promises';
import { explain } from './explain.js';

/** Something that has to be there before an app can start. Resolves when it is; what it throws says what is missing. */
export type Need = () => Promise<unknown>;

export interface AwaitOptions {
  /** After which the last error is thrown. */
  readonly seconds: number;
  readonly pollMs?: number;
  /** Told what is waited for: once for each reason. */
  readonly onWait: (reason: string) => void;
}

/**
 * Waits until all needs are met, one after the other.
 * @throws what the need that is not met says, when the time is up
 */
export const awaitNeeds = async (needs: readonly Need[], options: AwaitOptions): Promise<void> => {
  const { seconds, pollMs = 1_000, onWait } = options;
  const deadline = performance.now() + seconds * 1_000;
  let told = '';
  for (const need of needs) {
    for (;;) {
      try {
        await need();
        break;
      } catch (error) {
        if (performance.now() + pollMs > deadline) throw error;
        const reason = explain(error);
        if (reason !== told) onWait(reason);
        told = reason;
        await delay(pollMs);
      }
    }
  }
};
