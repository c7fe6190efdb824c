import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { EmployeeChangedV1, parseContract, STREAMS } from '@portico/contracts';
import { eventually, testServers, type TestServers } from '@portico/testing';
import { connectNats, describeTopology, migrateTopology, Relay, stateRelaySource } from '../src/index.js';
import { EVENT_TABLES } from './events.js';
import { makeTables, messagesOf, openSql, range, silent, writeEmployees, type TestSql } from './support.js';

let servers: TestServers;
let connection: NatsConnection;
let db: TestSql;
let relays: Relay[];

beforeAll(async () => {
  servers = await testServers();
  connection = await connectNats({ url: servers.nats.url, name: 'test' });
  db = openSql(servers.postgres.url);
  await migrateTopology(connection, describeTopology({ pools: ['shared'] }));
  await makeTables(db);
  const state = () =>
    stateRelaySource(db.sql, {
      table: 'employee',
      keyColumn: 'employee_id',
      subjectKind: 'employee',
      sourceName: 'test',
    });
  const options = { connection, logger: silent, pollMs: 10, batchSize: 20 };
  const { outbox, event_batch } = EVENT_TABLES;
  // Two of each without a lease: the harder case.
  relays = [1, 2].flatMap(() => [
    new Relay({ ...options, stream: STREAMS.employees, source: state() }),
    new Relay({ ...options, stream: STREAMS.learners, source: outbox.source(db.sql) }),
    new Relay({ ...options, stream: STREAMS.learners, source: event_batch.source(db.sql) }),
  ]);
  for (const relay of relays) relay.start();
});

afterAll(async () => {
  await Promise.all(relays.map((relay) => relay.stop()));
  await connection.close();
  await db.close();
  await servers.close();
});

const storedMessages = async (): Promise<number> =>
  (await (await jetstreamManager(connection)).streams.info(STREAMS.learners)).state.messages;

const waiting = async (): Promise<number> => {
  const [row] = await db.sql<{ count: number }>(
    `select ((select count(*) from employee where revision > published_revision) +
             (select count(*) from outbox) + (select coalesce(sum(events), 0) from event_batch))::int as count`,
  );
  return row?.count ?? 0;
};

it('NATS killed again and again: nothing lost, nothing doubled, nothing older', async () => {
  let revision = 0;
  let event = 0;
  for (const kill of range(4)) {
    const stored = await storedMessages();
    for (const _ of range(10)) {
      revision += 1;
      await writeEmployees(
        db,
        range(30).map((id) => ({ id, revision })),
      );
      await EVENT_TABLES.outbox.write(db, range(20, event + 1));
      await EVENT_TABLES.event_batch.write(db, range(20, event + 21));
      event += 40;
    }
    await eventually(`some to be published before kill ${kill}`, async () => (await storedMessages()) > stored);
    await servers.nats.kill();
    revision += 1;
    await writeEmployees(
      db,
      range(30).map((id) => ({ id, revision })),
    );
    await servers.nats.restart();
    await eventually('the connection to come back', () => connection.flush().then(() => true));
  }
  await eventually('all to be published', async () => (await waiting()) === 0, { timeoutMs: 30_000 });

  const employees = (await messagesOf(connection, STREAMS.employees)).map((message) =>
    parseContract(EmployeeChangedV1, message.json()),
  );
  expect(employees).toHaveLength(30);
  expect(new Set(employees.map((employee) => employee.revision))).toEqual(new Set([revision]));

  const events = (await messagesOf(connection, STREAMS.learners)).map((message) => message.json<{ id: string }>().id);
  expect(events).toHaveLength(event);
  expect(new Set(events).size).toBe(event);
});
