import { type Msg, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import { inboxOf } from './connection.js';
import { JetStreamDelivery } from './delivery.js';
import type { Log } from './log.js';

const PULL_EXPIRES_MS = 30_000;
const DEFAULT_HEARTBEAT_MS = 5_000;
const RETRY_MS = [100, 250, 500, 1_000, 2_000];

export interface PullQueueOptions {
  readonly connection: NatsConnection;
  readonly stream: string;
  readonly durable: string;
  /** The consumer's, in milliseconds. */
  readonly ackWaitMs: number;
  /** Most messages held and asked for together. */
  readonly capacity: number;
  readonly log: Log;
  /** How often the server says that it is there; after two and a half of it in silence the queue asks again. */
  readonly heartbeatMs?: number;
}

const statusOf = (message: Msg): number => message.headers?.code ?? 0;

/**
 * Messages of one durable, asked for by as many as there is room for. The library's `consume` asks on arrival,
 * whether or not the ones before are settled; here the room is what bounds, and a slow worker leaves the rest to others.
 */
export class PullQueue {
  private readonly waiting: JetStreamDelivery[] = [];
  private readonly held = new Set<JetStreamDelivery>();
  /** Asked for and not here yet. */
  private requested = 0;
  private failures = 0;
  private heardAt = performance.now();
  private subscription: Subscription | undefined;
  private inbox = '';
  private isOpen = false;
  private wake: (() => void) | undefined;
  private timers: NodeJS.Timeout[] = [];
  /** Why no messages come, with the remedy; absent while all is well. */
  problem: string | undefined;

  private readonly heartbeatMs: number;

  constructor(private readonly options: PullQueueOptions) {
    this.heartbeatMs = options.heartbeatMs ?? DEFAULT_HEARTBEAT_MS;
  }

  start(): void {
    this.isOpen = true;
    this.renew();
    void this.followReconnects();
    this.timers = [
      setInterval(() => this.checkHeartbeat(), this.heartbeatMs).unref(),
      setInterval(() => this.keepHeld(), this.options.ackWaitMs / 3).unref(),
    ];
  }

  /** Resolves when messages wait, or with false when the queue has been closed. */
  async ready(): Promise<boolean> {
    while (this.isOpen && this.waiting.length === 0) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    return this.isOpen;
  }

  /** The first, and what follows it, at most `limit`, as long as `belongs`. */
  take(limit: number, belongs: (delivery: JetStreamDelivery) => boolean): JetStreamDelivery[] {
    let count = 1;
    while (count < Math.min(limit, this.waiting.length) && belongs(this.waiting[count] as JetStreamDelivery)) {
      count += 1;
    }
    return this.waiting.splice(0, count);
  }

  peek(): JetStreamDelivery | undefined {
    return this.waiting[0];
  }

  /** Settled ones make room. */
  release(deliveries: readonly JetStreamDelivery[]): void {
    for (const delivery of deliveries) this.held.delete(delivery);
    this.pull();
  }

  /** Asks for no more, returns what no handler has begun, and leaves what is in hand to its handler. */
  async close(): Promise<void> {
    this.isOpen = false;
    for (const timer of this.timers.slice(0, 1)) clearInterval(timer);
    this.returnWaiting();
    this.wake?.();
    // Messages that are on their way here are still taken, and returned at once.
    if (this.subscription && !this.options.connection.isClosed())
      await this.subscription.drain().catch(() => undefined);
  }

  /** Returns whatever is still in hand. */
  abandon(): void {
    for (const timer of this.timers) clearInterval(timer);
    for (const delivery of this.held) delivery.nak();
    this.held.clear();
  }

  private returnWaiting(): void {
    for (const delivery of this.waiting.splice(0)) {
      delivery.nak();
      this.held.delete(delivery);
    }
  }

  /** Whatever was asked for on the old inbox is void. */
  private renew(): void {
    if (!this.isOpen || this.options.connection.isClosed()) return;
    this.subscription?.unsubscribe();
    this.inbox = inboxOf(this.options.connection);
    const subscription = this.options.connection.subscribe(this.inbox, {
      callback: (error, message) => {
        if (subscription !== this.subscription) return;
        if (error) this.fail(`${error.message}; give the NATS user of this service its permissions again`);
        else this.receive(message);
      },
    });
    this.subscription = subscription;
    this.requested = 0;
    this.heardAt = performance.now();
    this.pull();
  }

  private pull(): void {
    const room = this.options.capacity - this.held.size - this.requested;
    const isWorthIt = room >= this.options.capacity / 2 || (this.requested === 0 && room > 0);
    if (!this.isOpen || !isWorthIt || this.options.connection.isClosed()) return;
    this.requested += room;
    const { stream, durable, connection } = this.options;
    const request = { batch: room, expires: PULL_EXPIRES_MS * 1e6, idle_heartbeat: this.heartbeatMs * 1e6 };
    connection.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`, JSON.stringify(request), {
      reply: this.inbox,
    });
  }

  private receive(message: Msg): void {
    this.heardAt = performance.now();
    if (message.subject === this.inbox) this.receiveStatus(message);
    else this.receiveDelivery(new JetStreamDelivery(this.options.connection, message));
  }

  private receiveDelivery(delivery: JetStreamDelivery): void {
    if (!this.isOpen) {
      delivery.nak();
      return;
    }
    this.problem = undefined;
    this.failures = 0;
    this.requested = Math.max(0, this.requested - 1);
    this.held.add(delivery);
    this.waiting.push(delivery);
    this.wake?.();
    if (this.requested === 0) this.pull();
  }

  /** 100 is a heartbeat; 408 ends a request by time; others end one for a reason. */
  private receiveStatus(message: Msg): void {
    const status = statusOf(message);
    if (status === 100) return;
    const left = Number(message.headers?.get('Nats-Pending-Messages') || Number.NaN);
    this.requested = Number.isNaN(left) ? 0 : Math.max(0, this.requested - left);
    if (status === 408 || status === 404) this.pull();
    else this.fail(`${status} ${message.headers?.description ?? ''}`.trim());
  }

  private fail(reason: string): void {
    const { stream, durable, log } = this.options;
    const remedy = 'if it lasts, run the migration: the stream or its consumer is missing';
    const problem = `no messages from ${stream}/${durable}: ${reason}; ${remedy}`;
    if (problem !== this.problem) log.warn({ stream, durable }, problem);
    this.problem = problem;
    const delay = RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)] ?? 0;
    this.failures += 1;
    setTimeout(() => this.renew(), delay).unref();
  }

  /** A request that was lost on the way is never answered: silence shows it. */
  private checkHeartbeat(): void {
    if (performance.now() - this.heardAt > 2.5 * this.heartbeatMs) this.renew();
  }

  private keepHeld(): void {
    for (const delivery of this.held) delivery.working();
  }

  private async followReconnects(): Promise<void> {
    for await (const status of this.options.connection.status()) {
      if (!this.isOpen) return;
      if (status.type === 'reconnect') this.renew();
    }
  }
}
