import { prepared } from '@portico/database';
import { EVENT_TYPES, subjects, type LearnerEventV1, type OperationEventV1 } from '@portico/contracts';
import { eventBatchesOf, leaveEventBatchSql, NOTIFY_RELAY_SQL, type LeftEvent, type Sql } from '@portico/messaging';

export interface LearnerEventRow {
  /** The same for the same thing, however often it is left. */
  readonly id: string;
  readonly event: LearnerEventV1;
  readonly traceparent: string | null;
}

/** A relay serves one stream, so each has an outbox: learner events in rows of many, operation events in a row each. */
export const OUTBOXES = { learners: 'learner_event_batch', operations: 'operation_outbox' } as const;

/** Where the version before this one leaves learner events. With the next release it goes. */
export const LEARNERS_BEFORE = 'learner_outbox';

const LEAVE_LEARNER_EVENTS = prepared(leaveEventBatchSql(OUTBOXES.learners));
const LEAVE_OPERATION_EVENT = prepared(`
  insert into ${OUTBOXES.operations} (tenant, id, subject, type, time, event, traceparent)
  select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::json[], $7::text[])
  on conflict (id) do nothing`);

const toLeave = ({ id, event, traceparent }: LearnerEventRow): LeftEvent => ({
  tenant: event.tenant,
  id,
  subject: subjects.learner(event.tenant, event.portal, event.event),
  type: EVENT_TYPES.learner(event.event),
  time: event.at,
  traceparent,
  body: event,
});

/** Leaves learner events for the relay, in the transaction that records what they tell. */
export const leaveLearnerEvents = async (sql: Sql, rows: readonly LearnerEventRow[]): Promise<void> => {
  if (rows.length === 0) return;
  const batches = eventBatchesOf(rows.map(toLeave));
  await Promise.all([...batches.map((batch) => sql(LEAVE_LEARNER_EVENTS, batch)), sql(NOTIFY_RELAY_SQL)]);
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
