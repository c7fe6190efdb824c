import { prepared } from '@portico/database';
import type { Sql } from '@portico/messaging';
import { wakeLanes, type LaneLease } from './lanes.js';
import type { Place } from './mirror.js';

/*
 * A lane writes its own cells and nobody else's: whoever plans or records holds many of them, and lanes that also wrote each
 * other's would wait for each other. What cells in other portals are to look at is left as hints, which their own lane takes.
 */

/** Of what has `portal` and `employee_id`; portals that are off are planned anew when they come to be on. */
const hinting = (cells: string): string => `
  with hinted as (
    insert into cell_hint (tenant, portal, employee_id)
    select $1, hinted.portal, hinted.employee_id
    from (${cells}) hinted
    join lane on lane.tenant = $1 and lane.portal = hinted.portal and lane.active
    join portal on portal.tenant = $1 and portal.portal = hinted.portal and portal.mode <> 'off'
    returning portal)
  select distinct portal from hinted`;

const HINT_GUESTS = prepared(
  hinting(`
    select cell.portal, guest.employee_id from unnest($3::text[]) as guest (employee_id)
    cross join lateral (
      select portal from cell where tenant = $1 and cell.employee_id = guest.employee_id and portal <> $2 offset 0) cell`),
);

const HINT_CLAIMANTS = prepared(
  hinting(`select portal, employee_id from cell where tenant = $1 and reason = 'identifier-claimed'`),
);

const HINT_WAITING = hinting(`
  select portal, employee_id from cell
  where tenant = $1 and portal <> $2 and (reason = 'waiting-for-mirror' or blocked_portal = $2)`);

/** Most hints that are taken at once. */
const MOST = 1_000;

/**
 * Whether it concerns a cell is asked of the cell as it is by now, and not as it was when the hint was left: it may have been
 * planned meanwhile from what was before. A cell that somebody writes just now keeps its hints for the next time.
 */
const TAKE = prepared(`
  with told as materialized (
    select id, employee_id from cell_hint where tenant = $1 and portal = $2 order by id limit ${MOST}
  ), free as materialized (
    select cell.employee_id
    from (select distinct $1::text as tenant, $2::text as portal, employee_id from told offset 0) told
    join cell on (cell.tenant, cell.portal, cell.employee_id) = (told.tenant, told.portal, told.employee_id)
    for update of cell skip locked
  ), taken as (
    delete from cell_hint using told
    where cell_hint.tenant = $1 and cell_hint.portal = $2 and cell_hint.id = told.id
      and told.employee_id in (select employee_id from free)
  )
  update cell set priority = coalesce(priority, 1), dirty_at = coalesce(dirty_at, now())
  from (select $1::text as tenant, $2::text as portal, employee_id from free offset 0) free
  where (cell.tenant, cell.portal, cell.employee_id) = (free.tenant, free.portal, free.employee_id)
    and (access = 'granted' and account_id is null and invite_id is null
      or blocked_portal is not null
      or reason in ('waiting-for-mirror', 'needed-in-sub-portal', 'not-ours', 'identifier-claimed'))`);

/** Whether there are hints for a lane, in a query that has the tenant as `$1`. */
export const hintedSql = (portal: string): string =>
  `exists (select 1 from cell_hint where cell_hint.tenant = $1 and cell_hint.portal = ${portal})`;

const leave = async (sql: Sql, statement: string, parameters: readonly [string, ...unknown[]]): Promise<void> => {
  const [tenant] = parameters;
  const hinted = await sql<{ portal: string }>(statement, parameters);
  await wakeLanes(
    sql,
    hinted.map(() => tenant),
    hinted.map(({ portal }) => portal),
  );
};

/** The cells of these people in other portals may wait for this one. */
export const hintGuests = async (
  sql: Sql,
  { tenant, portal }: LaneLease,
  employeeIds: readonly string[],
): Promise<void> => {
  if (employeeIds.length > 0) await leave(sql, HINT_GUESTS, [tenant, portal, employeeIds]);
};

/** An identifier may be free now: whoever wants one that somebody else holds looks again. */
export const hintClaimants = (sql: Sql, { tenant }: LaneLease): Promise<void> => leave(sql, HINT_CLAIMANTS, [tenant]);

/** This portal has been read, and cells in others may wait for that. */
export const hintWaiting = (sql: Sql, { tenant, portal }: Place): Promise<void> =>
  leave(sql, HINT_WAITING, [tenant, portal]);

/** Makes dirty what the lane was told of. */
export const takeHints = async (sql: Sql, { tenant, portal }: LaneLease): Promise<void> => {
  await sql(TAKE, [tenant, portal]);
};
