import type { MikroORM } from '@mikro-orm/postgresql';
import type { NatsConnection } from '@nats-io/transport-node';
import { durables, SERVICES, STREAMS } from '@portico/contracts';
import {
  eventRelaySource,
  postgresRelayLease,
  Relay,
  stateRelaySource,
  SubjectPurge,
  type FreshBodies,
  type StateTable,
} from '@portico/messaging';
import type { Logger, Metrics } from '@portico/service-kit';
import { inTransaction, sqlOf } from '@portico/database';

const EMPLOYEES = {
  table: 'employee',
  keyColumn: 'employee_id',
  subjectKind: 'employee',
  sourceName: SERVICES.ingestion,
} as const satisfies StateTable;

/** Employees to PORTICO_EMPLOYEES as far as realm-policy keeps up, and operation events to PORTICO_OPERATIONS. */
export const createRelays = (
  orm: MikroORM,
  connection: NatsConnection,
  logger: Logger,
  metrics: Metrics,
  fresh: FreshBodies,
): Relay[] => {
  const sql = sqlOf(orm.em.fork());
  const sourceName = SERVICES.ingestion;
  const shared = { connection, logger, metrics };
  return [
    new Relay({
      ...shared,
      source: stateRelaySource(sql, EMPLOYEES, fresh),
      stream: STREAMS.employees,
      watchConsumers: (pool) => (pool === undefined ? [] : [durables.policyEmployees(pool)]),
      lease: postgresRelayLease(sql, 'employees'),
    }),
    new Relay({
      ...shared,
      source: eventRelaySource(sql, { table: 'outbox', sourceName }),
      stream: STREAMS.operations,
      lease: postgresRelayLease(sql, 'operations'),
    }),
  ];
};

/** Subjects in a pool that a tenant left. */
export const createPurge = (orm: MikroORM, connection: NatsConnection, logger: Logger): SubjectPurge =>
  new SubjectPurge({
    connection,
    stream: STREAMS.employees,
    table: EMPLOYEES,
    transaction: (work) => inTransaction(orm, (sql) => work(sql)),
    logger,
  });
