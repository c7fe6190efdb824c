import type { Employment, FieldValues, KnownEmployee } from '@portico/employee-changes';
import type { EmployeeChangedV1 } from '@portico/contracts';
import type { Sql } from '@portico/messaging';

/** What is known of an employee, and the revision under which. */
export interface StoredEmployee extends KnownEmployee {
  readonly revision: number;
  /** When the first revision was recorded. */
  readonly addedAt: string;
}

/** One row to write, with what the transport needs of it. */
export interface EmployeeToSave {
  readonly employeeId: string;
  readonly event: EmployeeChangedV1;
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
 * The state rows; each is published by the relay, as its revision is above the published one. That an earlier one was
 * published does not say that it arrives: the stream keeps only the newest. So each says which causes it overtook.
 */
const SAVE_STATE = `
  insert into employee (tenant, employee_id, pool, revision, bulk, event, event_time, traceparent, known, unconfirmed, review_on)
  select $1, row.employee_id, $2, (row.event ->> 'revision')::bigint, $3, row.event, $4, $5, row.known, row.unconfirmed,
    row.review_on
  from jsonb_to_recordset($6::jsonb) as row (employee_id text, event jsonb, known jsonb, unconfirmed jsonb, review_on date)
  on conflict (tenant, employee_id) do update set pool = excluded.pool, revision = excluded.revision,
    bulk = excluded.bulk, event = excluded.event || jsonb_build_object('overtook', jsonb_path_query_array(
      jsonb_build_array(employee.event -> 'cause') || coalesce(employee.event -> 'overtook', '[]'),
      '$[0 to ${MOST_OVERTAKEN - 1}]')), event_time = excluded.event_time, traceparent = excluded.traceparent,
    known = excluded.known, unconfirmed = excluded.unconfirmed, review_on = excluded.review_on`;

const SAVE_HISTORY = `
  insert into employee_history (tenant, employee_id, revision, valid_from, recorded_at, read_id, event)
  select $1, row.employee_id, (row.event ->> 'revision')::bigint, row.valid_from, $2, $3, row.event
  from jsonb_to_recordset($4::jsonb) as row (employee_id text, event jsonb, valid_from date)`;

export const saveEmployees = async (
  sql: Sql,
  employees: readonly EmployeeToSave[],
  context: SaveContext,
): Promise<void> => {
  const { tenant, pool, bulk, at, traceparent, readId } = context;
  const rows = employees.map(({ employeeId, reviewOn, validFrom, ...employee }) => ({
    ...employee,
    employee_id: employeeId,
    review_on: reviewOn,
    valid_from: validFrom,
  }));
  const json = JSON.stringify(rows);
  await sql(SAVE_STATE, [tenant, pool, bulk, at, traceparent, json]);
  await sql(SAVE_HISTORY, [tenant, at, readId, json]);
};

/** Rows of a tenant that moves between pools are published again, under the subjects of the new pool. */
export const moveEmployees = (sql: Sql, tenant: string, pool: string, now: number): Promise<object[]> =>
  sql(
    `update employee set pool = $2, bulk = true, published_sequence = 0, revision = greatest(revision + 1, $3::bigint),
       event = jsonb_set(event, '{revision}', to_jsonb(greatest(revision + 1, $3::bigint)))
     where tenant = $1 and pool <> $2`,
    [tenant, pool, now],
  );
