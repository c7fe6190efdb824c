import { prepared } from '@portico/database';
import { EVENT_TYPES, subjects, type LearnerEventV1, type OperationEventV1 } from '@portico/contracts';
import { NOTIFY_RELAY_SQL, type Sql } from '@portico/messaging';

export interface LearnerEventRow {
  /** The same for the same thing, however often it is left. */
  readonly id: string;
  readonly event: LearnerEventV1;
  readonly traceparent: string | null;
}

/** A relay serves one stream, so each has an outbox. */
export const OUTBOXES = { learners: 'learner_outbox', operations: 'operation_outbox' } as const;

const leaveSql = (table: string): string =>
  prepared(`
  insert into ${table} (tenant, id, subject, type, time, event, traceparent)
  select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::json[], $7::text[])
  on conflict (id) do nothing`);
const LEAVE_LEARNER_EVENTS = leaveSql(OUTBOXES.learners);
const LEAVE_OPERATION_EVENT = leaveSql(OUTBOXES.operations);

/** Leaves learner events for the relay, in the transaction that records what they tell. */
export const leaveLearnerEvents = async (sql: Sql, rows: readonly LearnerEventRow[]): Promise<void> => {
  if (rows.length === 0) return;
  await sql(LEAVE_LEARNER_EVENTS, [
    rows.map(({ event }) => event.tenant),
    rows.map(({ id }) => id),
    rows.map(({ event }) => subjects.learner(event.tenant, event.portal, event.event)),
    rows.map(({ event }) => EVENT_TYPES.learner(event.event)),
    rows.map(({ event }) => event.at),
    rows.map(({ event }) => JSON.stringify(event)),
    rows.map(({ traceparent }) => traceparent),
  ]);
  await sql(NOTIFY_RELAY_SQL);
};

export const leaveOperationEvent = async (sql: Sql, id: string, event: OperationEventV1): Promise<void> => {
  const { tenant, at } = event;
  const subject = subjects.operation(tenant, event.event);
  await sql(LEAVE_OPERATION_EVENT, [
    [tenant],
    [id],
    [subject],
    [EVENT_TYPES.operation(event.event)],
    [at],
    [JSON.stringify(event)],
    [null],
  ]);
  await sql(NOTIFY_RELAY_SQL);
};
