import { withTraceparent } from '@portico/service-kit';
import type { DeadLetters } from './dead-letters.js';
import type { Delivery, JetStreamDelivery, Outcome } from './delivery.js';
import { errorForLog } from './error-for-log.js';
import type { Log } from './log.js';
import type { ConsumerMetrics } from './metrics.js';
import type { PullQueue } from './pull-queue.js';
import { ALONE_FROM_REDELIVERY, backoffMs, errorForDeadLetter, settleAfterHandler } from './settlement.js';

export interface ConsumerLoopOptions {
  readonly stream: string;
  readonly durable: string;
  readonly queue: PullQueue;
  /** 1 for handlers of single messages. */
  readonly batchSize: number;
  readonly maxDeliver: number;
  readonly parse: (body: unknown) => unknown;
  /** Runs the handler with one or more deliveries; throws what it throws. */
  readonly handle: (deliveries: Delivery<unknown>[]) => Promise<void>;
  readonly deadLetters: DeadLetters;
  readonly metrics: ConsumerMetrics;
  readonly log: Log;
}

const isSuspicious = ({ redeliveries }: JetStreamDelivery) => redeliveries >= ALONE_FROM_REDELIVERY;

/** Takes what is there, parses it, hands it to the handler, settles it; one batch after the other. */
export class ConsumerLoop {
  constructor(private readonly options: ConsumerLoopOptions) {}

  async run(): Promise<void> {
    const { queue } = this.options;
    while (await queue.ready()) {
      const taken = this.takeBatch();
      await this.work(taken);
      queue.release(taken);
    }
  }

  private takeBatch(): JetStreamDelivery[] {
    const { queue, batchSize } = this.options;
    const first = queue.peek();
    return queue.take(first && isSuspicious(first) ? 1 : batchSize, (delivery) => !isSuspicious(delivery));
  }

  private async work(taken: readonly JetStreamDelivery[]): Promise<void> {
    const stopTimer = this.options.metrics.begin(taken);
    const readable = taken.filter((delivery) => this.read(delivery));
    if (readable.length > 0) await this.handleAndSettle(readable);
    const given = taken.filter(({ termReason }) => termReason !== undefined);
    await Promise.all(given.map((delivery) => this.bury(delivery)));
    stopTimer();
    this.count(taken);
  }

  /** False where the message is given up without a handler. */
  private read(delivery: JetStreamDelivery): boolean {
    if (delivery.redeliveries >= this.options.maxDeliver) {
      delivery.term('the worker was lost with it at every delivery');
      return false;
    }
    try {
      delivery.read(this.options.parse);
      return true;
    } catch (error) {
      delivery.term(errorForDeadLetter(error));
      return false;
    }
  }

  private async handleAndSettle(deliveries: JetStreamDelivery[]): Promise<void> {
    const error = await this.tryHandle(deliveries);
    const circumstances = { maxDeliver: this.options.maxDeliver, isAlone: deliveries.length === 1 };
    for (const delivery of deliveries) settleAfterHandler(delivery, error, circumstances);
  }

  private async tryHandle(deliveries: JetStreamDelivery[]): Promise<unknown> {
    try {
      const traceparent = deliveries.length === 1 ? deliveries[0]?.event.traceparent : undefined;
      await withTraceparent(traceparent, () => this.options.handle(deliveries));
      return undefined;
    } catch (error) {
      const { log, stream, durable } = this.options;
      const redeliveries = Math.max(...deliveries.map((delivery) => delivery.redeliveries));
      log.error(
        { stream, durable, messages: deliveries.length, redeliveries, err: errorForLog(error) },
        'a handler failed',
      );
      return error ?? new Error('the handler threw nothing');
    }
  }

  private async bury(delivery: JetStreamDelivery): Promise<void> {
    const { stream, durable, deadLetters, log } = this.options;
    const reason = delivery.termReason ?? '';
    try {
      await deadLetters.bury(stream, durable, delivery, reason);
      delivery.confirmTerm();
      log.error({ stream, durable, sequence: delivery.sequence, reason }, 'a message was given up; see PORTICO_DEAD');
    } catch (error) {
      log.error(
        { stream, durable, sequence: delivery.sequence, err: errorForLog(error) },
        'a dead letter could not be stored',
      );
      delivery.returnUnburied(backoffMs(delivery.redeliveries));
    }
  }

  private count(taken: readonly JetStreamDelivery[]): void {
    const outcomes: Record<Outcome, number> = { ack: 0, nak: 0, term: 0 };
    for (const { outcome } of taken) if (outcome) outcomes[outcome] += 1;
    this.options.metrics.settled(outcomes);
  }
}
