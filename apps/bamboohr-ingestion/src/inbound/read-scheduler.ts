import type { MikroORM } from '@mikro-orm/postgresql';
import { withTraceparent, type Clock, type Logger } from '@portico/service-kit';
import { setTimeout as delay } from 'node:timers/promises';
import type { PerformRead } from '../perform-read.js';
import { claimRead, LEASE_SECONDS, renewLease, type ReadJob } from '../persistence/leases.js';

const LOOK_MS = 500;
const RENEW_MS = (LEASE_SECONDS * 1_000) / 3;

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
  private readonly stopped = new AbortController();
  private loops: Promise<void>[] = [];
  private wake = new AbortController();

  constructor(private readonly options: ReadSchedulerOptions) {}

  start(): void {
    this.loops = Array.from({ length: this.options.readers }, () => this.run());
  }

  /** A read may be due. */
  nudge(): void {
    this.wake.abort();
    this.wake = new AbortController();
  }

  /** Breaks off the calls in hand, whose reads are begun again by the next worker; a save in hand is finished. */
  async stop(): Promise<void> {
    this.stopped.abort();
    await Promise.all(this.loops);
  }

  private async run(): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      const wakeOrStop = AbortSignal.any([signal, this.wake.signal]);
      if (!(await this.runOne())) await delay(LOOK_MS, undefined, { signal: wakeOrStop }).catch(() => undefined);
    }
  }

  /** Does one read that is due, if there is one; answers whether there was. For tests too. */
  async runOne(): Promise<boolean> {
    const { orm, clock, pools, newId, logger } = this.options;
    try {
      const job = await claimRead(orm, pools, clock.now().toString(), newId);
      if (job === undefined) return false;
      await withTraceparent(undefined, () => this.perform(job));
      return true;
    } catch (error) {
      logger.error({ err: error }, 'the schedule of reads could not be looked at; it is tried again');
      return false;
    }
  }

  private async perform(job: ReadJob): Promise<void> {
    const lost = new AbortController();
    const renewal = setInterval(() => void this.renew(job, lost), RENEW_MS);
    try {
      await this.options.reads.perform(job, AbortSignal.any([this.stopped.signal, lost.signal]));
    } finally {
      clearInterval(renewal);
    }
  }

  private async renew(job: ReadJob, lost: AbortController): Promise<void> {
    const isHeld = await renewLease(this.options.orm, job).catch(() => true);
    if (!isHeld) lost.abort();
  }
}
