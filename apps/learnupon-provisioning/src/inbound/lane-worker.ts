import type { Logger } from '@portico/service-kit';
import { setTimeout as delay } from 'node:timers/promises';
import { errorForLog } from '../lane/error-for-log.js';

const LOOK_MS = 250;
const FAILED_MS = 1_000;

export interface LaneWorkerOptions {
  /** How many lanes are served at once. */
  readonly lanes: number;
  /** One turn of one lane; answers whether a lane was due. */
  readonly takeTurn: (signal: AbortSignal) => Promise<boolean>;
  readonly logger: Logger;
}

/** Serves lanes, several at once; any number of workers may share them. */
export class LaneWorker {
  private readonly stopped = new AbortController();
  private loops: Promise<void>[] = [];
  private wake = new AbortController();

  constructor(private readonly options: LaneWorkerOptions) {}

  start(): void {
    this.loops = Array.from({ length: this.options.lanes }, () => this.run());
  }

  /** There may be work. */
  nudge(): void {
    this.wake.abort();
    this.wake = new AbortController();
  }

  /** Resolves when the calls in hand have ended and are recorded. */
  async stop(): Promise<void> {
    this.stopped.abort();
    await Promise.all(this.loops);
  }

  private async run(): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      const { signal: woken } = this.wake;
      const pauseMs = await this.turn();
      if (pauseMs > 0)
        await delay(pauseMs, undefined, { signal: AbortSignal.any([signal, woken]) }).catch(() => undefined);
    }
  }

  /** Answers how long to wait for the next look. */
  private async turn(): Promise<number> {
    try {
      return (await this.options.takeTurn(this.stopped.signal)) ? 0 : LOOK_MS;
    } catch (error) {
      this.options.logger.error({ err: errorForLog(error) }, 'lanes could not be looked at; they are looked at again');
      return FAILED_MS;
    }
  }
}
