import type { MikroORM } from '@mikro-orm/postgresql';
import { sqlOf } from '@portico/database';
import type { Clock, Logger } from '@portico/service-kit';
import { setTimeout as delay } from 'node:timers/promises';
import { errorForLog } from '../lane/error-for-log.js';
import { pruneAttempts, pruneHolds } from '../persistence/prune.js';

const BETWEEN_BITES_MS = 1_000;
const BETWEEN_LOOKS_MS = 600_000;

export interface HousekeeperOptions {
  readonly orm: MikroORM;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly retentionDays: number;
}

/** Forgets what is older than people want to know, in small bites beside the work. */
export class Housekeeper {
  private readonly stopped = new AbortController();
  private loop: Promise<void> = Promise.resolve();

  constructor(private readonly options: HousekeeperOptions) {}

  start(): void {
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.loop;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      const pauseMs = (await this.bite()) ? BETWEEN_BITES_MS : BETWEEN_LOOKS_MS;
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Answers whether there may be more. */
  private async bite(): Promise<boolean> {
    const { orm, clock, logger, retentionDays } = this.options;
    try {
      const before = clock
        .now()
        .subtract({ hours: retentionDays * 24 })
        .toString();
      const areMoreHolds = await pruneHolds(orm, before);
      return (await pruneAttempts(sqlOf(orm.em.fork()), before)) || areMoreHolds;
    } catch (error) {
      logger.error({ err: errorForLog(error) }, 'what is old could not be forgotten; it is tried again');
      return false;
    }
  }
}
