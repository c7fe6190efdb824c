import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { HealthProbe, Metrics } from '@portico/service-kit';
import type { Counter } from 'prom-client';
import { AckedPublisher } from './acked-publisher.js';
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
  /** How many publishes are in flight, and those that the source reads together with them; 500 unless told. */
  readonly batchSize?: number;
  /** How often it looks without being nudged; 500 unless told. */
  readonly pollMs?: number;
  readonly lease?: RelayLease;
  readonly logger: Log;
  readonly metrics?: Metrics;
}

/** One batch of each pool. */
interface Round {
  readonly published: number;
  /** `more` waits and may go; `full`: more may wait, and consumers have enough; `done`: nothing to do for now. */
  readonly next: 'more' | 'full' | 'done';
  /** Some rows could not go; it held back no other. */
  readonly failure?: unknown;
}

const combine = (rounds: readonly Round[]): Round => {
  const failed = rounds.find((round) => 'failure' in round);
  const next = (['more', 'full'] as const).find((kind) => rounds.some((round) => round.next === kind)) ?? 'done';
  const published = rounds.reduce((sum, round) => sum + round.published, 0);
  return { published, next, ...(failed && { failure: failed.failure }) };
};

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

  private readonly rows: Counter<'stream' | 'outcome'> | undefined;

  constructor(private readonly options: RelayOptions) {
    const labels = ['stream', 'outcome'] as const;
    this.rows = options.metrics?.counter('relay_rows_total', 'Rows by stream and outcome', labels);
  }

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
    (await this.ready)?.publisher.acked.close();
    this.ready = undefined;
    await (this.options.lease ?? everyoneRelays).release().catch(() => undefined);
  }

  /**
   * Publishes what waits and may go, whoever holds the lease; answers how many rows.
   * @throws what kept some rows back, after all others are published
   */
  async drainOnce(): Promise<number> {
    let published = 0;
    for (;;) {
      const round = await this.round();
      published += round.published;
      if (round.next === 'more') continue;
      if ('failure' in round) throw round.failure;
      return published;
    }
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
      const round = await this.round();
      if ('failure' in round) this.report(round.failure);
      else this.problem = undefined;
      return { more: 0, full: FULL_RETRY_MS, done: pollMs }[round.next];
    } catch (error) {
      this.report(error);
      return pollMs;
    }
  }

  private async round(): Promise<Round> {
    const pools = await this.options.source.pools();
    return combine(await Promise.all(pools.map((pool) => this.poolRound(pool))));
  }

  private async poolRound(pool: string | undefined): Promise<Round> {
    const { source, watchConsumers, batchSize = 500 } = this.options;
    const consumers = watchConsumers?.(pool) ?? [];
    try {
      const { downstream, publisher } = await this.prepare();
      const limit = Math.min(batchSize, await downstream.free(consumers));
      if (limit === 0) return { published: 0, next: 'full' };
      const rows = await source.waiting(pool, limit);
      downstream.spend(consumers, rows.length);
      return await this.publishAndMark(publisher, rows, rows.length >= limit);
    } catch (failure) {
      return { published: 0, next: 'done', failure };
    }
  }

  /** Marks what was published even where another row failed. */
  private async publishAndMark(publisher: Publisher, rows: readonly RelayRow[], isMore: boolean): Promise<Round> {
    if (rows.length === 0) return { published: 0, next: 'done' };
    const results = await Promise.allSettled(rows.map((row) => publishRow(publisher, row)));
    const done: PublishedRow[] = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    if (done.length > 0) await this.options.source.mark(done);
    this.count(done.length, rows.length - done.length);
    const failed = results.find((result) => result.status === 'rejected');
    return {
      published: done.length,
      next: isMore && done.length > 0 ? 'more' : 'done',
      ...(failed && { failure: failed.reason as unknown }),
    };
  }

  private prepare() {
    this.ready ??= this.open();
    return this.ready;
  }

  private async open() {
    const { connection, stream, maxPending = 500 } = this.options;
    const jsm = await jetstreamManager(connection, { checkAPI: false });
    const publisher = { acked: new AckedPublisher(connection, PUBLISH_TIMEOUT_MS), jsm, stream };
    return { publisher, downstream: new Downstream(jsm, stream, maxPending) };
  }

  private count(published: number, failed: number): void {
    const { stream } = this.options;
    this.rows?.inc({ stream, outcome: 'published' }, published);
    if (failed > 0) this.rows?.inc({ stream, outcome: 'failed' }, failed);
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
