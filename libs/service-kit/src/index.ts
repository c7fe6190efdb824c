export { awaitNeeds, type AwaitOptions, type Need } from './await-needs.js';
export { BusyAnswers } from './busy-answers.js';
export { CLOCK, fixedClock, systemClock, type Clock, type FixedClock } from './clock.js';
export { followClock, type FollowedClock } from './follow-clock.js';
export { ConfigError, describeConfig, environmentName, loadConfig } from './config/load-config.js';
export {
  ArePools,
  DatabaseServiceConfig,
  IsDatabaseUrl,
  IsNatsUrl,
  LOG_LEVELS,
  MigrationConfig,
  ServiceConfig,
  type LogLevel,
} from './config/service-config.js';
export { Setting } from './config/setting.js';
export { HEALTH_INDICATORS, Startup, type HealthProbe } from './health.js';
export { createLogger, LOGGER, type Logger, type LoggerOptions } from './logging/create-logger.js';
export { NestPinoLogger } from './logging/nest-logger.js';
export { redact, scrub } from './logging/redact.js';
export { Metrics } from './metrics.js';
export { createService, runMain, runService, type RunOptions } from './run-service.js';
export { directorySecrets, SecretMissingError, SECRETS, type SecretStore } from './secrets.js';
export { CONFIG, ServiceModule, type ServiceModuleOptions } from './service.module.js';
export { Shutdown } from './shutdown.js';
export { currentTraceparent, newTraceparent, parseTraceparent, withTraceparent } from './tracing.js';
export { WorkerLoop, type WorkerLoopOptions } from './worker-loop.js';
