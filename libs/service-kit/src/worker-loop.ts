import { setTimeout as delay } from 'node:timers/promises';

export interface WorkerLoopOptions {
  /** Does one piece of work; answers whether there may be more at once. The signal says that the loop is being stopped. */
  readonly work: (signal: AbortSignal) => Promise<boolean>;
  /** Milliseconds until the next look where there was nothing to do, or what says so each time. */
  readonly restMs: number | (() => number);
  /** Milliseconds until the next look after `work` threw; as `restMs` unless told. */
  readonly failedMs?: number;
  /** How many pieces at once; 1 unless told. */
  readonly parallel?: number;
  /** What `work` threw. The loop goes on. */
  readonly onError: (error: unknown) => void;
}

/** Works by itself until it is stopped: looks for work, does it, and rests where there is none. */
export class WorkerLoop {
  private readonly stopped = new AbortController();
  private loops: readonly Promise<void>[] = [];
  private woken = new AbortController();

  constructor(private readonly options: WorkerLoopOptions) {}

  start(): void {
    this.loops = Array.from({ length: this.options.parallel ?? 1 }, () => this.run());
  }

  /** There may be work: whoever rests looks again at once, and whoever works looks again afterwards. */
  nudge(): void {
    this.woken.abort();
    this.woken = new AbortController();
  }

  /** Resolves when what is in hand has ended. */
  async stop(): Promise<void> {
    this.stopped.abort();
    await Promise.all(this.loops);
  }

  private async run(): Promise<void> {
    const { signal } = this.stopped;
    while (!signal.aborted) {
      // Taken before the look: a nudge that comes during it must not be slept over.
      const woken = this.woken.signal;
      const pauseMs = await this.look();
      if (pauseMs === 0) continue;
      await delay(pauseMs, undefined, { signal: AbortSignal.any([signal, woken]) }).catch(() => undefined);
    }
  }

  /** Answers how long to rest. */
  private async look(): Promise<number> {
    const { work, restMs, failedMs, onError } = this.options;
    const rest = () => (typeof restMs === 'number' ? restMs : restMs());
    try {
      return (await work(this.stopped.signal)) ? 0 : rest();
    } catch (error) {
      onError(error);
      return failedMs ?? rest();
    }
  }
}
