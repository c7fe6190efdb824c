import { fromHeaders, type CloudEventAttributes } from '@portico/contracts';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { headersOf } from './headers.js';

/** One message in a handler's hand. Settling it twice does nothing. */
export interface Delivery<T> {
  readonly data: T;
  /** @throws MalformedEventError when asked for, where the sender left attributes out */
  readonly event: CloudEventAttributes;
  readonly subject: string;
  /** In its stream. */
  readonly sequence: number;
  /** 0 at the first delivery. */
  readonly redeliveries: number;
  /** Done: it never comes again. */
  ack(): void;
  /** Comes again, after `delayMs` or at once. */
  nak(delayMs?: number): void;
  /** Never comes again; a dead letter says why. `reason` must hold no personal data. */
  term(reason: string): void;
  /** Still at it: puts redelivery off. The transport says so by itself while a handler runs. */
  working(): void;
}

/** How a delivery ended; `term` only once its dead letter is stored. */
export type Outcome = 'ack' | 'nak' | 'term';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const ACK = encode('+ACK');
const NAK = encode('-NAK');
const WORKING = encode('+WPI');
const TERM = encode('+TERM');

interface DeliveryInfo {
  readonly deliveries: number;
  readonly sequence: number;
  /** Messages of this consumer that wait in the stream behind this one. */
  readonly pending: number;
}

/**
 * Reads an acknowledgement's subject: `$JS.ACK.<stream>.<consumer>.<deliveries>.<sequence>.<…>.<…>.<pending>`; some
 * servers put domain and account before the stream, and a token at the end.
 */
export const readAckSubject = (reply: string): DeliveryInfo => {
  const tokens = reply.split('.');
  const at = tokens.length > 9 ? 6 : 4;
  return {
    deliveries: Number(tokens[at]),
    sequence: Number(tokens[at + 1]),
    pending: Number(tokens[at + 4]),
  };
};

export class JetStreamDelivery<T = unknown> implements Delivery<T> {
  readonly subject: string;
  readonly sequence: number;
  readonly redeliveries: number;
  readonly pending: number;
  outcome: Outcome | undefined;
  /** Set by `term`: the dead letter comes first. */
  termReason: string | undefined;
  private parsed: T | undefined;
  private attributes: CloudEventAttributes | undefined;

  constructor(
    private readonly connection: NatsConnection,
    private readonly message: Msg,
  ) {
    const { deliveries, sequence, pending } = readAckSubject(message.reply ?? '');
    this.subject = message.subject;
    this.sequence = sequence;
    this.redeliveries = deliveries - 1;
    this.pending = pending;
  }

  get data(): T {
    return this.parsed as T;
  }

  /** Headers cost as much as the body, and not every handler looks at them. */
  get event(): CloudEventAttributes {
    this.attributes ??= this.readHeaders();
    return this.attributes;
  }

  private readHeaders(): CloudEventAttributes {
    const values = headersOf(this.message);
    return fromHeaders((name) => values.get(name));
  }

  /** @throws SyntaxError, or what `parse` throws. */
  read(parse: (body: unknown) => T): void {
    this.parsed = parse(this.message.json());
  }

  /** What a dead letter may say of a message that can't be read. */
  get eventId(): string | undefined {
    return this.message.headers?.get('ce-id') || undefined;
  }

  get isSettled(): boolean {
    return this.outcome !== undefined || this.termReason !== undefined;
  }

  ack(): void {
    if (!this.isSettled) this.send('ack', ACK);
  }

  nak(delayMs = 0): void {
    if (!this.isSettled) this.sendNak(delayMs);
  }

  term(reason: string): void {
    if (!this.isSettled) this.termReason = reason;
  }

  working(): void {
    if (this.outcome === undefined) this.message.respond(WORKING);
  }

  /** After the dead letter was stored. */
  confirmTerm(): void {
    this.send('term', TERM);
  }

  /** The dead letter could not be stored: the message must come again. */
  returnUnburied(delayMs: number): void {
    this.termReason = undefined;
    this.sendNak(delayMs);
  }

  private sendNak(delayMs: number): void {
    this.send('nak', delayMs > 0 ? encode(`-NAK {"delay":${Math.round(delayMs * 1e6)}}`) : NAK);
  }

  private send(outcome: Outcome, payload: Uint8Array): void {
    this.outcome = outcome;
    // A closed connection settles nothing: the message comes again after the consumer's ack_wait.
    if (!this.connection.isClosed()) this.message.respond(payload);
  }
}
