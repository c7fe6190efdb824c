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
    returning portal)
  select distinct portal from hinted`;

const HINT_GUESTS = prepared(
  hinting(`
    select cell.portal, guest.employee_id from unnest($3::text[]) as guest (employee_id)
    cross join lateral (
      select portal from cell where tenant = $1 and cell.employee_id = guest.employee_id and portal <> $2 offset 0) cell`),
);

/**
 * One approval lets many people go who have cells in every portal, so only those are told that can have waited for the hold:
 * whose plan says so, and of those that are dirty the ones whose plan looks at it. They may be planned just now as it was
 * before the approval, or their call is under way and was; they are dirty until the outcome. Not asked for one by one:
 * PostgreSQL would look through all that wait for the portal for each of them.
 */
const HINT_APPROVED = hinting(`
  select portal, employee_id from cell
  where tenant = $1 and employee_id = any($3::text[]) and portal <> $2
    and (blocked_portal = $2 or priority is not null and (access = 'granted' or portal in (
      select portal.portal from portal where portal.tenant = $1 and portal.top_level))) offset 0`);

/** One for each portal, however many wait there: nobody may come to take them for long. */
const hintingAll = (where: string): string =>
  hinting(
    `select distinct portal, null::text as employee_id from cell where tenant = $1 and priority is null and ${where}`,
  );

const HINT_CLAIMANTS = prepared(hintingAll(`reason = 'identifier-claimed'`));

const HINT_WAITING = hintingAll(`portal <> $2 and (reason = 'waiting-for-mirror' or blocked_portal = $2)`);

/** Most hints that are taken at once. */
const MOST = 1_000;

const DIRTY = 'priority = coalesce(priority, 1), dirty_at = coalesce(dirty_at, now())';

/**
 * Whether it concerns a cell is asked of the cell as it is by now, and not as it was when the hint was left: it may have been
 * planned meanwhile from what was before. A cell that somebody writes just now keeps its hints for the next time; one that is
 * dirty is only written where its call is in hand, so that the outcome does not end that. With `not in` PostgreSQL never
 * compares each hint with each, though it last counted when there were none.
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
    delete from cell_hint
    where tenant = $1 and portal = $2 and id <= (select max(id) from told)
      and (employee_id is null or employee_id not in (
        select employee_id from told where employee_id is not null and employee_id not in (select employee_id from free)))
  ), guests as (
    update cell set ${DIRTY}
    from (select $1::text as tenant, $2::text as portal, employee_id from free offset 0) free
    where (cell.tenant, cell.portal, cell.employee_id) = (free.tenant, free.portal, free.employee_id)
      and (priority is null or cell.employee_id = any($3::text[]))
      and (access = 'granted' and account_id is null and invite_id is null
        or blocked_portal is not null or reason in ('waiting-for-mirror', 'needed-in-sub-portal', 'not-ours'))
  )
  update cell set ${DIRTY}
  where tenant = $1 and portal = $2 and priority is null
    and (reason in ('waiting-for-mirror', 'identifier-claimed') or blocked_portal is not null)
    and exists (select 1 from told where employee_id is null)
    and employee_id not in (select employee_id from free)`);

/** Whether there are hints for a lane, in a query that has the tenant as `$1`. */
export const hintedSql = (portal: string): string =>
  `exists (select 1 from cell_hint where cell_hint.tenant = $1 and cell_hint.portal = ${portal})`;

const leave = async (sql: Sql, statement: string, parameters: readonly unknown[]): Promise<string[]> =>
  (await sql<{ portal: string }>(statement, parameters)).map(({ portal }) => portal);

/** The cells of these people in other portals may wait for this one. Answers whose lanes are to be woken. */
export const hintGuests = async (
  sql: Sql,
  { tenant, portal }: Place,
  employeeIds: readonly string[],
): Promise<string[]> => (employeeIds.length === 0 ? [] : leave(sql, HINT_GUESTS, [tenant, portal, employeeIds]));

/** These people are let go in this portal, and their cells in others may have waited for that. Answers as `hintGuests`. */
export const hintApproved = (sql: Sql, { tenant, portal }: Place, employeeIds: readonly string[]): Promise<string[]> =>
  leave(sql, HINT_APPROVED, [tenant, portal, employeeIds]);

/** An identifier may be free now: whoever wants one that somebody else holds looks again. Answers as `hintGuests`. */
export const hintClaimants = (sql: Sql, { tenant }: LaneLease): Promise<string[]> =>
  leave(sql, HINT_CLAIMANTS, [tenant]);

/** This portal has been read, and cells in others may wait for that. Answers as `hintGuests`. */
export const hintWaiting = (sql: Sql, { tenant, portal }: Place): Promise<string[]> =>
  leave(sql, HINT_WAITING, [tenant, portal]);

/** Once in a transaction: lanes are woken in one order, in which nobody waits for somebody who waits for them. */
export const wakeHinted = (sql: Sql, { tenant }: Place, portals: readonly string[]): Promise<void> =>
  wakeLanes(
    sql,
    portals.map(() => tenant),
    portals,
  );

/** Makes dirty what the lane was told of. `inHand`: whose calls are under way. */
export const takeHints = async (sql: Sql, { tenant, portal }: LaneLease, inHand: readonly string[]): Promise<void> => {
  await sql(TAKE, [tenant, portal, inHand]);
};
