/** Injection token of the `NatsConnection`. */
export const NATS = Symbol('NatsConnection');
