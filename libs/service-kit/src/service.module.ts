import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import type { Logger } from 'pino';
import { CLOCK, systemClock, type Clock } from './clock.js';
import type { ServiceConfig } from './config/service-config.js';
import { followClock } from './follow-clock.js';
import { HealthController, Startup } from './health.js';
import { createLogger, LOGGER } from './logging/create-logger.js';
import { NestPinoLogger } from './logging/nest-logger.js';
import { Metrics } from './metrics.js';
import { directorySecrets, SECRETS } from './secrets.js';
import { Shutdown } from './shutdown.js';

/** Injection token of the app's config; the config's own class is a token too. */
export const CONFIG = Symbol('ServiceConfig');

export interface ServiceModuleOptions<C extends ServiceConfig> {
  readonly name: string;
  readonly config: C;
  /** In place of the clock that the config names; for tests. */
  readonly clock?: Clock;
  readonly logger?: Logger;
}

const clockFor = async (config: ServiceConfig, shutdown: Shutdown, logger: Logger): Promise<Clock> => {
  if (config.clockUrl === undefined) return systemClock;
  const clock = await followClock(config.clockUrl, { onChange: (message) => logger.warn(message) });
  shutdown.close('clock', () => clock.stop());
  return clock;
};

/** Gives every module of the app: config, `LOGGER`, `CLOCK`, `SECRETS`, `Metrics`, `Shutdown`; and serves the probes. */
@Module({})
export class ServiceModule {
  static forRoot<C extends ServiceConfig>(options: ServiceModuleOptions<C>): DynamicModule {
    const { name, config } = options;
    const logger = options.logger ?? createLogger({ name, level: config.logLevel });
    const shared: Provider[] = [
      { provide: CONFIG, useValue: config },
      { provide: config.constructor as new () => C, useValue: config },
      { provide: LOGGER, useValue: logger },
      { provide: NestPinoLogger, useValue: new NestPinoLogger(logger) },
      { provide: SECRETS, useFactory: () => directorySecrets(config.secretsDir) },
      { provide: Metrics, useFactory: () => new Metrics(name) },
      { provide: Shutdown, useFactory: () => new Shutdown(logger) },
      {
        provide: CLOCK,
        inject: [Shutdown],
        useFactory: (shutdown: Shutdown) => options.clock ?? clockFor(config, shutdown, logger),
      },
      Startup,
    ];
    return {
      module: ServiceModule,
      global: true,
      imports: [TerminusModule.forRoot({ logger: false })],
      controllers: [HealthController],
      providers: shared,
      exports: shared,
    };
  }
}
