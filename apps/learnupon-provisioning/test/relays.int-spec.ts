import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { EVENT_TYPES, fromHeaders, STREAMS, subjects } from '@portico/contracts';
import { inTransaction, serviceDatabase, sqlOf } from '@portico/database';
import { connectNats, describeTopology, migrateTopology, type Relay, type Sql } from '@portico/messaging';
import { createLogger, Metrics } from '@portico/service-kit';
import { eventually, testDatabase, testNats } from '@portico/testing';
import type { MikroORM } from '@mikro-orm/postgresql';
import { ENTITIES } from '../src/persistence/entities.js';
import { MIGRATIONS } from '../src/persistence/migrations/index.js';
import { migrate } from '../src/persistence/orm.js';
import { leaveLearnerEvents, type LearnerEventRow } from '../src/persistence/outbox.js';
import { createRelays } from '../src/relays.js';
import { reportStatus } from '../src/report-status.js';
import { learnerEventOf, TENANT } from './fixtures.js';

let orm: MikroORM;
let sql: Sql;
let connection: NatsConnection;
let learners: Relay;
let migrated: string[];
let closing: (() => Promise<unknown>)[];

/** With rows that the version before 0008 had left when the database was migrated. */
beforeEach(async () => {
  const [nats, database] = await Promise.all([testNats(), testDatabase()]);
  const before = serviceDatabase({ service: 'before', entities: ENTITIES, migrations: MIGRATIONS.slice(0, 7) });
  await before.migrate(database.url);
  orm = before.createOrm(database.url, 4);
  sql = sqlOf(orm.em.fork());
  await leaveBefore([learnerEventOf('old 1'), learnerEventOf('old 2')]);
  migrated = await migrate(database.url);
  connection = await connectNats({ url: nats.url, name: 'test' });
  await migrateTopology(connection, describeTopology({ pools: ['shared'] }));
  const relays = createRelays(orm, connection, createLogger({ name: 'test', level: 'silent' }), new Metrics('spec'));
  [learners] = relays as [Relay, Relay];
  closing = [
    () => Promise.all(relays.map((relay) => relay.stop())),
    () => connection.close(),
    () => orm.close(true),
    () => nats.close(),
    () => database.close(),
  ];
});
afterEach(async () => {
  for (const close of closing) await close();
});

/** As that version does it. */
const leaveBefore = (rows: readonly LearnerEventRow[]) =>
  sql(
    `insert into learner_outbox (tenant, id, subject, type, time, event, traceparent)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::json[], $7::text[])
     on conflict (id) do nothing`,
    [
      rows.map(({ event }) => event.tenant),
      rows.map(({ id }) => id),
      rows.map(({ event }) => subjects.learner(event.tenant, event.portal, event.event)),
      rows.map(({ event }) => EVENT_TYPES.learner(event.event)),
      rows.map(({ event }) => event.at),
      rows.map(({ event }) => JSON.stringify(event)),
      rows.map(({ traceparent }) => traceparent),
    ],
  );

const leave = (rows: readonly LearnerEventRow[]) => inTransaction(orm, (own) => leaveLearnerEvents(own, rows));

const messages = async () => {
  const jsm = await jetstreamManager(connection);
  const { state } = await jsm.streams.info(STREAMS.learners);
  return Promise.all(
    Array.from({ length: state.last_seq }, (_, index) => jsm.streams.getMessage(STREAMS.learners, { seq: index + 1 })),
  );
};
const ids = async () => (await messages()).map((message) => message?.header.get('ce-id'));
const unpublished = async () => (await reportStatus(orm, TENANT)).unpublished;

test('what the version before this one left is published first, also what it leaves while it is replaced', async () => {
  expect(migrated).toEqual([
    '0008-events-in-batches',
    '0009-what-cells-wait-for',
    '0010-hints-between-lanes',
    '0011-holds',
  ]);
  await leave([learnerEventOf('new 1'), learnerEventOf('new 2')]);
  await leaveBefore([learnerEventOf('old 3')]);
  expect(await unpublished()).toBe(5);
  expect(await learners.drainOnce()).toBe(5);
  expect(await ids()).toEqual(['old 1', 'old 2', 'old 3', 'new 1', 'new 2']);
  expect(await unpublished()).toBe(0);
  await leaveBefore([learnerEventOf('old 4')]);
  expect(await learners.drainOnce()).toBe(1);
  expect(await sql('select 1 from learner_outbox')).toEqual([]);
});

test('more than a round takes keeps its order too', async () => {
  const many = (name: string) => Array.from({ length: 700 }, (_, index) => learnerEventOf(`${name} ${index}`));
  await leave(many('new'));
  await leaveBefore(many('older'));
  expect(await learners.drainOnce()).toBe(1_402);
  const expected = [...['old 1', 'old 2'], ...many('older').map(({ id }) => id), ...many('new').map(({ id }) => id)];
  expect(await ids()).toEqual(expected);
});

test('what can not be published of it holds back nothing else', async () => {
  await sql(`update learner_outbox set subject = 'portico.nowhere' where id = 'old 1'`);
  await leave([learnerEventOf('new 1')]);
  await expect(learners.drainOnce()).rejects.toThrow(/no responders/i);
  expect(await ids()).toEqual(['old 2', 'new 1']);
  expect(await unpublished()).toBe(1);
});

test('what can not be published of it holds back nothing, however much it is', async () => {
  await leaveBefore(Array.from({ length: 600 }, (_, index) => learnerEventOf(`old ${index + 3}`)));
  await sql(`update learner_outbox set subject = 'portico.nowhere'`);
  await leave([learnerEventOf('new 1')]);
  await expect(learners.drainOnce()).rejects.toThrow(/no responders/i);
  await expect(learners.drainOnce()).rejects.toThrow(/no responders/i);
  expect(await ids()).toEqual(['new 1']);
});

test('a pod of the version before, which relays, keeps no event of this one waiting', async () => {
  await sql(`insert into relay_lease values ('learners', 'an old pod', clock_timestamp() + interval '1 hour')`);
  await leave([learnerEventOf('new 1')]);
  learners.start();
  await eventually('all to be published', async () => (await unpublished()) === 0);
});

test('an event is the same message as before', async () => {
  const row = {
    ...learnerEventOf('old 3', { at: '2026-03-02T10:00:00.123456Z', accountId: '991', reason: 'in-doubt' }),
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  };
  await leaveBefore([row]);
  await leave([{ ...row, id: 'new 3' }, learnerEventOf('new 1')]);
  await learners.drainOnce();
  const [before1, , before3, after3, after1] = await messages();
  for (const [before, after] of [
    [before1, after1],
    [before3, after3],
  ]) {
    expect(after?.subject).toBe(before?.subject);
    expect(Buffer.from(after?.data ?? [])).toEqual(Buffer.from(before?.data ?? []));
    const [was, is] = [before, after].map((message) => fromHeaders((name) => message?.header.get(name)));
    expect({ ...is, id: was?.id }).toEqual(was);
  }
});

test('events of one transaction lie in one row, up to 500', async () => {
  await leave(Array.from({ length: 1_001 }, (_, index) => learnerEventOf(String(index))));
  await leave([learnerEventOf('of another', { tenant: 'globex' }), learnerEventOf('one')]);
  expect(await sql('select tenant, events from learner_event_batch order by position')).toEqual([
    ...[500, 500, 1].map((events) => ({ tenant: TENANT, events })),
    { tenant: 'globex', events: 1 },
    { tenant: TENANT, events: 1 },
  ]);
  expect(await unpublished()).toBe(2 + 1_002);
});
