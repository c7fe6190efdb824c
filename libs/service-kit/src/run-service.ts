import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { awaitNeeds, type Need } from './await-needs.js';
import { ConfigError } from './config/load-config.js';
import { explain } from './explain.js';
import { Startup } from './health.js';
import { createLogger, LOGGER } from './logging/create-logger.js';
import { NestPinoLogger } from './logging/nest-logger.js';
import { Metrics } from './metrics.js';
import { Shutdown } from './shutdown.js';
import { withTraceparent } from './tracing.js';

export interface RunOptions {
  readonly name: string;
  /** 0 for a free one. */
  readonly port: number;
  /** The address to listen on; all of them unless told. */
  readonly host?: string;
  /** Before the app starts: transports to connect, pipes, filters, documents. */
  readonly prepare?: (app: NestFastifyApplication) => unknown;
  /** What has to be there before the app can start; waited for where `waitSeconds` says how long. */
  readonly needs?: readonly Need[];
  readonly waitSeconds?: number;
  /** After which a shutdown is broken off; below Kubernetes' 30 s unless told. */
  readonly shutdownMs?: number;
}

const SHUTDOWN_MS = 25_000;

/** Runs a command or a service; a failure is one clear message and exit code 1. The stack is logged on level debug. */
export const runMain = async (name: string, main: () => Promise<unknown>): Promise<void> => {
  try {
    await main();
  } catch (error) {
    const logger = createLogger({ name, level: process.env['LOG_LEVEL'] === 'debug' ? 'debug' : 'info' });
    if (error instanceof ConfigError) logger.fatal({ faults: error.faults }, error.message);
    else logger.fatal(`${name} can't start: ${explain(error)}`);
    logger.debug({ err: error }, 'where it failed');
    process.exit(1);
  }
};

const addHooks = (app: NestFastifyApplication): void => {
  const shutdown = app.get(Shutdown);
  const durations = app
    .get(Metrics)
    .histogram('http_request_seconds', 'Answers over HTTP.', ['method', 'route', 'status']);
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', (request, _reply, done) => {
    const { traceparent } = request.headers;
    withTraceparent(typeof traceparent === 'string' ? traceparent : undefined, done);
  });
  // A connection that is kept alive after the answer in hand would hold the server open.
  fastify.addHook('onSend', (_request, reply, _payload, done) => {
    if (shutdown.hasBegun) reply.header('connection', 'close');
    done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    durations.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1_000);
    done();
  });
};

/** An app as `runService` makes it, not listening yet; for tests too. */
export const createService = async (module: Type | DynamicModule): Promise<NestFastifyApplication> => {
  const adapter = new FastifyAdapter({ forceCloseConnections: 'idle' });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    // What fails is said once, by whoever started this.
    logger: false,
    abortOnError: false,
  });
  app.useLogger(app.get(NestPinoLogger));
  addHooks(app);
  return app;
};

const stopOnSignal = (app: NestFastifyApplication, logger: Logger, shutdownMs: number): void => {
  const stop = (signal: NodeJS.Signals) => {
    if (app.get(Shutdown).hasBegun) {
      logger.warn({ signal }, 'told again to stop: stopping at once');
      process.exit(1);
    }
    logger.info({ signal }, 'stopping');
    app.get(Shutdown).begin();
    setTimeout(() => {
      logger.error({ shutdownMs }, 'work in hand did not end in time; it is done again after the next start');
      process.exit(1);
    }, shutdownMs).unref();
    app.close().then(
      () => {
        logger.info('stopped');
        process.exit(0);
      },
      (error: unknown) => {
        logger.error({ err: error }, 'could not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
};

/** For whoever started the process and waits: a JSON line, also where the log level hides the log's own. */
const announce = (name: string, port: number, logger: Logger): void => {
  if (process.stdout.isTTY) logger.info({ port }, 'ready');
  else process.stdout.write(`${JSON.stringify({ ready: name, port })}\n`);
};

const waitAtStart = async ({ name, needs = [], waitSeconds = 0 }: RunOptions): Promise<void> => {
  if (waitSeconds === 0) return;
  const logger = createLogger({ name, level: 'info' });
  await awaitNeeds(needs, {
    seconds: waitSeconds,
    onWait: (reason) => logger.warn(`${name} waits to start: ${reason}`),
  });
};

/**
 * Starts an app that imports `ServiceModule`: transports, HTTP, probes. Stops it on SIGTERM or SIGINT as `Shutdown` says.
 * Ends the process with code 1 and one message when it can't start.
 */
export const runService = (module: Type | DynamicModule, options: RunOptions): Promise<void> =>
  runMain(options.name, async () => {
    await waitAtStart(options);
    const app = await createService(module);
    const logger = app.get<Logger>(LOGGER);
    stopOnSignal(app, logger, options.shutdownMs ?? SHUTDOWN_MS);
    await options.prepare?.(app);
    await app.startAllMicroservices();
    await app.listen(options.port, options.host ?? '0.0.0.0');
    app.get(Startup).done = true;
    const { port } = app.getHttpServer().address() as { port: number };
    announce(options.name, port, logger);
  });
