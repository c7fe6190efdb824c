import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import { isSpanContextValid, trace, TraceFlags, type SpanContext } from '@opentelemetry/api';

const storage = new AsyncLocalStorage<string>();

/** The parts of a W3C `traceparent`, or nothing where it is malformed. Later versions may append parts. */
export const parseTraceparent = (traceparent: string): SpanContext | undefined => {
  const [, version, traceId, spanId, flags] =
    /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/.exec(traceparent) ?? [];
  if (version === 'ff' || !traceId || !spanId || !flags) return undefined;
  const context = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) };
  return isSpanContextValid(context) ? context : undefined;
};

const format = ({ traceId, spanId, traceFlags }: SpanContext): string =>
  `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;

/** A new trace, sampled. */
export const newTraceparent = (): string =>
  format({
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    traceFlags: TraceFlags.SAMPLED,
  });

/** The trace that the running work belongs to. A span of an OpenTelemetry SDK goes first, where one is registered. */
export const currentTraceparent = (): string | undefined => {
  const span = trace.getActiveSpan()?.spanContext();
  return span && isSpanContextValid(span) ? format(span) : storage.getStore();
};

/** Runs `work`, and all that it awaits, in the given trace; in a new one where it is absent or malformed. */
export const withTraceparent = <T>(traceparent: string | undefined, work: () => T): T =>
  storage.run(traceparent && parseTraceparent(traceparent) ? traceparent : newTraceparent(), work);
