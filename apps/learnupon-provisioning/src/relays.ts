import type { MikroORM } from '@mikro-orm/postgresql';
import type { NatsConnection } from '@nats-io/transport-node';
import { SERVICES, STREAMS } from '@portico/contracts';
import { eventRelaySource, postgresRelayLease, Relay } from '@portico/messaging';
import type { Logger, Metrics } from '@portico/service-kit';
import { OUTBOXES } from './persistence/outbox.js';
import { sqlOf } from '@portico/database';

/** Learner events to PORTICO_LEARNERS, operation events to PORTICO_OPERATIONS. */
export const createRelays = (orm: MikroORM, connection: NatsConnection, logger: Logger, metrics: Metrics): Relay[] => {
  const sql = sqlOf(orm.em.fork());
  return (['learners', 'operations'] as const).map(
    (kind) =>
      new Relay({
        connection,
        logger,
        metrics,
        source: eventRelaySource(sql, { table: OUTBOXES[kind], sourceName: SERVICES.provisioning }),
        stream: STREAMS[kind],
        lease: postgresRelayLease(sql, kind),
      }),
  );
};
