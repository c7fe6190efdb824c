import { jsonLines, linesOf, prepared, sparse } from '@portico/database';
import type { Sql } from '@portico/messaging';
import type { Operation } from '@portico/provisioning-plan';
import type { AttemptState } from './entities.js';
import type { LaneLease } from './lanes.js';

export interface NewAttempt {
  readonly employeeId: string;
  readonly operation: Operation;
}

/** The deadline is the lease's end: no call of it may go on for longer. */
const BEGIN = prepared(`
  insert into attempt (tenant, portal, employee_id, operation, lease_number, deadline, state, begun_at)
  select $1, $2, employee_id, operation::jsonb, $3, lane.lease_until, 'begun', now()
  from unnest($4::text[], ${linesOf('$5')}) as begun (employee_id, operation)
  join lane on lane.tenant = $1 and lane.portal = $2
  returning id::float8, employee_id as "employeeId"`);

/** Writes down calls before they are made. Answers their ids by employee. */
export const beginAttempts = async (
  sql: Sql,
  { tenant, portal, number }: LaneLease,
  attempts: readonly NewAttempt[],
): Promise<ReadonlyMap<string, number>> => {
  if (attempts.length === 0) return new Map();
  const [rows] = await Promise.all([
    sql<{ id: number; employeeId: string }>(BEGIN, [
      tenant,
      portal,
      number,
      attempts.map(({ employeeId }) => employeeId),
      jsonLines(attempts.map(({ operation }) => operation)),
    ]),
    sql('update lane set converged_at = null where tenant = $1 and portal = $2', [tenant, portal]),
  ]);
  return new Map(rows.map(({ id, employeeId }) => [employeeId, id]));
};

export interface EndedAttempt {
  readonly id: number;
  readonly state: AttemptState;
  readonly resultId?: string | undefined;
  readonly detail?: string | undefined;
}

const END = prepared(`
  update attempt set state = ended.state, result_id = ended.result_id, detail = ended.detail,
    ended_at = case when ended.state = 'doubt' then null else $3::timestamptz end
  from (select $1::text as tenant, $2::text as portal, * from
    unnest($4::bigint[], $5::text[], $6::text[], $7::text[]) as ended (id, state, result_id, detail) offset 0) ended
  where (attempt.tenant, attempt.portal, attempt.id) = (ended.tenant, ended.portal, ended.id)
    and attempt.state in ('begun', 'doubt')`);

/** `at` is the business's time. */
export const endAttempts = async (
  sql: Sql,
  { tenant, portal }: LaneLease,
  ended: readonly EndedAttempt[],
  at: string,
): Promise<void> => {
  if (ended.length === 0) return;
  await sql(END, [
    tenant,
    portal,
    at,
    ended.map(({ id }) => id),
    ended.map(({ state }) => state),
    sparse(ended.map(({ resultId }) => resultId ?? null)),
    sparse(ended.map(({ detail }) => detail ?? null)),
  ]);
};
