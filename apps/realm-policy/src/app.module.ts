import { MikroORM } from '@mikro-orm/postgresql';
import { Module, type DynamicModule } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import { durables, SERVICES, STREAMS } from '@portico/contracts';
import {
  connectNats,
  FreshBodies,
  listenForRows,
  natsHealthIndicator,
  postgresRelayLease,
  Relay,
  stateRelaySource,
  SubjectPurge,
  type RelayOptions,
  type RelaySource,
} from '@portico/messaging';
import {
  CLOCK,
  HEALTH_INDICATORS,
  LOGGER,
  Metrics,
  ServiceModule,
  Shutdown,
  type WorkerLoop,
  type Clock,
  type Logger,
} from '@portico/service-kit';
import { ApplyRealm } from './apply-realm.js';
import { AskPolicy } from './ask-policy.js';
import { PolicyConfig } from './config.js';
import { DecideEmployees } from './decide-employees.js';
import { policyGauges } from './gauges.js';
import { DecideGathered } from './decide-gathered.js';
import { EndAccess } from './end-access.js';
import { ExplainAccess } from './explain/explain-access.js';
import { FindPeople } from './explain/find-people.js';
import { AccessQuestionsController } from './inbound/access-questions.controller.js';
import { ArrivalsWorker } from './inbound/arrivals.worker.js';
import { EmployeesConsumer } from './inbound/employees.consumer.js';
import { PolicyQuestionsController } from './inbound/policy-questions.controller.js';
import { QuestionsController } from './inbound/questions.controller.js';
import { RedecisionsWorker } from './inbound/redecisions.worker.js';
import { databaseHealth, inTransaction, rowGauges, sqlOf } from '@portico/database';
import { createOrm, requireMigrations } from './persistence/orm.js';
import { accessTable, realmTable } from './persistence/relayed.js';
import { PolicyCache } from './realm/policy-of.js';
import { RealmVersions } from './realm-versions.js';
import { RedecidePeople } from './redecide-people.js';
import { WhatIfs } from './what-if/what-ifs.js';

/** Injection token of the `NatsConnection`. */
export const NATS = Symbol('NatsConnection');
/** Injection token of the relays of realms and of decisions. */
const RELAYS = Symbol('Relay[]');
/** Injection token of what runs by itself. */
const WORK = Symbol('WorkerLoop[]');
/** Injection token of nothing: what is asked of the database at each scrape. */
const GAUGES = Symbol('Gauges');

const openDatabase = async (config: PolicyConfig, shutdown: Shutdown): Promise<MikroORM> => {
  const orm = createOrm(config.databaseUrl, config.databaseConnections);
  shutdown.close('database', () => orm.close(true));
  await requireMigrations(orm);
  return orm;
};

const connect = async (config: PolicyConfig, shutdown: Shutdown): Promise<NatsConnection> => {
  const { natsUrl: url, natsUser: user, natsPassword: password } = config;
  const connection = await connectNats({ url, user, password, name: SERVICES.policy });
  shutdown.close('nats', () => connection.drain());
  return connection;
};

const makeRelays = (
  orm: MikroORM,
  connection: NatsConnection,
  logger: Logger,
  metrics: Metrics,
  fresh: FreshBodies,
): Relay[] => {
  const sql = sqlOf(orm.em.fork());
  const relay = (options: Pick<RelayOptions, 'stream' | 'watchConsumers'>, source: RelaySource) =>
    new Relay({
      ...options,
      connection,
      source,
      lease: postgresRelayLease(sql, options.stream),
      logger,
      metrics,
    });
  return [
    relay({ stream: STREAMS.realms }, stateRelaySource(sql, realmTable)),
    relay(
      {
        stream: STREAMS.access,
        watchConsumers: (pool) => (pool === undefined ? [] : [durables.provisioningAccess(pool)]),
      },
      stateRelaySource(sql, accessTable, fresh),
    ),
  ];
};

/** What runs by itself: it begins with the app, and stops before the transports do. */
const startWork = (
  config: PolicyConfig,
  relays: readonly Relay[],
  people: RedecidePeople,
  gathered: DecideGathered,
  logger: Logger,
  shutdown: Shutdown,
): readonly WorkerLoop[] => {
  const options = { pools: config.pools, pollMs: config.redecidePollMs, logger };
  const workers = [new RedecisionsWorker(people, options), new ArrivalsWorker(gathered, options)];
  const stopListening = listenForRows(
    config.databaseListenUrl ?? config.databaseUrl,
    () => {
      for (const relay of relays) relay.nudge();
      for (const worker of workers) worker.nudge();
    },
    logger,
  );
  for (const relay of relays) relay.start();
  for (const worker of workers) worker.start();
  shutdown.finish('redecisions', () => Promise.all(workers.map((worker) => worker.stop())));
  // Decisions of messages in hand are still published: the relays stop once the transports have.
  shutdown.close('relays', () => Promise.all([stopListening(), ...relays.map((relay) => relay.stop())]));
  return workers;
};

/** Subjects in a pool that a tenant left. */
const startPurge = (orm: MikroORM, connection: NatsConnection, logger: Logger, shutdown: Shutdown): SubjectPurge => {
  const purge = new SubjectPurge({
    connection,
    stream: STREAMS.access,
    table: { table: accessTable.table, subjectKind: 'access' },
    transaction: (work) => inTransaction(orm, (sql) => work(sql)),
    logger,
  });
  purge.start();
  shutdown.finish('purge', () => purge.stop());
  return purge;
};

/** Those in hand say that they were stopped, before the database is closed. */
const startWhatIfs = (
  orm: MikroORM,
  clock: Clock,
  logger: Logger,
  realm: ApplyRealm,
  policies: PolicyCache,
  shutdown: Shutdown,
): WhatIfs => {
  const whatIfs = new WhatIfs(orm, clock, logger, realm, policies);
  shutdown.finish('what-ifs', () => whatIfs.stop());
  return whatIfs;
};

export interface AppOptions {
  /** In place of the clock that the config names; for tests. */
  readonly clock?: Clock;
  readonly logger?: Logger;
}

@Module({})
export class AppModule {
  static with(config: PolicyConfig, options: AppOptions = {}): DynamicModule {
    return {
      module: AppModule,
      imports: [ServiceModule.forRoot({ name: SERVICES.policy, config, ...options })],
      controllers: [EmployeesConsumer, QuestionsController, PolicyQuestionsController, AccessQuestionsController],
      providers: [
        { provide: MikroORM, inject: [PolicyConfig, Shutdown], useFactory: openDatabase },
        { provide: NATS, inject: [PolicyConfig, Shutdown], useFactory: connect },
        { provide: FreshBodies, useFactory: () => new FreshBodies() },
        { provide: RELAYS, inject: [MikroORM, NATS, LOGGER, Metrics, FreshBodies], useFactory: makeRelays },
        {
          provide: WORK,
          inject: [PolicyConfig, RELAYS, RedecidePeople, DecideGathered, LOGGER, Shutdown],
          useFactory: startWork,
        },
        {
          provide: GAUGES,
          inject: [MikroORM, Metrics],
          useFactory: (orm: MikroORM, metrics: Metrics) => rowGauges(metrics, orm, policyGauges),
        },
        {
          provide: HEALTH_INDICATORS,
          inject: [MikroORM, NATS, RELAYS],
          useFactory: (orm: MikroORM, nats: NatsConnection, relays: readonly Relay[]) => [
            databaseHealth(orm),
            natsHealthIndicator(nats),
            ...relays.map((relay) => relay.health()),
          ],
        },
        { provide: SubjectPurge, inject: [MikroORM, NATS, LOGGER, Shutdown], useFactory: startPurge },
        PolicyCache,
        ApplyRealm,
        AskPolicy,
        DecideEmployees,
        RedecidePeople,
        {
          provide: DecideGathered,
          inject: [MikroORM, CLOCK, PolicyCache, FreshBodies, PolicyConfig],
          useFactory: (orm: MikroORM, clock: Clock, policies: PolicyCache, fresh: FreshBodies, config: PolicyConfig) =>
            new DecideGathered(orm, { clock, policies, fresh, waitMs: config.gatherWaitMs }),
        },
        RealmVersions,
        ExplainAccess,
        FindPeople,
        EndAccess,
        {
          provide: WhatIfs,
          inject: [MikroORM, CLOCK, LOGGER, ApplyRealm, PolicyCache, Shutdown],
          useFactory: startWhatIfs,
        },
      ],
    };
  }
}
