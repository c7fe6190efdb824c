import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { HealthProbe, Metrics } from '@portico/service-kit';
import { Downstream } from './downstream.js';
import { errorForLog } from './error-for-log.js';
import type { Log } from './log.js';
import { publishRow, type Publisher } from './publish-row.js';
import { everyoneRelays, type RelayLease } from './relay-lease.js';
import type { PublishedRow, RelayRow, RelaySource } from './relay-source.js';

const PUBLISH_TIMEOUT_MS = 3_000;
/** While consumers have enough, how soon they are looked at again. */
const FULL_RETRY_MS = 25;

export interface RelayOptions {
  readonly connection: NatsConnection;
  readonly source: RelaySource;
  readonly stream: string;
  /** The durables that must not get too much before them, for rows of a pool; none unless told. */
  readonly watchConsumers?: (pool: string | undefined) => readonly string[];
  /** Most messages that each watched consumer has before it, delivered or not; 500 unless told. */
  readonly maxPending?: number;
  /** Most publishes in flight; 500 unless told. */
  readonly batchSize?: number;
  /** How often it looks without being nudged; 500 unless told. */
  readonly pollMs?: number;
  readonly lease?: RelayLease;
  readonly logger: Log;
  readonly metrics?: Metrics;
}

interface Drained {
  readonly published: number;
  /** Rows wait and consumers have enough. */
  readonly isFull: boolean;
}

/**
 * Publishes rows of the database to a stream. Any number of relays may run on the same rows, stall and overtake each
 * other: a subject never ends at an older revision, and no row is lost.
 */
export class Relay {
  private isRunning = false;
  private isNudged = false;
  private wake: (() => void) | undefined;
  private loop: Promise<void> = Promise.resolve();
  private ready: Promise<{ publisher: Publisher; downstream: Downstream }> | undefined;
  /** Why rows wait, with the remedy; absent while all is well. */
  private problem: string | undefined;

  constructor(private readonly options: RelayOptions) {}

  start(): void {
    if (this.isRunning) return;
    this.isRunning = true;
    this.loop = this.run();
  }

  /** Rows may be waiting. */
  nudge(): void {
    this.isNudged = true;
    this.wake?.();
  }

  /** Resolves when nothing of this relay is in flight. */
  async stop(): Promise<void> {
    this.isRunning = false;
    this.wake?.();
    await this.loop;
    await (this.options.lease ?? everyoneRelays).release().catch(() => undefined);
  }

  /** Publishes what waits and may go, whoever holds the lease; answers how many rows. */
  async drainOnce(): Promise<number> {
    return (await this.drain()).published;
  }

  health(): HealthProbe {
    return {
      name: `relay ${this.options.stream}`,
      check: () => (this.problem === undefined ? Promise.resolve() : Promise.reject(new Error(this.problem))),
    };
  }

  private async run(): Promise<void> {
    const { pollMs = 500, lease = everyoneRelays } = this.options;
    while (this.isRunning) {
      this.isNudged = false;
      const waitMs = await this.attempt(lease, pollMs);
      if (waitMs > 0) await this.sleep(waitMs);
    }
  }

  /** Answers how long to wait. */
  private async attempt(lease: RelayLease, pollMs: number): Promise<number> {
    try {
      if (!(await lease.hold())) return pollMs;
      const { isFull } = await this.drain();
      return isFull ? FULL_RETRY_MS : pollMs;
    } catch (error) {
      this.report(error);
      return pollMs;
    }
  }

  private async drain(): Promise<Drained> {
    const results = await Promise.allSettled((await this.options.source.pools()).map((pool) => this.drainPool(pool)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    this.problem = undefined;
    const drained = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    return {
      published: drained.reduce((sum, { published }) => sum + published, 0),
      isFull: drained.some(({ isFull }) => isFull),
    };
  }

  private async drainPool(pool: string | undefined): Promise<Drained> {
    const { source, watchConsumers, batchSize = 500, lease = everyoneRelays } = this.options;
    const { downstream, publisher } = await this.prepare();
    const consumers = watchConsumers?.(pool) ?? [];
    let published = 0;
    for (;;) {
      const limit = Math.min(batchSize, await downstream.free(consumers));
      if (limit === 0) return { published, isFull: true };
      const rows = await source.waiting(pool, limit);
      downstream.spend(consumers, rows.length);
      published += await this.publishAndMark(publisher, rows);
      if (rows.length < limit || (this.isRunning && !(await lease.hold()))) return { published, isFull: false };
    }
  }

  /** Marks what was published even where another row failed. */
  private async publishAndMark(publisher: Publisher, rows: readonly RelayRow[]): Promise<number> {
    if (rows.length === 0) return 0;
    const results = await Promise.allSettled(rows.map((row) => publishRow(publisher, row)));
    const done: PublishedRow[] = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    if (done.length > 0) await this.options.source.mark(done);
    this.count(done.length, rows.length - done.length);
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    return done.length;
  }

  private prepare() {
    this.ready ??= this.open();
    return this.ready;
  }

  private async open() {
    const { connection, stream, maxPending = 500 } = this.options;
    const jsm = await jetstreamManager(connection, { checkAPI: false });
    const publisher = { js: jetstream(connection), jsm, stream, timeoutMs: PUBLISH_TIMEOUT_MS };
    return { publisher, downstream: new Downstream(jsm, stream, maxPending) };
  }

  private count(published: number, failed: number): void {
    const { metrics, stream } = this.options;
    if (!metrics) return;
    const rows = metrics.counter('relay_rows_total', 'Rows by stream and outcome', ['stream', 'outcome']);
    rows.inc({ stream, outcome: 'published' }, published);
    if (failed > 0) rows.inc({ stream, outcome: 'failed' }, failed);
  }

  private report(error: unknown): void {
    const problem = error instanceof Error ? error.message : 'unknown';
    const { stream, logger } = this.options;
    if (problem !== this.problem) logger.error({ stream, err: errorForLog(error) }, 'the relay waits and tries again');
    this.problem = problem;
  }

  private async sleep(ms: number): Promise<void> {
    if (this.isNudged || !this.isRunning) return;
    const woken = Promise.withResolvers<undefined>();
    this.wake = () => woken.resolve(undefined);
    const timer = setTimeout(this.wake, ms);
    await woken.promise;
    clearTimeout(timer);
    this.wake = undefined;
  }
}
