import type { MikroORM } from '@mikro-orm/postgresql';
import type { NatsConnection } from '@nats-io/transport-node';
import { SERVICES, STREAMS } from '@portico/contracts';
import { eventBatchRelaySource, eventRelaySource, postgresRelayLease, Relay, type Sql } from '@portico/messaging';
import type { Logger, Metrics } from '@portico/service-kit';
import { LEARNERS_BEFORE, OUTBOXES } from './persistence/outbox.js';
import { prepared, sqlOf } from '@portico/database';
import { withRowsBefore } from './with-rows-before.js';

/** To plan what a relay asks takes PostgreSQL longer than to answer it. */
const planningOnce =
  (sql: Sql): Sql =>
  (text, parameters) =>
    sql(prepared(text), parameters);

/** Learner events to PORTICO_LEARNERS, operation events to PORTICO_OPERATIONS. */
export const createRelays = (orm: MikroORM, connection: NatsConnection, logger: Logger, metrics: Metrics): Relay[] => {
  const sql = planningOnce(sqlOf(orm.em.fork()));
  const shared = { connection, logger, metrics };
  const sourceName = SERVICES.provisioning;
  return [
    new Relay({
      ...shared,
      source: withRowsBefore(
        eventRelaySource(sql, { table: LEARNERS_BEFORE, sourceName }),
        eventBatchRelaySource(sql, { table: OUTBOXES.learners, sourceName }),
      ),
      stream: STREAMS.learners,
      // Not the lease of the version before this one: whoever holds that knows of no batches.
      lease: postgresRelayLease(sql, OUTBOXES.learners),
    }),
    new Relay({
      ...shared,
      source: eventRelaySource(sql, { table: OUTBOXES.operations, sourceName }),
      stream: STREAMS.operations,
      lease: postgresRelayLease(sql, 'operations'),
    }),
  ];
};
