import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { EmployeeChangedV1, parseContract, STREAMS } from '@portico/contracts';
import { testDatabase, testNats } from '@portico/testing';
import {
  connectNats,
  describeTopology,
  migrateTopology,
  Relay,
  stateRelaySource,
  type RelayOptions,
} from '../src/index.js';
import { NatsProxy } from './nats-proxy.js';
import { EVENT_TABLES } from './events.js';
import { makeTables, messagesOf, openSql, silent } from './support.js';

/** NATS with our streams, and a database with a table of state rows, one of event rows and one of batches of events. */
export const openRelayBench = async () => {
  const [nats, database] = await Promise.all([testNats(), testDatabase()]);
  const connection = await connectNats({ url: nats.url, name: 'test' });
  const db = openSql(database.url);
  await migrateTopology(connection, describeTopology({ pools: ['shared', 'other'] }));
  await makeTables(db);
  /** Run when the test ends, the last one first. */
  const cleanup: (() => Promise<unknown>)[] = [];

  const employeeSource = () =>
    stateRelaySource(db.sql, {
      table: 'employee',
      keyColumn: 'employee_id',
      subjectKind: 'employee',
      sourceName: 'bamboohr-ingestion',
    });

  const relayOf = (options: Omit<RelayOptions, 'connection' | 'logger'> & Partial<RelayOptions>): Relay => {
    const relay = new Relay({ connection, logger: silent, ...options });
    cleanup.push(() => relay.stop());
    return relay;
  };

  const throughProxy = async (): Promise<{ proxy: NatsProxy; proxied: NatsConnection }> => {
    const proxy = await NatsProxy.start(nats.url);
    const proxied = await connectNats({ url: proxy.url, name: 'proxied' });
    cleanup.push(async () => {
      await proxied.close();
      await proxy.close();
    });
    return { proxy, proxied };
  };

  /** By employee id, the revision of the subject's last message. */
  const lastRevisions = async (): Promise<Record<string, number>> => {
    const found = (await messagesOf(connection, STREAMS.employees)).map((message) => {
      const body = parseContract(EmployeeChangedV1, message.json());
      return [body.employeeId, body.revision] as const;
    });
    return Object.fromEntries(found);
  };

  const unpublished = async (): Promise<number> => {
    const [row] = await db.sql<{ count: number }>(
      'select count(*)::int as count from employee where revision > published_revision',
    );
    return row?.count ?? 0;
  };

  return {
    database,
    connection,
    db,
    cleanup,
    employeeSource,
    employeeRelay: (options: Partial<RelayOptions> = {}) =>
      relayOf({ source: employeeSource(), stream: STREAMS.employees, ...options }),
    eventRelay: (table: keyof typeof EVENT_TABLES, options: Partial<RelayOptions> = {}) =>
      relayOf({ source: EVENT_TABLES[table].source(db.sql), stream: STREAMS.learners, ...options }),
    /** Ids of the events in the stream, in order. */
    eventIds: async () =>
      (await messagesOf(connection, STREAMS.learners)).map((message) => message.json<{ id: string }>().id),
    throughProxy,
    lastRevisions,
    unpublished,
    streamState: async (stream: string) => (await (await jetstreamManager(connection)).streams.info(stream)).state,
    close: async () => {
      for (const step of cleanup.splice(0).reverse()) await step();
      await connection.close();
      await db.close();
      await Promise.all([nats.close(), database.close()]);
    },
  };
};

export type RelayBench = Awaited<ReturnType<typeof openRelayBench>>;
