import { jetstream, jetstreamManager, type StoredMsg } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import {
  DeadLetterV1,
  EmployeeChangedV1,
  EVENT_TYPES,
  parseContract,
  samples,
  STREAMS,
  subjects,
  toHeaders,
} from '@portico/contracts';
import pg from 'pg';
import type { Log } from '../src/log.js';
import { relayLeaseTableSql } from '../src/relay-lease.js';
import type { Sql } from '../src/sql.js';
import { eventBatchTableSql } from '../src/event-batches.js';
import { outboxTableSql } from '../src/event-relay-source.js';
import { stateRelayIndexSql } from '../src/state-relay-source.js';

export const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
export const clock = { now: () => Temporal.Now.instant() };

/** Keeps what is said, for tests that want to read it. */
export const listeningLog = (): Log & { readonly lines: string[] } => {
  const lines: string[] = [];
  const keep = (details: object, message: string) => void lines.push(`${message} ${JSON.stringify(details)}`);
  return { lines, info: keep, warn: keep, error: keep };
};

export const sampleEmployee = samples.find(({ type }) => type === EmployeeChangedV1)?.sample as EmployeeChangedV1;

export const publish = (connection: NatsConnection, subject: string, body: unknown, traceparent?: string) => {
  const event = {
    id: crypto.randomUUID(),
    type: EVENT_TYPES.employeeChanged,
    source: 'test',
    time: '2026-01-12T10:00:00Z',
  };
  const carried = headers();
  for (const [name, value] of Object.entries(
    toHeaders(traceparent === undefined ? event : { ...event, traceparent }),
  )) {
    carried.set(name, value);
  }
  return jetstream(connection).publish(subject, JSON.stringify(body), { headers: carried });
};

export const publishEmployees = async (connection: NatsConnection, ids: readonly string[], pool = 'shared') => {
  await Promise.all(
    ids.map((employeeId) =>
      publish(connection, subjects.employee(pool, 'acme', employeeId), { ...sampleEmployee, employeeId }),
    ),
  );
};

export const range = (count: number, first = 1): string[] =>
  Array.from({ length: count }, (_, index) => String(first + index));

/** All messages of a stream that are still there, in order. */
export const messagesOf = async (connection: NatsConnection, stream: string): Promise<StoredMsg[]> => {
  const jsm = await jetstreamManager(connection);
  const { state } = await jsm.streams.info(stream);
  const messages: StoredMsg[] = [];
  for (let seq = state.first_seq; seq <= state.last_seq; seq += 1) {
    const message = await jsm.streams.getMessage(stream, { seq }).catch(() => null);
    if (message) messages.push(message);
  }
  return messages;
};

export const deadLetters = async (connection: NatsConnection): Promise<DeadLetterV1[]> =>
  (await messagesOf(connection, STREAMS.dead)).map((message) => parseContract(DeadLetterV1, message.json()));

export const consumerState = async (connection: NatsConnection, stream: string, durable: string) => {
  const { num_pending, num_ack_pending } = await (await jetstreamManager(connection)).consumers.info(stream, durable);
  return { pending: num_pending, inHand: num_ack_pending };
};

export interface TestSql {
  readonly sql: Sql;
  close(): Promise<void>;
}

export const openSql = (connectionString: string): TestSql => {
  const pool = new pg.Pool({ connectionString, max: 4 });
  // Dropping the database ends idle connections.
  pool.on('error', () => undefined);
  return {
    sql: async (text, parameters = []) => (await pool.query(text, [...parameters])).rows as never,
    close: () => pool.end(),
  };
};

/** The tables as a service's migration makes them. */
export const makeTables = async ({ sql }: TestSql): Promise<void> => {
  await sql(`create table employee (
    tenant text, employee_id text, pool text not null, revision bigint not null,
    published_revision bigint not null default 0, published_sequence bigint not null default 0,
    bulk boolean not null default false, event jsonb not null, event_time timestamptz not null, traceparent text,
    primary key (tenant, employee_id))`);
  await sql(stateRelayIndexSql({ table: 'employee', subjectKind: 'employee' }));
  await sql(`create table realm (
    tenant text primary key, revision bigint not null,
    published_revision bigint not null default 0, published_sequence bigint not null default 0,
    bulk boolean not null default false, event jsonb not null, event_time timestamptz not null, traceparent text)`);
  await sql(stateRelayIndexSql({ table: 'realm', subjectKind: 'realm' }));
  for (const statement of [...outboxTableSql(), ...eventBatchTableSql('event_batch')]) await sql(statement);
  await sql(relayLeaseTableSql());
};

export interface EmployeeWrite {
  readonly id: string;
  readonly tenant?: string;
  readonly pool?: string;
  readonly revision?: number;
  readonly bulk?: boolean;
  readonly traceparent?: string;
}

/** Writes the state of many employees in one statement, as a service would. */
export const writeEmployees = async ({ sql }: TestSql, writes: readonly EmployeeWrite[]): Promise<void> => {
  const column = <T>(pick: (write: EmployeeWrite) => T) => writes.map(pick);
  await sql(
    `insert into employee (tenant, employee_id, pool, revision, bulk, event, event_time, traceparent)
     select tenant, id, pool, revision, bulk, event, '2026-01-12T10:00:00Z', traceparent
     from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::boolean[], $6::jsonb[], $7::text[])
       as given(tenant, id, pool, revision, bulk, event, traceparent)
     on conflict (tenant, employee_id) do update set
       pool = excluded.pool, revision = excluded.revision, bulk = excluded.bulk, event = excluded.event`,
    [
      column(({ tenant = 'acme' }) => tenant),
      column(({ id }) => id),
      column(({ pool = 'shared' }) => pool),
      column(({ revision = 1 }) => revision),
      column(({ bulk = false }) => bulk),
      column(({ id, tenant = 'acme', revision = 1 }) =>
        JSON.stringify({ ...sampleEmployee, tenant, employeeId: id, revision }),
      ),
      column(({ traceparent }) => traceparent ?? null),
    ],
  );
};
