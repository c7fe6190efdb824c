import { MikroORM } from '@mikro-orm/postgresql';
import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { SERVICES } from '@portico/contracts';
import { connectNats, listenForRows, natsHealthIndicator, type Relay } from '@portico/messaging';
import {
  CLOCK,
  HEALTH_INDICATORS,
  LOGGER,
  Metrics,
  SECRETS,
  ServiceModule,
  Shutdown,
  WorkerLoop,
  type Clock,
  type HealthProbe,
  type Logger,
  type SecretStore,
  type ServiceModuleOptions,
} from '@portico/service-kit';
import { randomUUID } from 'node:crypto';
import { ProvisioningConfig } from './config.js';
import { AccessConsumer } from './inbound/access.consumer.js';
import { Housekeeper } from './inbound/housekeeper.js';
import { LaneWorker } from './inbound/lane-worker.js';
import { provisioningGauges } from './gauges.js';
import { QuestionsController } from './inbound/questions.controller.js';
import { RealmsConsumer } from './inbound/realms.consumer.js';
import { errorForLog } from './lane/error-for-log.js';
import { PortalSessions } from './lane/portal-sessions.js';
import { takeTurn } from './lane/take-turn.js';
import { createOrm, requireMigrations } from './persistence/orm.js';
import { databaseHealth, rowGauges } from '@portico/database';
import { refreshStatistics } from './persistence/statistics.js';
import { createRelays } from './relays.js';

export const NATS = Symbol('NatsConnection');
export const RELAYS = Symbol('Relays');
/** Injection token of nothing: what is asked of the database at each scrape. */
const GAUGES = Symbol('Gauges');

/** Of an account that is created. Nobody ever uses it; it has every kind of character that a policy may want. */
const newPassword = (): string => `${randomUUID()}aA1!`;

const connectDatabase = async (config: ProvisioningConfig, shutdown: Shutdown): Promise<MikroORM> => {
  const orm = createOrm(config.databaseUrl, config.databaseConnections);
  shutdown.close('database', () => orm.close(true));
  await requireMigrations(orm);
  return orm;
};

const connectMessages = async (config: ProvisioningConfig, shutdown: Shutdown): Promise<NatsConnection> => {
  const { natsUrl: url, natsUser: user, natsPassword: password } = config;
  const connection = await connectNats({ url, user, password, name: SERVICES.provisioning });
  shutdown.close('nats', () => connection.drain());
  return connection;
};

const openSessions = (
  config: ProvisioningConfig,
  secrets: SecretStore,
  metrics: Metrics,
  shutdown: Shutdown,
): PortalSessions => {
  const calls = metrics.counter('learnupon_calls_total', 'calls to LearnUpon', ['tenant', 'portal', 'route', 'status']);
  const seconds = metrics.histogram('learnupon_call_seconds', 'duration of calls to LearnUpon', ['route']);
  const sessions = new PortalSessions({
    secrets,
    timeoutMs: config.callTimeoutSeconds * 1_000,
    concurrency: config.concurrency,
    onCall: ({ tenant, portal }, { method, route, status, milliseconds }) => {
      calls.inc({ tenant, portal, route: `${method} ${route}`, status: String(status ?? 'none') });
      seconds.observe({ route: `${method} ${route}` }, milliseconds / 1_000);
    },
  });
  shutdown.close('connections to LearnUpon', () => sessions.close());
  return sessions;
};

const STATISTICS_MS = 2_000;

const startStatistics = (orm: MikroORM, logger: Logger, shutdown: Shutdown): void => {
  const loop = new WorkerLoop({
    work: async () => {
      await refreshStatistics(orm);
      return false;
    },
    restMs: STATISTICS_MS,
    onError: (error) => logger.debug({ err: errorForLog(error) }, 'statistics are refreshed another time'),
  });
  loop.start();
  shutdown.finish('statistics', () => loop.stop());
};

const startLanes = (
  orm: MikroORM,
  clock: Clock,
  sessions: PortalSessions,
  logger: Logger,
  config: ProvisioningConfig,
  shutdown: Shutdown,
): LaneWorker => {
  const holder = randomUUID();
  const turns = {
    orm,
    clock,
    sessions,
    logger,
    holder,
    newPassword,
    settings: config,
    pools: config.pools,
  };
  const worker = new LaneWorker({
    lanes: config.lanesPerWorker,
    takeTurn: (signal) => takeTurn(turns, signal),
    logger,
  });
  worker.start();
  startStatistics(orm, logger, shutdown);
  shutdown.finish('lanes', () => worker.stop());
  return worker;
};

const startHousekeeper = (
  orm: MikroORM,
  clock: Clock,
  logger: Logger,
  { retentionDays }: ProvisioningConfig,
  shutdown: Shutdown,
): Housekeeper => {
  const keeper = new Housekeeper({ orm, clock, logger, retentionDays });
  keeper.start();
  shutdown.finish('housekeeping', () => keeper.stop());
  return keeper;
};

const startRelays = (
  orm: MikroORM,
  connection: NatsConnection,
  logger: Logger,
  metrics: Metrics,
  config: ProvisioningConfig,
  shutdown: Shutdown,
): Relay[] => {
  const relays = createRelays(orm, connection, logger, metrics);
  for (const relay of relays) relay.start();
  const listenUrl = config.databaseListenUrl ?? config.databaseUrl;
  const stopListening = listenForRows(listenUrl, () => relays.forEach((relay) => relay.nudge()), logger);
  shutdown.finish('relays', async () => {
    await stopListening();
    await Promise.all(relays.map((relay) => relay.stop()));
  });
  return relays;
};

const probesOf = (orm: MikroORM, connection: NatsConnection, relays: readonly Relay[]): HealthProbe[] => [
  databaseHealth(orm),
  natsHealthIndicator(connection),
  ...relays.map((relay) => relay.health()),
];

const providers: Provider[] = [
  { provide: MikroORM, inject: [ProvisioningConfig, Shutdown], useFactory: connectDatabase },
  { provide: NATS, inject: [ProvisioningConfig, Shutdown], useFactory: connectMessages },
  { provide: PortalSessions, inject: [ProvisioningConfig, SECRETS, Metrics, Shutdown], useFactory: openSessions },
  {
    provide: LaneWorker,
    inject: [MikroORM, CLOCK, PortalSessions, LOGGER, ProvisioningConfig, Shutdown],
    useFactory: startLanes,
  },
  {
    provide: Housekeeper,
    inject: [MikroORM, CLOCK, LOGGER, ProvisioningConfig, Shutdown],
    useFactory: startHousekeeper,
  },
  { provide: RELAYS, inject: [MikroORM, NATS, LOGGER, Metrics, ProvisioningConfig, Shutdown], useFactory: startRelays },
  {
    provide: GAUGES,
    inject: [MikroORM, Metrics, ProvisioningConfig],
    useFactory: (orm: MikroORM, metrics: Metrics, config: ProvisioningConfig) =>
      rowGauges(metrics, orm, provisioningGauges(config.pools)),
  },
  { provide: HEALTH_INDICATORS, inject: [MikroORM, NATS, RELAYS], useFactory: probesOf },
];

/** The wiring: which adapter stands behind what. */
@Module({})
export class AppModule {
  static with(
    config: ProvisioningConfig,
    options: Partial<ServiceModuleOptions<ProvisioningConfig>> = {},
  ): DynamicModule {
    return {
      module: AppModule,
      imports: [ServiceModule.forRoot({ ...options, name: SERVICES.provisioning, config })],
      controllers: [AccessConsumer, RealmsConsumer, QuestionsController],
      providers,
    };
  }
}
