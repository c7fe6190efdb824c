import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { SERVICES, STREAMS, subjects } from '@portico/contracts';
import { connectNats } from '@portico/messaging';
import type { LocalPortico } from '@portico/pipeline-e2e';

const POOL = 'shared';

/** When the newest word of a person came into its stream, in milliseconds since 1970, of which thousandths count. */
export interface PersonTrail {
  readonly employeeAt: number;
  readonly accessAt: number;
}

export interface ChangeTrail {
  of(tenant: string, employeeId: string): Promise<PersonTrail>;
  close(): Promise<void>;
}

/** `Date` has milliseconds; JetStream's time has more. */
const momentOf = (timestamp: string): number => Number(Temporal.Instant.from(timestamp).epochNanoseconds) / 1e6;

/** Asks the streams afterwards: nothing of Portico's is in the way of what is timed. */
export const openChangeTrail = async ({ natsEnv }: LocalPortico): Promise<ChangeTrail> => {
  const connections: NatsConnection[] = [];
  /** Each publisher may read its own stream alone. */
  const managerOf = async (service: string): Promise<JetStreamManager> => {
    const { NATS_URL: url, NATS_USER: user, NATS_PASSWORD: password } = natsEnv(service);
    const connection = await connectNats({ url, user, password, name: 'bench' });
    connections.push(connection);
    return jetstreamManager(connection, { checkAPI: false });
  };
  const [ingestion, policy] = [await managerOf(SERVICES.ingestion), await managerOf(SERVICES.policy)];
  const lastAt = async (manager: JetStreamManager, stream: string, subject: string): Promise<number> =>
    momentOf((await manager.direct.getMessage(stream, { last_by_subj: subject }))?.timestamp ?? '');
  return {
    of: async (tenant, id) => ({
      employeeAt: await lastAt(ingestion, STREAMS.employees, subjects.employee(POOL, tenant, id)),
      accessAt: await lastAt(policy, STREAMS.access, subjects.access(POOL, tenant, id)),
    }),
    close: async () => void (await Promise.all(connections.map((connection) => connection.close()))),
  };
};
