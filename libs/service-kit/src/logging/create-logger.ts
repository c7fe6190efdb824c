import { pino, type DestinationStream, type Logger } from 'pino';
import pretty from 'pino-pretty';
import type { LogLevel } from '../config/service-config.js';
import { currentTraceparent, parseTraceparent } from '../tracing.js';
import { redact, scrub } from './redact.js';

export type { Logger } from 'pino';

/** Injection token of the `Logger`. */
export const LOGGER = Symbol('Logger');

export interface LoggerOptions {
  readonly name: string;
  readonly level?: LogLevel;
  /** Lines for people; where stdout is a terminal unless told. */
  readonly pretty?: boolean;
  /** Where lines go; stdout unless told. */
  readonly destination?: DestinationStream;
}

const redactObject = (object: Record<string, unknown>) => redact(object) as Record<string, unknown>;

const traceOf = (): { traceId?: string } => {
  const traceparent = currentTraceparent();
  const traceId = traceparent === undefined ? undefined : parseTraceparent(traceparent)?.traceId;
  return traceId === undefined ? {} : { traceId };
};

/** One JSON line per entry, with the trace, without secrets and personal data. Written at once, so that none is lost. */
export const createLogger = ({
  name,
  level = 'info',
  pretty: forPeople = process.stdout.isTTY,
  destination = pino.destination({ fd: 1, sync: true }),
}: LoggerOptions): Logger => {
  const stream = forPeople
    ? pretty({ destination, sync: true, ignore: 'pid,hostname,traceId', translateTime: 'SYS:HH:MM:ss.l' })
    : destination;
  const logger = pino(
    {
      name,
      level,
      base: {},
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: traceOf,
      serializers: { err: redact },
      formatters: { level: (label) => ({ level: label }), log: redactObject },
      hooks: { streamWrite: scrub },
    },
    stream,
  );
  // pino passes the bindings of a child through no formatter. Children inherit this one.
  const makeChild = logger.child;
  logger.child = function (this: Logger, bindings: Record<string, unknown>, options?: object) {
    return makeChild.call(this, redactObject(bindings), options);
  } as typeof makeChild;
  return logger;
};
