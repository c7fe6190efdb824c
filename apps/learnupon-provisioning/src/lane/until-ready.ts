import { inTransaction } from '@portico/database';
import { setTimeout as delay } from 'node:timers/promises';
import { holdLane } from '../persistence/lanes.js';
import type { LaneContext } from './lane-context.js';

/** The worker is to stop: the turn ends here, and what it began is begun again. */
export class TurnStoppedError extends Error {
  override readonly name = 'TurnStoppedError';
}

/** Waits until the pace allows one more call, and keeps the lease meanwhile. */
export const untilReady = async ({ pace, signal, orm, lease, settings }: LaneContext): Promise<void> => {
  for (;;) {
    if (signal.aborted) throw new TurnStoppedError('the worker stops');
    const waitMs = pace.waitMs();
    if (waitMs === 0) return;
    await delay(Math.min(waitMs, (settings.leaseSeconds * 1_000) / 3), undefined, { signal }).catch(() => undefined);
    await inTransaction(orm, (sql) => holdLane(sql, lease, settings.leaseSeconds));
  }
};
