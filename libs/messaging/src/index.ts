export {
  connectNats,
  inboxPrefixOf,
  natsHealthIndicator,
  NatsConnectionError,
  type NatsOptions,
} from './connection.js';
export { Consume, JETSTREAM, type ConsumeOptions } from './consume.decorator.js';
export type { Delivery } from './delivery.js';
export { MissingConsumerError } from './downstream.js';
export { eventBatchRelaySource } from './event-batch-relay-source.js';
export { eventBatchesOf, eventBatchTableSql, leaveEventBatchSql, type LeftEvent } from './event-batches.js';
export { eventRelaySource, outboxTableSql, type Outbox } from './event-relay-source.js';
export { FreshBodies, type FreshBody } from './fresh-bodies.js';
export { BindingError, requireConsumers, type ConsumerBinding } from './find-consumer.js';
export { JetStreamServer, type JetStreamServerOptions } from './jetstream.server.js';
export type { Log } from './log.js';
export { migrateTopology, TopologyError } from './migrate-topology.js';
export { renderNatsUsers } from './nats-users.js';
export { answering, askQuestion, QuestionError, questionTransport, type QuestionName } from './questions.js';
export { listenForRows, NOTIFY_RELAY_SQL, RELAY_CHANNEL } from './relay-hints.js';
export { postgresRelayLease, relayLeaseTableSql, type RelayLease } from './relay-lease.js';
export type { PublishedRow, RelayRow, RelaySource } from './relay-source.js';
export { Relay, type RelayOptions } from './relay.js';
export type { Sql } from './sql.js';
export {
  republish,
  stateRelayIndexSql,
  stateRelaySource,
  type StateKind,
  type StateTable,
} from './state-relay-source.js';
export { recordSubjectMove, SubjectPurge, subjectMoveTableSql, type SubjectPurgeOptions } from './subject-moves.js';
export { describeChange, diffTopology, type FoundTopology, type TopologyChange } from './topology-diff.js';
export {
  describeTopology,
  MIGRATE_USER,
  OUTSIDE_API_PREFIX,
  type ConsumerDescription,
  type OutsideConsumer,
  type StreamDescription,
  type SubjectImport,
  type Topology,
  type TopologyOptions,
  type UserDescription,
} from './topology.js';
