import { JetStreamApiCodes, JetStreamApiError, type JetStreamManager } from '@nats-io/jetstream';

const ASK_AGAIN_MS = 20;

/** A consumer that a relay watches isn't there. */
export class MissingConsumerError extends Error {
  override readonly name = 'MissingConsumerError';
}

interface Known {
  free: number;
  askedAt: number;
}

/** How many more messages the consumers of a stream may get before they have enough in front of them. */
export class Downstream {
  private readonly known = new Map<string, Known>();

  constructor(
    private readonly jsm: JetStreamManager,
    private readonly stream: string,
    private readonly maxPending: number,
  ) {}

  /** Asks NATS only when less than half is left by what is known. */
  async free(consumers: readonly string[]): Promise<number> {
    const each = await Promise.all(consumers.map((consumer) => this.freeOf(consumer)));
    return Math.min(Number.POSITIVE_INFINITY, ...each);
  }

  spend(consumers: readonly string[], messages: number): void {
    for (const consumer of consumers) {
      const known = this.known.get(consumer);
      if (known) known.free -= messages;
    }
  }

  private async freeOf(consumer: string): Promise<number> {
    const known = this.known.get(consumer);
    const isRecent = known !== undefined && performance.now() - known.askedAt < ASK_AGAIN_MS;
    if (known && (known.free > this.maxPending / 2 || isRecent)) return Math.max(0, known.free);
    const free = Math.max(0, this.maxPending - (await this.pendingOf(consumer)));
    this.known.set(consumer, { free, askedAt: performance.now() });
    return free;
  }

  private async pendingOf(consumer: string): Promise<number> {
    try {
      const info = await this.jsm.consumers.info(this.stream, consumer);
      return info.num_pending + info.num_ack_pending;
    } catch (cause) {
      if (!(cause instanceof JetStreamApiError) || cause.code !== JetStreamApiCodes.ConsumerNotFound) throw cause;
      throw new MissingConsumerError(
        `${this.stream}/${consumer} doesn't exist, so its pool gets nothing: run the migration with this pool, or move its tenants to a pool that is served`,
        { cause },
      );
    }
  }
}
