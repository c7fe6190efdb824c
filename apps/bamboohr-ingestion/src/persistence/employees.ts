import type { Employment, FieldValues, KnownEmployee } from '@portico/employee-changes';
import type { EmployeeChangedV1 } from '@portico/contracts';
import { joinLines, jsonLines, linesOf } from '@portico/database';
import type { Sql } from '@portico/messaging';

/** What is known of an employee, and the revision under which. */
export interface StoredEmployee extends KnownEmployee {
  readonly revision: number;
  /** When the first revision was recorded. */
  readonly addedAt: string;
}

/** One row to write, with what the transport needs of it. */
export interface EmployeeToSave {
  readonly event: EmployeeChangedV1;
  /** The event's. */
  readonly json: string;
  readonly known: FieldValues;
  readonly unconfirmed: readonly string[];
  readonly reviewOn: string | null;
  /** The day since which the state holds. */
  readonly validFrom: string;
}

export interface SaveContext {
  readonly tenant: string;
  readonly pool: string;
  readonly readId: string;
  readonly bulk: boolean;
  /** RFC 3339. */
  readonly at: string;
  readonly traceparent: string | null;
}

interface StoredRow {
  readonly employee_id: string;
  readonly revision: number;
  readonly known: FieldValues;
  readonly unconfirmed: string[];
  readonly employment: Employment;
  readonly addedAt: string;
}

export const loadEmployees = async (
  sql: Sql,
  tenant: string,
  employeeIds: readonly string[],
): Promise<Map<string, StoredEmployee>> => {
  const rows = await sql<StoredRow>(
    `select employee_id, revision::float8, known, unconfirmed, event -> 'employment' as employment,
       coalesce(event ->> 'addedAt', event ->> 'recordedAt') as "addedAt"
     from employee where tenant = $1 and employee_id = any($2::text[])`,
    [tenant, employeeIds],
  );
  return new Map(
    rows.map(({ employee_id, known, ...row }) => [employee_id, { employeeId: employee_id, values: known, ...row }]),
  );
};

/** Known people who are not among those given. */
export const findMissing = async (sql: Sql, tenant: string, seen: readonly string[]): Promise<string[]> => {
  const rows = await sql<{ employee_id: string }>(
    'select employee_id from employee where tenant = $1 and employee_id <> all($2::text[])',
    [tenant, seen],
  );
  return rows.map(({ employee_id }) => employee_id);
};

/** People whose employment the passing of time alone may have changed by this day, `YYYY-MM-DD`. */
export const findDueForReview = async (sql: Sql, tenant: string, today: string): Promise<string[]> => {
  const rows = await sql<{ employee_id: string }>(
    'select employee_id from employee where tenant = $1 and review_on <= $2::date',
    [tenant, today],
  );
  return rows.map(({ employee_id }) => employee_id);
};

/** Whoever was looked at on the day and stays as known is looked at again on the next one, not in every poll. */
export const postponeReviews = (sql: Sql, tenant: string, today: string): Promise<object[]> =>
  sql('update employee set review_on = $2::date + 1 where tenant = $1 and review_on <= $2::date', [tenant, today]);

/** Most causes that an event says it overtook. */
const MOST_OVERTAKEN = 4;

/**
 * The history, and the state rows; each is published by the relay, as its revision is above the published one. That an
 * earlier one was published does not say that it arrives: the stream keeps only the newest. So each says which causes it
 * overtook.
 */
const SAVE = `
  with change as materialized (
    select employee_id, revision, event::jsonb as event, known::jsonb as known, unconfirmed::jsonb as unconfirmed,
      review_on, valid_from
    from unnest($7::text[], $8::bigint[], ${linesOf('$9')}, ${linesOf('$10')}, ${linesOf('$11')}, $12::date[], $13::date[])
      as change(employee_id, revision, event, known, unconfirmed, review_on, valid_from)
  ), history as (
    insert into employee_history (tenant, employee_id, revision, valid_from, recorded_at, read_id, event)
    select $1, employee_id, revision, valid_from, $4::timestamptz, $6, event from change
  )
  insert into employee (tenant, employee_id, pool, revision, bulk, event, event_time, traceparent, known, unconfirmed, review_on)
  select $1, employee_id, $2, revision, $3::boolean, event, $4::timestamptz, $5, known, unconfirmed, review_on from change
  on conflict (tenant, employee_id) do update set pool = excluded.pool, revision = excluded.revision,
    bulk = excluded.bulk, event = excluded.event || jsonb_build_object('overtook', jsonb_path_query_array(
      jsonb_build_array(employee.event -> 'cause') || coalesce(employee.event -> 'overtook', '[]'),
      '$[0 to ${MOST_OVERTAKEN - 1}]')), event_time = excluded.event_time, traceparent = excluded.traceparent,
    known = excluded.known, unconfirmed = excluded.unconfirmed, review_on = excluded.review_on`;

/** Makes what is to be sent, and answers what sends it: the next rows can be made while the database saves these. */
export const savingEmployees = (
  employees: readonly EmployeeToSave[],
  { tenant, pool, bulk, at, traceparent, readId }: SaveContext,
): ((sql: Sql) => Promise<object[]>) => {
  const column = <T>(of: (employee: EmployeeToSave) => T) => employees.map(of);
  const parameters = [
    tenant,
    pool,
    bulk,
    at,
    traceparent,
    readId,
    column(({ event }) => event.employeeId),
    column(({ event }) => event.revision),
    joinLines(column(({ json }) => json)),
    jsonLines(column(({ known }) => known)),
    jsonLines(column(({ unconfirmed }) => unconfirmed)),
    column(({ reviewOn }) => reviewOn),
    column(({ validFrom }) => validFrom),
  ];
  return (sql) => sql(SAVE, parameters);
};

/** Rows of a tenant that moves between pools are published again, under the subjects of the new pool. */
export const moveEmployees = (sql: Sql, tenant: string, pool: string, now: number): Promise<object[]> =>
  sql(
    `update employee set pool = $2, bulk = true, published_sequence = 0, revision = greatest(revision + 1, $3::bigint),
       event = jsonb_set(event, '{revision}', to_jsonb(greatest(revision + 1, $3::bigint)))
     where tenant = $1 and pool <> $2`,
    [tenant, pool, now],
  );
