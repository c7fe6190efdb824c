import { EVENT_TYPES, STREAMS } from './names.js';
import { buildSchemas } from './schemas.js';

type Document = Record<string, unknown>;

interface Channel {
  readonly name: string;
  readonly stream: string;
  readonly address: string;
  readonly type: string;
  readonly schema: string;
  readonly summary: string;
}

const channels: readonly Channel[] = [
  {
    name: 'realmChanged',
    stream: STREAMS.realms,
    address: 'portico.v1.realm.{tenant}',
    type: EVENT_TYPES.realmChanged,
    schema: 'RealmChangedV1',
    summary: 'The configuration of a tenant, without secrets. Latest per subject.',
  },
  {
    name: 'employeeChanged',
    stream: STREAMS.employees,
    address: 'portico.v1.employee.{pool}.{tenant}.{employeeId}',
    type: EVENT_TYPES.employeeChanged,
    schema: 'EmployeeChangedV1',
    summary: 'The whole current state of an employee. Latest per subject.',
  },
  {
    name: 'accessDecided',
    stream: STREAMS.access,
    address: 'portico.v1.access.{pool}.{tenant}.{employeeId}',
    type: EVENT_TYPES.accessDecided,
    schema: 'AccessDecidedV1',
    summary: 'The decision for an employee and every portal. Latest per subject.',
  },
  {
    name: 'learnerEvent',
    stream: STREAMS.learners,
    address: 'portico.v1.learner.{tenant}.{portal}.{event}',
    type: EVENT_TYPES.learner('{event}'),
    schema: 'LearnerEventV1',
    summary: 'What happened to a learner in a portal: created, invited, accepted, updated, disabled, …',
  },
  {
    name: 'operationEvent',
    stream: STREAMS.operations,
    address: 'portico.v1.operation.{tenant}.{event}',
    type: EVENT_TYPES.operation('{event}'),
    schema: 'OperationEventV1',
    summary: 'What Portico itself did or found: reads, portals, holds. An event may be two tokens, as read.certified.',
  },
  {
    name: 'messageDead',
    stream: STREAMS.dead,
    address: 'portico.v1.dead.{stream}.{consumer}',
    type: EVENT_TYPES.dead,
    schema: 'DeadLetterV1',
    summary: 'A reference to a message that a consumer gave up on.',
  },
];

const parametersOf = (address: string): Document =>
  Object.fromEntries([...address.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name, {}]));

const headersOf = (type: string): Document => ({
  type: 'object',
  required: ['ce-specversion', 'ce-id', 'ce-type', 'ce-source', 'ce-time'],
  properties: {
    'ce-specversion': { const: '1.0' },
    'ce-id': { type: 'string', description: 'Also the Nats-Msg-Id.' },
    'ce-type': type.includes('{') ? { type: 'string', description: type } : { const: type },
    'ce-source': { type: 'string' },
    'ce-time': { type: 'string', format: 'date-time' },
    'ce-revision': { type: 'string', description: 'The revision of the state; absent on events that carry none.' },
    traceparent: { type: 'string', description: 'W3C trace context.' },
  },
});

/** The streams as an AsyncAPI 3.0 document, for whoever consumes them. */
export const buildAsyncApi = (): Document => ({
  asyncapi: '3.0.0',
  info: {
    title: 'Portico events',
    version: '1.0.0',
    description: 'CloudEvents 1.0 in binary mode on NATS JetStream. Within v1 fields and values are only added.',
  },
  defaultContentType: 'application/json',
  channels: Object.fromEntries(
    channels.map(({ name, stream, address, schema, summary }) => [
      name,
      {
        address,
        summary,
        description: `JetStream stream ${stream}.`,
        parameters: parametersOf(address),
        messages: { [schema]: { $ref: `#/components/messages/${schema}` } },
      },
    ]),
  ),
  operations: Object.fromEntries(
    channels.map(({ name }) => [`send-${name}`, { action: 'send', channel: { $ref: `#/channels/${name}` } }]),
  ),
  components: {
    messages: Object.fromEntries(
      channels.map(({ schema, type }) => [schema, { headers: headersOf(type), payload: buildSchemas()[schema] }]),
    ),
  },
});
