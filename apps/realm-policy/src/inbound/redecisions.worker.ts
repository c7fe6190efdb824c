import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@portico/service-kit';
import type { RedecidePeople } from '../redecide-people.js';

export interface RedecisionsOptions {
  readonly pools: readonly string[];
  /** How often it looks for work and for people whose day has come. */
  readonly pollMs: number;
  readonly logger: Pick<Logger, 'error'>;
}

/** Works through what is to be decided again, and asks for those whose day has come. */
export class RedecisionsWorker {
  private stopping = new AbortController();
  private nap = new AbortController();
  private loop: Promise<void> = Promise.resolve();
  private dueLookAt = 0;

  constructor(
    private readonly people: RedecidePeople,
    private readonly options: RedecisionsOptions,
  ) {}

  start(): void {
    this.loop = this.run();
  }

  /** There may be work. */
  nudge(): void {
    this.nap.abort();
  }

  /** Resolves when the chunk in hand is stored. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.nudge();
    await this.loop;
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      this.nap = new AbortController();
      const hasMore = await this.attempt();
      if (!hasMore) await this.rest();
    }
  }

  private async attempt(): Promise<boolean> {
    const { pools, logger } = this.options;
    try {
      await this.lookForDue();
      return await this.people.runChunk(pools);
    } catch (error) {
      logger.error({ err: error }, 'could not decide people again; trying again');
      return false;
    }
  }

  /** Not at each nudge: every batch of decisions nudges. */
  private async lookForDue(): Promise<void> {
    const { pools, pollMs } = this.options;
    if (performance.now() < this.dueLookAt) return;
    await this.people.requestDue(pools);
    this.dueLookAt = performance.now() + pollMs;
  }

  private async rest(): Promise<void> {
    const signal = AbortSignal.any([this.nap.signal, this.stopping.signal]);
    await pause(this.options.pollMs, undefined, { signal }).catch(() => undefined);
  }
}
