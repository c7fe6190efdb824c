import { jetstreamManager, type ConsumerConfig, type StreamConfig } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { durables, STREAMS } from '@portico/contracts';
import { testNats, type TestNats } from '@portico/testing';
import { connectNats, describeTopology, migrateTopology, TopologyError, type Topology } from '../src/index.js';

let nats: TestNats;
let connection: NatsConnection;

beforeEach(async () => {
  nats = await testNats();
  connection = await connectNats({ url: nats.url, name: 'test' });
});
afterEach(async () => {
  await connection.close();
  await nats.close();
});

const wanted = describeTopology({ pools: ['shared', 'big'] });
const brief = (changes: Awaited<ReturnType<typeof migrateTopology>>) =>
  changes.map(({ kind, name, fields }) => [kind, name, ...fields.map(({ field }) => field)].join(' '));

const withStream = (topology: Topology, stream: string, config: Partial<StreamConfig>): Topology => ({
  ...topology,
  streams: topology.streams.map((each) =>
    each.name === stream ? { ...each, config: { ...each.config, ...config } } : each,
  ),
});
const withConsumers = (topology: Topology, config: Partial<ConsumerConfig>): Topology => ({
  ...topology,
  consumers: topology.consumers.map((each) => ({ ...each, config: { ...each.config, ...config } })),
});

it('makes all of it, and a second time nothing', async () => {
  const made = brief(await migrateTopology(connection, wanted));
  expect(made).toHaveLength(12);
  expect(made[0]).toBe('create PORTICO_REALMS');
  expect(made.at(-1)).toBe('create PORTICO_ACCESS/learnupon-provisioning-big');
  expect(await migrateTopology(connection, wanted)).toEqual([]);
  const { config } = await (await jetstreamManager(connection)).streams.info(STREAMS.employees);
  expect(config).toMatchObject({ max_msgs_per_subject: 1, discard: 'old', storage: 'file', allow_direct: true });
});

it('tells with a dry run what it would do, and does nothing', async () => {
  expect(await migrateTopology(connection, wanted, { dryRun: true })).toHaveLength(12);
  expect(await migrateTopology(connection, wanted, { dryRun: true })).toHaveLength(12);
});

it('changes in place what NATS can change', async () => {
  await migrateTopology(connection, wanted);
  const next = describeTopology({
    pools: ['shared', 'big'],
    retention: { learnersDays: 60, operationsDays: 10 },
    ackWaitMs: 9_000,
    maxAckPending: 123,
  });
  expect(brief(await migrateTopology(connection, next))).toEqual([
    'update PORTICO_LEARNERS max_age',
    'shrink PORTICO_OPERATIONS max_age',
    ...next.consumers.map(({ stream, durable }) => `update ${stream}/${durable} ack_wait max_ack_pending`),
  ]);
  expect(await migrateTopology(connection, next)).toEqual([]);
});

it('adds a pool, and leaves the consumer of a pool that is gone alone', async () => {
  await migrateTopology(connection, wanted);
  expect(brief(await migrateTopology(connection, describeTopology({ pools: ['shared', 'new'] })))).toEqual([
    'create PORTICO_EMPLOYEES/realm-policy-new',
    'create PORTICO_ACCESS/learnupon-provisioning-new',
    'leftover PORTICO_EMPLOYEES/realm-policy-big',
    'leftover PORTICO_ACCESS/learnupon-provisioning-big',
  ]);
});

const fixedStream: [string, Partial<StreamConfig>][] = [
  ['storage', { storage: 'memory' }],
  ['retention', { retention: 'workqueue' }],
];
it.each(fixedStream)('refuses to change %s of a stream, as NATS does', async (field, config) => {
  await migrateTopology(connection, wanted);
  const next = withStream(wanted, STREAMS.access, { ...config, max_age: 5e9 });
  const error = await migrateTopology(connection, next).catch((failure: unknown) => failure);
  expect(error).toBeInstanceOf(TopologyError);
  expect((error as Error).message).toMatch(
    new RegExp(`PORTICO_ACCESS: .*NATS can't change ${field} of a stream. .*delete it`),
  );
  // Nothing was applied.
  expect(brief(await migrateTopology(connection, wanted))).toEqual([]);
  // And the server would not have it either.
  const jsm = await jetstreamManager(connection);
  await expect(jsm.streams.update(STREAMS.access, config)).rejects.toThrow();
});

it('reports what only this server refuses, with what to do', async () => {
  await migrateTopology(connection, wanted);
  const next = withStream(wanted, STREAMS.access, { num_replicas: 3 });
  await expect(migrateTopology(connection, next)).rejects.toThrow(
    /^impossible stream PORTICO_ACCESS: num_replicas 1 → 3: NATS refuses: .*; mend this and run the migration again$/,
  );
});

const fixedConsumer: [string, Partial<ConsumerConfig>][] = [
  ['deliver_policy', { deliver_policy: 'new' }],
  ['ack_policy', { ack_policy: 'all' }],
  ['replay_policy', { replay_policy: 'original' }],
  ['max_waiting', { max_waiting: 7 }],
];
it.each(fixedConsumer)('refuses to change %s of a consumer, as NATS does', async (field, config) => {
  await migrateTopology(connection, wanted);
  await expect(migrateTopology(connection, withConsumers(wanted, config))).rejects.toThrow(
    new RegExp(`PORTICO_REALMS/bamboohr-ingestion: .*NATS can't change ${field} of a consumer. .*nats consumer rm`),
  );
  const jsm = await jetstreamManager(connection);
  const durable = durables.ingestionRealms;
  const { config: current } = await jsm.consumers.info(STREAMS.realms, durable);
  const attempt = jsm.consumers.update(STREAMS.realms, durable, config as never).then(
    async () => (await jsm.consumers.info(STREAMS.realms, durable)).config,
    () => current,
  );
  expect((await attempt)[field as keyof ConsumerConfig]).toEqual(current[field as keyof ConsumerConfig]);
});
