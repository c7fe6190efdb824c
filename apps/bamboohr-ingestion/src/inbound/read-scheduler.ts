import type { MikroORM } from '@mikro-orm/postgresql';
import { withTraceparent, WorkerLoop, type Clock, type Logger } from '@portico/service-kit';
import type { PerformRead } from '../perform-read.js';
import { claimRead, LEASE_SECONDS, renewLease, type ReadJob } from '../persistence/leases.js';

const LOOK_MS = 500;
const RENEW_MS = (LEASE_SECONDS * 1_000) / 3;
const NEVER = new AbortController().signal;

export interface ReadSchedulerOptions {
  readonly orm: MikroORM;
  readonly clock: Clock;
  readonly reads: PerformRead;
  readonly pools: readonly string[];
  /** How many tenants are read at once. */
  readonly readers: number;
  readonly newId: () => string;
  readonly logger: Logger;
}

/** Looks for reads that are due and does them, several tenants at once; any number of workers may share them. */
export class ReadScheduler {
  private readonly loop: WorkerLoop;

  constructor(private readonly options: ReadSchedulerOptions) {
    const { readers, logger } = options;
    this.loop = new WorkerLoop({
      work: (signal) => this.runOne(signal),
      parallel: readers,
      restMs: LOOK_MS,
      onError: (error) =>
        logger.error({ err: error }, 'the schedule of reads could not be looked at; it is tried again'),
    });
  }

  start(): void {
    this.loop.start();
  }

  /** A read may be due. */
  nudge(): void {
    this.loop.nudge();
  }

  /** Breaks off the calls in hand, whose reads are begun again by the next worker; a save in hand is finished. */
  stop(): Promise<void> {
    return this.loop.stop();
  }

  /** Does one read that is due, if there is one; answers whether there was. For tests too. */
  async runOne(stopping = NEVER): Promise<boolean> {
    const { orm, clock, pools, newId } = this.options;
    const job = await claimRead(orm, pools, clock.now().toString(), newId);
    if (job === undefined) return false;
    await withTraceparent(undefined, () => this.perform(job, stopping));
    return true;
  }

  private async perform(job: ReadJob, stopping: AbortSignal): Promise<void> {
    const lost = new AbortController();
    const renewal = setInterval(() => void this.renew(job, lost), RENEW_MS);
    try {
      await this.options.reads.perform(job, AbortSignal.any([stopping, lost.signal]));
    } finally {
      clearInterval(renewal);
    }
  }

  private async renew(job: ReadJob, lost: AbortController): Promise<void> {
    const isHeld = await renewLease(this.options.orm, job).catch(() => true);
    if (!isHeld) lost.abort();
  }
}
