import type { NatsConnection } from '@nats-io/transport-node';
import { BaseRpcContext, Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import type { HealthProbe, Metrics } from '@portico/service-kit';
import { isObservable, lastValueFrom } from 'rxjs';
import { JETSTREAM, type ConsumeOptions } from './consume.decorator.js';
import { contractParser } from './contract-parser.js';
import { ConsumerLoop } from './consumer-loop.js';
import { DeadLetters } from './dead-letters.js';
import type { Delivery } from './delivery.js';
import { BindingError, findConsumer, type ConsumerBinding } from './find-consumer.js';
import type { Log } from './log.js';
import { consumerMetrics } from './metrics.js';
import { PullQueue } from './pull-queue.js';

export interface JetStreamServerOptions {
  /** Stays open when the server is closed: who made it closes it. */
  readonly connection: NatsConnection;
  /** By the pattern of the handler: the durables that feed it, one per pool. */
  readonly bindings: Readonly<Record<string, readonly ConsumerBinding[]>>;
  /** Most messages of one durable that this process holds; twice the batch unless told. */
  readonly maxInFlight?: number;
  /** Most messages that a batch handler gets at once; 256 unless told. It never waits for more to come. */
  readonly batchSize?: number;
  /** A message that failed so many times becomes a dead letter; 15 unless told. */
  readonly maxDeliver?: number;
  /** How long `close` waits for handlers before it returns what they hold; 20 s unless told. */
  readonly closeTimeoutMs?: number;
  readonly logger: Log;
  readonly clock: { now(): Temporal.Instant };
  readonly metrics?: Metrics;
}

/** Acknowledgements go out with it; a server that is away can't be waited for. */
const FLUSH_TIMEOUT_MS = 1_000;

/** Waits for work that may fail, or for the time to pass. */
const within = async (ms: number, work: Promise<unknown>): Promise<void> => {
  const timeout = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => timeout.resolve(undefined), ms);
  await Promise.race([work.catch(() => undefined), timeout.promise]);
  clearTimeout(timer);
};

interface Running {
  readonly queue: PullQueue;
  readonly finished: Promise<void>;
}

/** JetStream for `@nestjs/microservices`: durable pull consumers, handlers of one message or a batch. */
export class JetStreamServer extends Server implements CustomTransportStrategy {
  override transportId = JETSTREAM;
  /** A handler's error settles its messages. */
  override readonly propagatesEventHandlerErrors = true;
  private running: Running[] = [];

  constructor(private readonly options: JetStreamServerOptions) {
    super();
  }

  async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      for (const [pattern, bindings] of Object.entries(this.options.bindings)) {
        for (const binding of bindings) this.running.push(await this.start(pattern, binding));
      }
      callback();
    } catch (error) {
      await this.close();
      callback(error);
    }
  }

  /** Takes no more, lets handlers finish, and returns what they don't finish in time. */
  async close(): Promise<void> {
    const running = this.running.splice(0);
    const finished = running.map(({ queue, finished }) => Promise.all([queue.close(), finished]));
    await within(this.options.closeTimeoutMs ?? 20_000, Promise.all(finished));
    for (const { queue } of running) queue.abandon();
    await within(FLUSH_TIMEOUT_MS, this.options.connection.flush());
  }

  /** Down while a consumer gives no messages for a reason that needs a person. */
  health(): HealthProbe {
    return {
      name: 'consumers',
      check: () => {
        const problems = this.running.flatMap(({ queue }) => queue.problem ?? []);
        return problems.length > 0 ? Promise.reject(new BindingError(problems.join('\n'))) : Promise.resolve();
      },
    };
  }

  on(): never {
    throw new Error('JetStreamServer emits no events: follow the status of its connection');
  }

  unwrap<T>(): T {
    return this.options.connection as T;
  }

  private async start(pattern: string, binding: ConsumerBinding): Promise<Running> {
    const { stream, durable } = binding;
    const handler = this.handlerOf(pattern);
    const { batch = false, contract } = (handler.extras ?? {}) as ConsumeOptions;
    const { connection, batchSize = 256, maxDeliver = 15, logger, clock, metrics } = this.options;
    const { config } = await findConsumer(connection, binding);
    const queue = new PullQueue({
      connection,
      stream,
      durable,
      ackWaitMs: (config.ack_wait ?? 30e9) / 1e6,
      capacity: this.options.maxInFlight ?? 2 * batchSize,
      log: logger,
    });
    const loop = new ConsumerLoop({
      stream,
      durable,
      queue,
      batchSize: batch ? batchSize : 1,
      maxDeliver,
      parse: contract ? contractParser(contract) : (body) => body,
      handle: (deliveries) => this.invoke(handler, batch ? deliveries : deliveries[0]),
      deadLetters: new DeadLetters(connection, clock),
      metrics: consumerMetrics(metrics, durable, () => findConsumer(connection, binding)),
      log: logger,
    });
    queue.start();
    return { queue, finished: loop.run() };
  }

  private handlerOf(pattern: string): MessageHandler {
    const handler = this.getHandlerByPattern(pattern);
    if (handler?.isEventHandler) return handler;
    throw new BindingError(`no handler for "${pattern}": mark a controller's method with @Consume('${pattern}', …)`);
  }

  private async invoke(handler: MessageHandler, payload: Delivery<unknown>[] | Delivery<unknown> | undefined) {
    const context = new BaseRpcContext([]);
    await this.onProcessingStartHook(this.transportId, context, async () => {
      try {
        const result: unknown = await handler(payload, context);
        if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
      } finally {
        this.onProcessingEndHook?.(this.transportId, context);
      }
    });
  }
}
