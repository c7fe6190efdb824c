import type { ConsumerConfig, StreamConfig } from '@nats-io/jetstream';
import { durables, filters, SERVICES, STREAMS, type StreamName } from '@portico/contracts';
import { inboxPrefixOf } from './connection.js';

const DAY_MS = 86_400_000;
const nanos = (ms: number): number => ms * 1_000_000;

export interface StreamDescription {
  readonly name: StreamName;
  readonly config: Readonly<Partial<StreamConfig>>;
}

export interface ConsumerDescription {
  readonly stream: StreamName;
  readonly durable: string;
  readonly config: Readonly<Partial<ConsumerConfig>>;
}

export interface UserDescription {
  readonly user: string;
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
  /** May reply to what it was asked, wherever the answer goes. */
  readonly answers: boolean;
  /** Of another team's user: what of Portico's account it reaches, and by which subject. It has an account of its own. */
  readonly imports?: readonly SubjectImport[];
}

export interface SubjectImport {
  /** In Portico's account. */
  readonly subject: string;
  /** In the importing account. */
  readonly as: string;
  /** More than one message answers a request. */
  readonly isStream: boolean;
}

/** All that Portico has in NATS. */
export interface Topology {
  readonly streams: readonly StreamDescription[];
  readonly consumers: readonly ConsumerDescription[];
  readonly users: readonly UserDescription[];
}

/** A consumer of another team: one durable with its tenant's events, and the user that may fetch from it. */
export interface OutsideConsumer {
  /** The user's and the durable's name. */
  readonly name: string;
  readonly tenant: string;
  readonly kind: 'learner' | 'operation';
}

export interface TopologyOptions {
  /** All pools that the chart gives capacity to. */
  readonly pools: readonly string[];
  /** 1 unless told; a production cluster wants 3. */
  readonly replicas?: number;
  readonly retention?: {
    readonly learnersDays?: number;
    readonly operationsDays?: number;
    readonly deadDays?: number;
  };
  /** After this silence an unsettled message is delivered again; a worker that still has it in hand says so in time. */
  readonly ackWaitMs?: number;
  /** Messages that all workers of one consumer together may have in hand. */
  readonly maxAckPending?: number;
  readonly outsideConsumers?: readonly OutsideConsumer[];
}

/** `max_deliver` of the server drops a message without a word; the transport counts itself and leaves a dead letter. */
const UNLIMITED = -1;

const streamOf = (
  name: StreamName,
  kind: Parameters<typeof filters.stream>[0],
  replicas: number,
  config: Partial<StreamConfig>,
): StreamDescription => ({
  name,
  config: {
    name,
    subjects: [filters.stream(kind)],
    storage: 'file',
    retention: 'limits',
    discard: 'old',
    allow_direct: true,
    num_replicas: replicas,
    ...config,
  },
});

const latest = { max_msgs_per_subject: 1, duplicate_window: nanos(120_000) };
const keptFor = (days: number) => ({ max_age: nanos(days * DAY_MS), duplicate_window: nanos(600_000) });

const describeStreams = ({ replicas = 1, retention = {} }: TopologyOptions): StreamDescription[] => [
  streamOf(STREAMS.realms, 'realm', replicas, latest),
  streamOf(STREAMS.employees, 'employee', replicas, latest),
  streamOf(STREAMS.access, 'access', replicas, latest),
  streamOf(STREAMS.learners, 'learner', replicas, keptFor(retention.learnersDays ?? 30)),
  streamOf(STREAMS.operations, 'operation', replicas, keptFor(retention.operationsDays ?? 90)),
  streamOf(STREAMS.dead, 'dead', replicas, keptFor(retention.deadDays ?? 30)),
];

interface Binding {
  readonly service: string;
  readonly stream: StreamName;
  readonly durable: string;
  readonly filter: string;
}

const bindingsOf = (pools: readonly string[]): Binding[] => [
  {
    service: SERVICES.ingestion,
    stream: STREAMS.realms,
    durable: durables.ingestionRealms,
    filter: filters.stream('realm'),
  },
  {
    service: SERVICES.provisioning,
    stream: STREAMS.realms,
    durable: durables.provisioningRealms,
    filter: filters.stream('realm'),
  },
  ...pools.map((pool) => ({
    service: SERVICES.policy,
    stream: STREAMS.employees,
    durable: durables.policyEmployees(pool),
    filter: filters.pool('employee', pool),
  })),
  ...pools.map((pool) => ({
    service: SERVICES.provisioning,
    stream: STREAMS.access,
    durable: durables.provisioningAccess(pool),
    filter: filters.pool('access', pool),
  })),
];

const streamOfKind = { learner: STREAMS.learners, operation: STREAMS.operations } as const;

const outsideBinding = ({ name, tenant, kind }: OutsideConsumer): Binding => ({
  service: name,
  stream: streamOfKind[kind],
  durable: name,
  filter: filters.tenant(kind, tenant),
});

const consumerOf = ({ stream, durable, filter }: Binding, options: TopologyOptions): ConsumerDescription => ({
  stream,
  durable,
  config: {
    durable_name: durable,
    filter_subject: filter,
    deliver_policy: 'all',
    replay_policy: 'instant',
    ack_policy: 'explicit',
    ack_wait: nanos(options.ackWaitMs ?? 5_000),
    max_ack_pending: options.maxAckPending ?? 2_000,
    max_deliver: UNLIMITED,
  },
});

/** Two spellings of an acknowledgement's subject: servers may put domain and account before the stream. */
const mayConsume = ({ stream, durable }: Binding): string[] => [
  `$JS.API.CONSUMER.INFO.${stream}.${durable}`,
  `$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`,
  `$JS.ACK.${stream}.${durable}.>`,
  `$JS.ACK.*.*.${stream}.${durable}.>`,
];

/**
 * A relay compares with the last message of a subject, and looks how much its consumers have before them; where there
 * are pools, what a tenant leaves behind in one is purged.
 */
const mayRelay = (stream: StreamName): string[] => [
  `$JS.API.DIRECT.GET.${stream}.>`,
  `$JS.API.CONSUMER.INFO.${stream}.*`,
  ...(stream === STREAMS.realms ? [] : [`$JS.API.STREAM.PURGE.${stream}`]),
];

const published = {
  [SERVICES.ingestion]: { kinds: ['employee', 'operation'], relays: [STREAMS.employees] },
  [SERVICES.policy]: { kinds: ['realm', 'access', 'operation'], relays: [STREAMS.realms, STREAMS.access] },
  [SERVICES.provisioning]: { kinds: ['learner', 'operation'], relays: [] },
} as const;

const inboxOf = (user: string): string => `${inboxPrefixOf(user)}.>`;

const serviceUser = (service: keyof typeof published, bindings: readonly Binding[]): UserDescription => {
  const own = bindings.filter((binding) => binding.service === service);
  return {
    user: service,
    publish: [
      ...published[service].kinds.map((kind) => filters.stream(kind)),
      ...published[service].relays.flatMap(mayRelay),
      ...own.flatMap(mayConsume),
      ...own.map(({ stream, durable }) => `portico.v1.dead.${stream}.${durable}`),
    ],
    subscribe: [inboxOf(service), filters.asks(service)],
    answers: true,
  };
};

/** Asks, and follows by reading the streams in place: making consumers would let it choose where messages go. */
const adminUser: UserDescription = {
  user: SERVICES.admin,
  publish: [
    'portico.v1.ask.>',
    ...[STREAMS.learners, STREAMS.operations].flatMap((stream) => [
      `$JS.API.STREAM.INFO.${stream}`,
      `$JS.API.DIRECT.GET.${stream}`,
      `$JS.API.DIRECT.GET.${stream}.>`,
    ]),
  ],
  subscribe: [inboxOf(SERVICES.admin), filters.stream('learner'), filters.stream('operation')],
  answers: false,
};

/** `apiPrefix` for the JetStream client of an outside consumer: `$JS.API` there is its own account's. */
export const OUTSIDE_API_PREFIX = 'portico.api';

/**
 * NATS doesn't check where a request wants its answer: any user could have the server write one to any subject of its
 * account. So an outside consumer gets an account of its own, where there is nothing to spoil.
 */
const outsideUser = ({ service, stream, durable }: Binding): UserDescription => {
  const api = (call: string, isStream: boolean): SubjectImport => ({
    subject: `$JS.API.${call}.${stream}.${durable}`,
    as: `${OUTSIDE_API_PREFIX}.${call}.${stream}.${durable}`,
    isStream,
  });
  const acks = `$JS.ACK.${stream}.${durable}.>`;
  const imports = [
    api('CONSUMER.INFO', false),
    api('CONSUMER.MSG.NEXT', true),
    { subject: acks, as: acks, isStream: false },
  ];
  return {
    user: service,
    publish: imports.map((each) => each.as),
    subscribe: [inboxOf(service)],
    answers: false,
    imports,
  };
};

/** The migration's user: shapes Portico's streams and consumers, and publishes no event. */
export const MIGRATE_USER = 'portico-migrate';
const migrateUser: UserDescription = {
  user: MIGRATE_USER,
  publish: Object.values(STREAMS).flatMap((stream) => [
    ...['CREATE', 'UPDATE', 'INFO'].map((verb) => `$JS.API.STREAM.${verb}.${stream}`),
    `$JS.API.CONSUMER.LIST.${stream}`,
    `$JS.API.CONSUMER.CREATE.${stream}.>`,
    `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.>`,
    `$JS.API.CONSUMER.INFO.${stream}.*`,
  ]),
  subscribe: [inboxOf(MIGRATE_USER)],
  answers: false,
};

const refuseTwice = (names: readonly string[]): void => {
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  if (twice.length > 0) throw new RangeError(`the name ${twice[0]} is taken: give the outside consumer another one`);
};

/** The one description of streams, consumers and users; pure. */
export const describeTopology = (options: TopologyOptions): Topology => {
  const bindings = bindingsOf([...new Set(options.pools)]);
  const outside = (options.outsideConsumers ?? []).map(outsideBinding);
  const users = [
    ...(Object.keys(published) as (keyof typeof published)[]).map((service) => serviceUser(service, bindings)),
    adminUser,
    migrateUser,
    ...outside.map(outsideUser),
  ];
  refuseTwice(users.map(({ user }) => user));
  return {
    streams: describeStreams(options),
    consumers: [...bindings, ...outside].map((binding) => consumerOf(binding, options)),
    users,
  };
};

/** What `JetStreamServer` binds a pattern to: the durables of one stream that `topology` has for a service. */
export const bindingsFor = (
  stream: StreamName,
  durableNames: readonly string[],
): readonly { readonly stream: StreamName; readonly durable: string }[] =>
  durableNames.map((durable) => ({ stream, durable }));
