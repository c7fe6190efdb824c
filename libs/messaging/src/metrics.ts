import type { ConsumerInfo } from '@nats-io/jetstream';
import type { Metrics } from '@portico/service-kit';
import type { JetStreamDelivery, Outcome } from './delivery.js';

/** What is counted of one consumer. */
export interface ConsumerMetrics {
  /** A batch was taken; call the answer when it is settled. */
  begin(taken: readonly JetStreamDelivery[]): () => void;
  settled(outcomes: Readonly<Record<Outcome, number>>): void;
}

const silent: ConsumerMetrics = { begin: () => () => undefined, settled: () => undefined };

/** Without a registry nothing is counted. `look` is asked at each scrape: a consumer's lag is that of all its workers. */
export const consumerMetrics = (
  metrics: Metrics | undefined,
  consumer: string,
  look: () => Promise<Pick<ConsumerInfo, 'num_pending' | 'num_ack_pending'>>,
): ConsumerMetrics => {
  if (!metrics) return silent;
  const settled = metrics.counter('messages_settled_total', 'Messages by consumer and outcome', [
    'consumer',
    'outcome',
  ]);
  const redelivered = metrics.counter('messages_redelivered_total', 'Deliveries after the first', ['consumer']);
  const lag = metrics.gauge('messages_lag', 'Messages not yet settled, those in hand too', ['consumer']);
  const inHand = metrics.gauge('messages_in_hand', 'Messages that a handler has', ['consumer']);
  const seconds = metrics.histogram('messages_batch_seconds', 'From taking a batch to its settling', ['consumer']);
  metrics.beforeScrape(async () => {
    const { num_pending: waiting, num_ack_pending: taken } = await look();
    lag.set({ consumer }, waiting + taken);
  });
  const begin = (taken: readonly JetStreamDelivery[]) => {
    const stop = seconds.startTimer({ consumer });
    inHand.set({ consumer }, taken.length);
    const again = taken.filter(({ redeliveries }) => redeliveries > 0).length;
    if (again > 0) redelivered.inc({ consumer }, again);
    return () => {
      stop();
      inHand.set({ consumer }, 0);
    };
  };
  return {
    begin,
    settled: (outcomes) => {
      for (const [outcome, count] of Object.entries(outcomes)) {
        if (count > 0) settled.inc({ consumer, outcome }, count);
      }
    },
  };
};
