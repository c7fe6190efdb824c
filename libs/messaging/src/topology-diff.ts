import type { ConsumerConfig, StreamConfig } from '@nats-io/jetstream';
import type { Topology } from './topology.js';

export interface FieldChange {
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
}

/**
 * - `create`, `update`: done in place, nothing is lost
 * - `shrink`: done in place, and the server drops messages that no longer fit
 * - `impossible`: NATS can't change it in place; `remedy` says what a person can do
 * - `leftover`: a consumer that the description doesn't have; it is left alone
 */
export type ChangeKind = 'create' | 'update' | 'shrink' | 'impossible' | 'leftover';

export interface TopologyChange {
  readonly kind: ChangeKind;
  readonly target: 'stream' | 'consumer';
  /** `STREAM`, or `STREAM/durable`. */
  readonly name: string;
  readonly fields: readonly FieldChange[];
  readonly remedy?: string;
}

/** What the server has now. */
export interface FoundTopology {
  readonly streams: Readonly<Record<string, Partial<StreamConfig>>>;
  /** By `STREAM/durable`. */
  readonly consumers: Readonly<Record<string, Partial<ConsumerConfig>>>;
}

/** Found by trying: nats-server answers an update of these with an error. */
const FIXED_STREAM_FIELDS = new Set(['storage', 'retention']);
const FIXED_CONSUMER_FIELDS = new Set(['deliver_policy', 'ack_policy', 'replay_policy', 'max_waiting']);
/** Less of these means that stored messages go. 0 and below mean unlimited. */
const SHRINKING_FIELDS = new Set(['max_age', 'max_msgs_per_subject', 'max_msgs', 'max_bytes']);

type Config = Readonly<Record<string, unknown>>;

/** The server leaves out what is at its default, which is also what absence means in a description. */
const same = (one: unknown, other: unknown): boolean =>
  JSON.stringify(one ?? null) === JSON.stringify(other ?? null) || (!one && !other);

/** Only what is described is compared: the server adds defaults and metadata of its own. */
const compare = (found: Config, wanted: Config): FieldChange[] =>
  Object.entries(wanted)
    .filter(([field, to]) => !same(found[field], to))
    .map(([field, to]) => ({ field, from: found[field], to }));

const limit = (value: unknown): number => (typeof value === 'number' && value > 0 ? value : Number.POSITIVE_INFINITY);
const isShrinking = ({ field, from, to }: FieldChange): boolean =>
  SHRINKING_FIELDS.has(field) && limit(to) < limit(from);

const streamRemedy = (name: string, fields: string): string =>
  `NATS can't change ${fields} of a stream. Stop the services, back ${name} up (nats stream backup), delete it, run the ` +
  `migration again, and have its publisher republish every tenant`;
const consumerRemedy = (name: string, fields: string): string =>
  `NATS can't change ${fields} of a consumer. Stop the workers of ${name}, delete it (nats consumer rm ${name.replace('/', ' ')}) ` +
  `and run the migration again: it reads its stream from the start, which costs time only`;

interface Compared {
  readonly target: TopologyChange['target'];
  readonly name: string;
  readonly found: Config | undefined;
  readonly wanted: Config;
}

const classify = ({ target, name, found, wanted }: Compared): TopologyChange[] => {
  if (found === undefined) return [{ kind: 'create', target, name, fields: [] }];
  const fields = compare(found, wanted);
  if (fields.length === 0) return [];
  const fixed = target === 'stream' ? FIXED_STREAM_FIELDS : FIXED_CONSUMER_FIELDS;
  const impossible = fields.filter(({ field }) => fixed.has(field));
  if (impossible.length > 0) {
    const names = impossible.map(({ field }) => field).join(', ');
    const remedy = target === 'stream' ? streamRemedy(name, names) : consumerRemedy(name, names);
    return [{ kind: 'impossible', target, name, fields, remedy }];
  }
  return [{ kind: fields.some(isShrinking) ? 'shrink' : 'update', target, name, fields }];
};

const consumerName = (stream: string, durable: string): string => `${stream}/${durable}`;

const leftovers = (found: FoundTopology, wanted: ReadonlySet<string>): TopologyChange[] =>
  Object.keys(found.consumers)
    .filter((name) => !wanted.has(name))
    .map((name) => ({
      kind: 'leftover',
      target: 'consumer',
      name,
      fields: [],
      remedy: `${name} is in NATS and not in the description; when nobody needs it: nats consumer rm ${name.replace('/', ' ')}`,
    }));

/** What has to change, streams first. Empty when the server is as described. */
export const diffTopology = (found: FoundTopology, wanted: Topology): readonly TopologyChange[] => {
  const consumers = wanted.consumers.map(({ stream, durable, config }) => ({
    name: consumerName(stream, durable),
    config,
  }));
  return [
    ...wanted.streams.flatMap(({ name, config }) =>
      classify({ target: 'stream', name, found: found.streams[name], wanted: config as Config }),
    ),
    ...consumers.flatMap(({ name, config }) =>
      classify({ target: 'consumer', name, found: found.consumers[name] as Config, wanted: config as Config }),
    ),
    ...leftovers(found, new Set(consumers.map(({ name }) => name))),
  ];
};

/** One line for a person. */
export const describeChange = ({ kind, target, name, fields, remedy }: TopologyChange): string => {
  const what = fields.map(({ field, from, to }) => `${field} ${JSON.stringify(from)} → ${JSON.stringify(to)}`);
  return [`${kind} ${target} ${name}`, what.join(', '), remedy].filter(Boolean).join(': ');
};
