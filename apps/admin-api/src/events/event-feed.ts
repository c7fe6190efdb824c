import { setTimeout as delay } from 'node:timers/promises';
import { jetstreamManager, type JetStreamManager, type StoredMsg } from '@nats-io/jetstream';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { filters, fromHeaders, MalformedEventError, STREAMS } from '@portico/contracts';

export const FEED_KINDS = ['learner', 'operation'] as const;
export type FeedKind = (typeof FEED_KINDS)[number];

/** The last sequence that was given, by kind. */
export type Position = Readonly<Record<FeedKind, number>>;

export interface FeedEvent {
  readonly kind: FeedKind;
  readonly type: string;
  readonly time: string;
  readonly data: unknown;
  /** Where to go on after this event. */
  readonly position: Position;
}

const STREAM_OF = { learner: STREAMS.learners, operation: STREAMS.operations } as const;

/** A message reaches subscribers a little before the stream has stored it. */
const SETTLE_MS = 25;
/** Also looks without having been told: a message can be missed while NATS is away. */
const POLL_MS = 1_000;

/** `12.5`: learner and operation. */
export const formatPosition = ({ learner, operation }: Position): string => `${learner}.${operation}`;

export const parsePosition = (text: string | undefined): Position | undefined => {
  const [, learner, operation] = /^(\d{1,15})\.(\d{1,15})$/.exec(text ?? '') ?? [];
  return learner && operation ? { learner: Number(learner), operation: Number(operation) } : undefined;
};

/** Nothing where the message is no CloudEvent: it is for the consumers to report. */
const eventOf = (kind: FeedKind, message: StoredMsg, position: Position): FeedEvent | undefined => {
  try {
    const { type, time } = fromHeaders((name) => message.header.get(name));
    return { kind, type, time, data: message.json(), position };
  } catch (error) {
    if (error instanceof MalformedEventError || error instanceof SyntaxError) return undefined;
    throw error;
  }
};

/** Resolves when one of the subscriptions has heard something, after `POLL_MS`, or when stopped. */
class Nudge {
  private wake: () => void = () => undefined;
  private heard = false;

  readonly hear = (): void => {
    this.heard = true;
    this.wake();
  };

  async wait(signal: AbortSignal): Promise<void> {
    if (!this.heard) {
      const woken = new AbortController();
      this.wake = () => woken.abort();
      await delay(POLL_MS, undefined, { signal: AbortSignal.any([signal, woken.signal]) }).catch(() => undefined);
    }
    if (this.heard && !signal.aborted) await delay(SETTLE_MS, undefined, { signal }).catch(() => undefined);
    this.heard = false;
  }
}

/**
 * A tenant's learner and operation events, in the order of each stream, from a position on or from now on, for ever.
 * It reads the streams in place: a subscription only tells it to look, so that none is lost and none comes twice, and
 * the admin API needs no right to make consumers.
 */
export class EventFeed {
  private constructor(
    private readonly nats: NatsConnection,
    private readonly streams: JetStreamManager,
  ) {}

  static async connect(nats: NatsConnection): Promise<EventFeed> {
    return new EventFeed(nats, await jetstreamManager(nats, { checkAPI: false }));
  }

  async now(): Promise<Position> {
    const last = async (kind: FeedKind) => (await this.streams.streams.info(STREAM_OF[kind])).state.last_seq;
    const [learner, operation] = await Promise.all([last('learner'), last('operation')]);
    return { learner, operation };
  }

  async *follow(tenant: string, from: Position, signal: AbortSignal): AsyncGenerator<FeedEvent> {
    const nudge = new Nudge();
    const subscriptions = FEED_KINDS.map((kind) => this.listen(kind, tenant, nudge));
    let position = from;
    try {
      while (!signal.aborted) {
        for (const kind of FEED_KINDS) {
          for (;;) {
            const message = await this.next(kind, tenant, position[kind] + 1);
            if (message === undefined || signal.aborted) break;
            position = { ...position, [kind]: message.seq };
            const event = eventOf(kind, message, position);
            if (event) yield event;
          }
        }
        await nudge.wait(signal);
      }
    } finally {
      for (const subscription of subscriptions) subscription.unsubscribe();
    }
  }

  private listen(kind: FeedKind, tenant: string, nudge: Nudge): Subscription {
    return this.nats.subscribe(filters.tenant(kind, tenant), { callback: nudge.hear });
  }

  /** Nothing where there is none, and while NATS is away: the next look finds what came meanwhile. */
  private async next(kind: FeedKind, tenant: string, seq: number): Promise<StoredMsg | undefined> {
    try {
      const found = await this.streams.direct.getMessage(STREAM_OF[kind], {
        seq,
        next_by_subj: filters.tenant(kind, tenant),
      });
      return found ?? undefined;
    } catch {
      return undefined;
    }
  }
}
