import { MikroORM } from '@mikro-orm/postgresql';
import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { createBambooHrClient } from '@portico/bamboohr-client';
import { SERVICES } from '@portico/contracts';
import { connectNats, FreshBodies, listenForRows, natsHealthIndicator, type Relay } from '@portico/messaging';
import {
  CLOCK,
  HEALTH_INDICATORS,
  LOGGER,
  Metrics,
  SECRETS,
  ServiceModule,
  Shutdown,
  type Clock,
  type HealthProbe,
  type Logger,
  type SecretStore,
  type ServiceModuleOptions,
} from '@portico/service-kit';
import { randomUUID } from 'node:crypto';
import { IngestionConfig } from './config.js';
import { ingestionGauges } from './gauges.js';
import { QuestionsController } from './inbound/questions.controller.js';
import { ReadScheduler } from './inbound/read-scheduler.js';
import { RealmsConsumer } from './inbound/realms.consumer.js';
import { PerformRead, type BambooHrAccess } from './perform-read.js';
import { createOrm, requireMigrations } from './persistence/orm.js';
import { databaseHealth, rowGauges } from '@portico/database';
import { ReadFields } from './read-fields.js';
import { createPurge, createRelays } from './relays.js';
import { RequestRead } from './request-read.js';
import { StoreRealm } from './store-realm.js';

export const NATS = Symbol('NatsConnection');
export const RELAYS = Symbol('Relays');
/** Those of some ten thousand people; more would be held beside all that a first read of a large company brings. */
const MOST_FRESH_CHARACTERS = 16 * 1024 * 1024;
/** Injection token of nothing: what is asked of the database at each scrape. */
const GAUGES = Symbol('Gauges');

const newReadId = (): string => `read-${randomUUID()}`;

const connectDatabase = async (config: IngestionConfig, shutdown: Shutdown): Promise<MikroORM> => {
  const orm = createOrm(config.databaseUrl, config.databaseConnections);
  shutdown.close('database', () => orm.close(true));
  await requireMigrations(orm);
  return orm;
};

const connectMessages = async (config: IngestionConfig, shutdown: Shutdown): Promise<NatsConnection> => {
  const { natsUrl: url, natsUser: user, natsPassword: password } = config;
  const connection = await connectNats({ url, user, password, name: SERVICES.ingestion });
  shutdown.close('nats', () => connection.drain());
  return connection;
};

/** A client is made for each read: key and address may have changed. */
const bambooHrFor = (config: IngestionConfig, metrics: Metrics) => {
  const calls = metrics.counter('bamboohr_calls_total', 'calls to BambooHR', ['operation', 'status']);
  const seconds = metrics.histogram('bamboohr_call_seconds', 'duration of calls to BambooHR', ['operation']);
  return (access: BambooHrAccess) =>
    createBambooHrClient({
      ...access,
      timeoutMs: config.bamboohrTimeoutMs,
      onCall: ({ operation, status, milliseconds }) => {
        calls.inc({ operation, status: String(status) });
        seconds.observe({ operation }, milliseconds / 1_000);
      },
    });
};

const readsFor = (
  orm: MikroORM,
  clock: Clock,
  secrets: SecretStore,
  logger: Logger,
  metrics: Metrics,
  config: IngestionConfig,
  fields: ReadFields,
  fresh: FreshBodies,
): PerformRead => {
  const finished = metrics.counter('reads_total', 'reads of BambooHR', ['tenant', 'kind', 'outcome']);
  const connect = bambooHrFor(config, metrics);
  const onFinished = (read: { tenant: string; kind: string; outcome: string }) => finished.inc({ ...read });
  return new PerformRead({ orm, clock, secrets, logger, connect, fields, fresh, onFinished });
};

const startRelays = (
  orm: MikroORM,
  connection: NatsConnection,
  logger: Logger,
  metrics: Metrics,
  fresh: FreshBodies,
  config: IngestionConfig,
  shutdown: Shutdown,
): Relay[] => {
  const relays = createRelays(orm, connection, logger, metrics, fresh);
  const purge = createPurge(orm, connection, logger);
  for (const relay of relays) relay.start();
  purge.start();
  const listenUrl = config.databaseListenUrl ?? config.databaseUrl;
  const stopListening = listenForRows(listenUrl, () => relays.forEach((relay) => relay.nudge()), logger);
  shutdown.finish('relays', async () => {
    await stopListening();
    await Promise.all([purge.stop(), ...relays.map((relay) => relay.stop())]);
  });
  return relays;
};

const startScheduler = (
  orm: MikroORM,
  clock: Clock,
  reads: PerformRead,
  logger: Logger,
  config: IngestionConfig,
  shutdown: Shutdown,
): ReadScheduler => {
  const { pools, readers } = config;
  const scheduler = new ReadScheduler({ orm, clock, reads, pools, readers, newId: newReadId, logger });
  scheduler.start();
  shutdown.finish('reads', () => scheduler.stop());
  return scheduler;
};

const probesOf = (orm: MikroORM, connection: NatsConnection, relays: readonly Relay[]): HealthProbe[] => [
  databaseHealth(orm),
  natsHealthIndicator(connection),
  ...relays.map((relay) => relay.health()),
];

const providers: Provider[] = [
  { provide: MikroORM, inject: [IngestionConfig, Shutdown], useFactory: connectDatabase },
  { provide: NATS, inject: [IngestionConfig, Shutdown], useFactory: connectMessages },
  { provide: StoreRealm, inject: [MikroORM, CLOCK], useFactory: (orm, clock) => new StoreRealm(orm, clock) },
  {
    provide: RequestRead,
    inject: [MikroORM, CLOCK],
    useFactory: (orm, clock) => new RequestRead(orm, clock, newReadId),
  },
  {
    provide: ReadFields,
    inject: [MikroORM, CLOCK, SECRETS, Metrics, IngestionConfig],
    useFactory: (orm: MikroORM, clock: Clock, secrets: SecretStore, metrics: Metrics, config: IngestionConfig) =>
      new ReadFields({ orm, clock, secrets, connect: bambooHrFor(config, metrics) }),
  },
  {
    provide: PerformRead,
    inject: [MikroORM, CLOCK, SECRETS, LOGGER, Metrics, IngestionConfig, ReadFields, FreshBodies],
    useFactory: readsFor,
  },
  { provide: FreshBodies, useFactory: () => new FreshBodies(MOST_FRESH_CHARACTERS) },
  {
    provide: RELAYS,
    inject: [MikroORM, NATS, LOGGER, Metrics, FreshBodies, IngestionConfig, Shutdown],
    useFactory: startRelays,
  },
  {
    provide: ReadScheduler,
    inject: [MikroORM, CLOCK, PerformRead, LOGGER, IngestionConfig, Shutdown],
    useFactory: startScheduler,
  },
  {
    provide: GAUGES,
    inject: [MikroORM, Metrics, CLOCK, IngestionConfig],
    useFactory: (orm: MikroORM, metrics: Metrics, clock: Clock, config: IngestionConfig) =>
      rowGauges(
        metrics,
        orm,
        ingestionGauges(config.pools, () => clock.now().toString()),
      ),
  },
  { provide: HEALTH_INDICATORS, inject: [MikroORM, NATS, RELAYS], useFactory: probesOf },
];

/** The wiring: which adapter stands behind what. */
@Module({})
export class AppModule {
  static with(config: IngestionConfig, options: Partial<ServiceModuleOptions<IngestionConfig>> = {}): DynamicModule {
    return {
      module: AppModule,
      imports: [ServiceModule.forRoot({ ...options, name: SERVICES.ingestion, config })],
      controllers: [RealmsConsumer, QuestionsController],
      providers,
    };
  }
}
