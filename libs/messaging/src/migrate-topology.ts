import {
  JetStreamApiCodes,
  JetStreamApiError,
  jetstreamManager,
  type ConsumerConfig,
  type JetStreamManager,
  type StreamConfig,
} from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { describeChange, diffTopology, type FoundTopology, type TopologyChange } from './topology-diff.js';
import type { Topology } from './topology.js';

/** NATS can't be made as described; every change that is in the way is named with its remedy. */
export class TopologyError extends Error {
  override readonly name = 'TopologyError';
  constructor(readonly changes: readonly TopologyChange[]) {
    super(changes.map(describeChange).join('\n'));
  }
}

const findStream = async (jsm: JetStreamManager, name: string): Promise<StreamConfig | undefined> => {
  try {
    return (await jsm.streams.info(name)).config;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound) return undefined;
    throw error;
  }
};

const findConsumers = async (jsm: JetStreamManager, stream: string): Promise<[string, ConsumerConfig][]> => {
  const found: [string, ConsumerConfig][] = [];
  for await (const { name, config } of jsm.consumers.list(stream)) {
    if (config.durable_name) found.push([`${stream}/${name}`, config]);
  }
  return found;
};

const find = async (jsm: JetStreamManager, topology: Topology): Promise<FoundTopology> => {
  const streams: Record<string, StreamConfig> = {};
  const consumers: Record<string, ConsumerConfig> = {};
  for (const { name } of topology.streams) {
    const config = await findStream(jsm, name);
    if (!config) continue;
    streams[name] = config;
    Object.assign(consumers, Object.fromEntries(await findConsumers(jsm, name)));
  }
  return { streams, consumers };
};

const applyStream = async (jsm: JetStreamManager, topology: Topology, { kind, name }: TopologyChange) => {
  const stream = topology.streams.find((each) => each.name === name);
  if (!stream) return;
  if (kind === 'create') await jsm.streams.add({ ...stream.config, name });
  else await jsm.streams.update(name, stream.config);
};

const applyConsumer = async (jsm: JetStreamManager, topology: Topology, { kind, name }: TopologyChange) => {
  const consumer = topology.consumers.find(({ stream, durable }) => `${stream}/${durable}` === name);
  if (!consumer) return;
  const { stream, durable, config } = consumer;
  if (kind === 'create') await jsm.consumers.add(stream, config);
  else await jsm.consumers.update(stream, durable, config);
};

/** What this server's version refuses although others don't. */
const apply = async (jsm: JetStreamManager, topology: Topology, change: TopologyChange): Promise<void> => {
  try {
    await (change.target === 'stream' ? applyStream : applyConsumer)(jsm, topology, change);
  } catch (error) {
    if (!(error instanceof JetStreamApiError)) throw error;
    const remedy = `NATS refuses: ${error.message}. What came before it is done; mend this and run the migration again`;
    throw new TopologyError([{ ...change, kind: 'impossible', remedy }]);
  }
};

const isApplicable = ({ kind }: TopologyChange) => kind === 'create' || kind === 'update' || kind === 'shrink';

/**
 * Makes NATS as described, and answers what was changed, or with `dryRun` what would be. A second run changes nothing.
 * @throws TopologyError before anything is touched, when something is known not to be changeable in place (not with
 * `dryRun`); in the middle, when the server refuses what others accept.
 */
export const migrateTopology = async (
  connection: NatsConnection,
  topology: Topology,
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): Promise<readonly TopologyChange[]> => {
  const jsm = await jetstreamManager(connection, { checkAPI: false });
  const changes = diffTopology(await find(jsm, topology), topology);
  if (dryRun) return changes;
  const impossible = changes.filter(({ kind }) => kind === 'impossible');
  if (impossible.length > 0) throw new TopologyError(impossible);
  for (const change of changes.filter(isApplicable)) {
    await apply(jsm, topology, change);
  }
  return changes;
};
