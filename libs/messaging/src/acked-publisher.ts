import { JetStreamApiError, type ApiError, type PubAck } from '@nats-io/jetstream';
import { errors, type Msg, type MsgHdrs, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import { inboxOf } from './connection.js';

interface Waiting {
  readonly subject: string;
  /** By `performance.now()`. */
  readonly deadline: number;
  readonly resolve: (ack: PubAck) => void;
  readonly reject: (error: unknown) => void;
}

type Answer = PubAck | { readonly error: ApiError };

const NO_RESPONDERS = 503;

/**
 * Publishes to JetStream and waits for its acknowledgements, hundreds at once. The library's own `publish` makes a timer,
 * two promises and an error for each message, in case it should fail; here they share an inbox and a timer.
 */
export class AckedPublisher {
  /** By the last token of the acknowledgement's subject, in the order in which they were sent. */
  private readonly waiting = new Map<string, Waiting>();
  private readonly inbox: string;
  private readonly subscription: Subscription;
  private sent = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly connection: NatsConnection,
    private readonly timeoutMs: number,
  ) {
    this.inbox = inboxOf(connection);
    this.subscription = connection.subscribe(`${this.inbox}.*`, {
      callback: (error, message) => (error ? this.rejectAll(error) : this.receive(message)),
    });
    void this.followErrors();
  }

  /**
   * Resolves once the stream has the message.
   * @throws JetStreamApiError what the server says against it
   * @throws TimeoutError where the stream may have it or not
   */
  publish(subject: string, body: string, headers: MsgHdrs): Promise<PubAck> {
    const { promise, resolve, reject } = Promise.withResolvers<PubAck>();
    const token = String((this.sent += 1));
    this.waiting.set(token, { subject, deadline: performance.now() + this.timeoutMs, resolve, reject });
    try {
      this.connection.publish(subject, body, { headers, reply: `${this.inbox}.${token}` });
      this.watch();
    } catch (error) {
      this.waiting.delete(token);
      reject(error);
    }
    return promise;
  }

  /** What is not acknowledged by now fails. */
  close(): void {
    clearTimeout(this.timer);
    this.subscription.unsubscribe();
    this.rejectAll(new errors.ClosedConnectionError());
  }

  private receive(message: Msg): void {
    const token = message.subject.slice(this.inbox.length + 1);
    const waiting = this.waiting.get(token);
    if (waiting === undefined) return;
    this.waiting.delete(token);
    if (message.headers?.code === NO_RESPONDERS) {
      waiting.reject(new errors.NoRespondersError(waiting.subject));
      return;
    }
    const answer = message.json<Answer>();
    if ('error' in answer) waiting.reject(new JetStreamApiError(answer.error));
    else waiting.resolve(answer);
  }

  private watch(): void {
    this.timer ??= setTimeout(() => this.expire(), this.timeoutMs / 10).unref();
  }

  private expire(): void {
    this.timer = undefined;
    const now = performance.now();
    for (const [token, { deadline, reject }] of this.waiting) {
      if (deadline > now) break;
      this.waiting.delete(token);
      reject(new errors.TimeoutError());
    }
    if (this.waiting.size > 0) this.watch();
  }

  /** The server answers nothing where a user may not publish; it tells the connection. */
  private async followErrors(): Promise<void> {
    for await (const status of this.connection.status()) {
      if (status.type !== 'error' || !(status.error instanceof errors.PermissionViolationError)) continue;
      const { error } = status;
      this.rejectAll(error, ({ subject }) => subject === error.subject);
    }
    this.rejectAll(new errors.ClosedConnectionError());
  }

  private rejectAll(error: Error, isMeant: (waiting: Waiting) => boolean = () => true): void {
    for (const [token, waiting] of this.waiting) {
      if (!isMeant(waiting)) continue;
      this.waiting.delete(token);
      waiting.reject(error);
    }
  }
}
