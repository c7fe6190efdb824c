import { EVENT_TYPES, subjects, type OperationEventV1 } from '@portico/contracts';
import type { Sql } from '@portico/messaging';

/** Leaves an operation event for the relay, once per id. */
export const leaveOperationEvent = (
  sql: Sql,
  event: OperationEventV1,
  id: string,
  traceparent: string | null,
): Promise<object[]> =>
  sql(
    `insert into outbox (tenant, id, subject, type, time, event, traceparent)
     values ($1, $2, $3, $4, $5, $6::jsonb, $7) on conflict (id) do nothing`,
    [
      event.tenant,
      id,
      subjects.operation(event.tenant, event.event),
      EVENT_TYPES.operation(event.event),
      event.at,
      JSON.stringify(event),
      traceparent,
    ],
  );
