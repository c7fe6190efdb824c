import { jsonLines, linesOf, prepared, sparse } from '@portico/database';
import type { AccessDecidedV1, PortalAccess } from '@portico/contracts';
import type { Sql } from '@portico/messaging';
import { identifiersOf, type Learner } from '@portico/provisioning-plan';
import type { Decision } from '../record-access.js';
import { claimFree } from './claims.js';
import { holdOf } from './holds.js';

export const PRIORITY = { leaver: 0, joiner: 1, update: 2 } as const;

interface PersonKey {
  readonly tenant: string;
  readonly employeeId: string;
}

interface CellKey {
  readonly tenant: string;
  readonly portal: string;
}

/** Sorted everywhere, so that two workers lock people in the same order. */
const RECORD_PEOPLE = prepared(`
  insert into person (tenant, employee_id, revision, leaver, cause, traceparent)
  select tenant, employee_id, revision, leaver, cause, traceparent
  from unnest($1::text[], $2::text[], $3::bigint[], $4::boolean[], $5::jsonb[], $6::text[])
    as decided (tenant, employee_id, revision, leaver, cause, traceparent)
  order by tenant, employee_id
  on conflict (tenant, employee_id) do update set revision = excluded.revision, leaver = excluded.leaver,
    cause = excluded.cause, traceparent = excluded.traceparent
  where person.revision < excluded.revision
  returning tenant, employee_id as "employeeId", xmax = 0 as "isNew"`);

/** Somebody whose decision was newer than the one held, or the first: a row that was just inserted has no `xmax`. */
interface RecordedPerson extends PersonKey {
  readonly isNew: boolean;
}

/** Answers those whose decision was newer than the one held. */
export const recordPeople = (sql: Sql, decisions: readonly Decision[]): Promise<RecordedPerson[]> =>
  sql<RecordedPerson>(RECORD_PEOPLE, [
    decisions.map(({ access }) => access.tenant),
    decisions.map(({ access }) => access.employeeId),
    decisions.map(({ access }) => access.revision),
    decisions.map(({ access }) => access.leaver),
    decisions.map(({ access }) => JSON.stringify(access.cause)),
    decisions.map(({ traceparent }) => traceparent ?? null),
  ]);

const DECIDED = `
  select tenant, portal, employee_id, access, policy_reason, leaving, learner::jsonb as learner, priority, expires_on,
    retain_until, hold_cause
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], ${linesOf('$7')}, $8::smallint[],
    $9::text[], $10::text[], $11::text[])
    as decided (tenant, portal, employee_id, access, policy_reason, leaving, learner, priority, expires_on, retain_until,
      hold_cause)`;

const insertCells = (from: string): string => `
  insert into cell (tenant, portal, employee_id, access, policy_reason, leaving, learner, priority, dirty_at, reason, actual,
    since, expires_on, retain_until, hold_cause)
  select tenant, portal, employee_id, access, policy_reason, leaving, learner, priority, now(), 'waiting-for-lane', 'none',
    now(), expires_on, retain_until, hold_cause
  from ${from}`;

/** Nobody else writes cells of people who are new, and there are none to compare with. */
const ADD_CELLS = prepared(insertCells(`(${DECIDED}) decided`));

/**
 * A person's portals depend on each other, so what is wanted in one that changed makes all of them dirty. A cell that is new
 * and wants nothing is as it should be. What was approved ends when access is granted again. `offset 0` keeps the planner
 * from reading all cells for those of a few people. Who writes cells anew holds their person, so that a cell that is not
 * there stays so until it is inserted.
 */
const CHANGE_CELLS = prepared(`
  with decided as (${DECIDED}), compared as materialized (
    select decided.*, coalesce(cell.is_known, false) as is_known,
      (cell.access, cell.learner, cell.leaving, cell.policy_reason, cell.expires_on, cell.retain_until, cell.hold_cause)
        is distinct from
        (decided.access, decided.learner, decided.leaving, decided.policy_reason, decided.expires_on, decided.retain_until,
          decided.hold_cause) as differs
    from decided left join lateral (
      select true as is_known, access, learner, leaving, policy_reason, expires_on, retain_until, hold_cause from cell
      where cell.tenant = decided.tenant and cell.portal = decided.portal and cell.employee_id = decided.employee_id
      offset 0) cell on true
  ), dirty as materialized (
    select * from compared
    where (tenant, employee_id) in (select tenant, employee_id from compared where differs)
  ), updated as (
    update cell set access = dirty.access, policy_reason = dirty.policy_reason, leaving = dirty.leaving,
      learner = dirty.learner, expires_on = dirty.expires_on, retain_until = dirty.retain_until,
      hold_cause = dirty.hold_cause, approved_cause = case when dirty.access <> 'granted' then cell.approved_cause end,
      priority = least(cell.priority, dirty.priority), dirty_at = coalesce(cell.dirty_at, now())
    from dirty
    where dirty.is_known
      and cell.tenant = dirty.tenant and cell.portal = dirty.portal and cell.employee_id = dirty.employee_id
    returning cell.tenant, cell.portal
  ), inserted as (
    ${insertCells('dirty')} where not is_known
    order by tenant, employee_id, portal
    returning tenant, portal
  )
  select tenant, portal from updated union all select tenant, portal from inserted`);

const priorityOf = (access: AccessDecidedV1, portal: PortalAccess): number => {
  if (access.leaver || portal.access === 'withheld') return PRIORITY.leaver;
  return portal.access === 'granted' ? PRIORITY.joiner : PRIORITY.update;
};

/** Contract to the core's words. Absent and empty are the same here. */
const learnerOf = ({ access, learner }: PortalAccess): Learner | null =>
  learner === undefined || access !== 'granted'
    ? null
    : {
        onboarding: learner.onboarding,
        whenRefused: learner.whenRefused,
        identifier: learner.identifier,
        email: learner.email || null,
        username: learner.username || null,
        firstName: learner.firstName,
        lastName: learner.lastName,
        language: learner.language || null,
        customData: learner.customData,
        ...(learner.timeZone ? { timeZone: learner.timeZone } : {}),
        ...(learner.userType === undefined ? {} : { userType: learner.userType }),
        ...(learner.signIn === undefined ? {} : { signIn: learner.signIn }),
        ...(learner.groups === undefined ? {} : { groups: learner.groups }),
        ...(learner.ownership === undefined ? {} : { ownership: learner.ownership }),
      };

const decidedColumns = (decisions: readonly AccessDecidedV1[]): unknown[] => {
  const rows = decisions.flatMap((access) => access.portals.map((portal) => ({ access, portal })));
  return [
    rows.map(({ access }) => access.tenant),
    rows.map(({ portal }) => portal.portal),
    rows.map(({ access }) => access.employeeId),
    rows.map(({ portal }) => portal.access),
    rows.map(({ portal }) => portal.reason),
    rows.map(({ portal }) => portal.leaving),
    jsonLines(rows.map(({ portal }) => learnerOf(portal))),
    rows.map(({ access, portal }) => priorityOf(access, portal)),
    sparse(rows.map(({ portal }) => portal.expiresOn ?? null)),
    sparse(rows.map(({ portal }) => portal.retainUntil ?? null)),
    sparse(rows.map(({ portal }) => holdOf(portal)?.id ?? null)),
  ];
};

/** Of people who had none. Answers the cells, all of which are dirty. */
export const addCells = async (sql: Sql, decisions: readonly AccessDecidedV1[]): Promise<CellKey[]> => {
  if (decisions.length === 0) return [];
  await sql(ADD_CELLS, decidedColumns(decisions));
  return decisions.flatMap(({ tenant, portals }) => portals.map(({ portal }) => ({ tenant, portal })));
};

/** Answers the cells that became dirty. */
export const changeCells = async (sql: Sql, decisions: readonly AccessDecidedV1[]): Promise<CellKey[]> => {
  if (decisions.length === 0) return [];
  const [changed, left] = await Promise.all([
    sql<CellKey>(CHANGE_CELLS, decidedColumns(decisions)),
    removeStrayCells(sql, decisions),
  ]);
  return [...changed, ...left];
};

/**
 * A portal that the decision no longer names was taken out of the configuration: nothing there is touched any more. What
 * the person has elsewhere may depend on it.
 */
const REMOVE_STRAY_CELLS = prepared(`
  with decided as (
    select * from unnest($1::text[], $2::text[], $3::jsonb[]) as decided (tenant, employee_id, portals)
  ), stray as materialized (
    select decided.tenant, decided.employee_id, cell.portal
    from decided cross join lateral (
      select portal from cell
      where cell.tenant = decided.tenant and cell.employee_id = decided.employee_id
        and not decided.portals ? cell.portal and cell.policy_reason <> 'portal-off'
      offset 0) cell
  ), removed as (
    update cell set access = 'undecided', policy_reason = 'portal-off', learner = null, hold_cause = null,
      priority = null, dirty_at = null, reason = 'portal-off', pending = null, since = now(), detail = null,
      blocked_portal = null, blocked_employee = null
    from stray
    where cell.tenant = stray.tenant and cell.employee_id = stray.employee_id and cell.portal = stray.portal
    returning cell.tenant, cell.employee_id
  )
  update cell set priority = coalesce(cell.priority, 2), dirty_at = coalesce(cell.dirty_at, now())
  from decided
  where cell.tenant = decided.tenant and cell.employee_id = decided.employee_id and decided.portals ? cell.portal
    and (cell.tenant, cell.employee_id) in (select tenant, employee_id from removed)
  returning cell.tenant, cell.portal`);

const removeStrayCells = (sql: Sql, decisions: readonly AccessDecidedV1[]): Promise<CellKey[]> =>
  sql<CellKey>(REMOVE_STRAY_CELLS, [
    decisions.map(({ tenant }) => tenant),
    decisions.map(({ employeeId }) => employeeId),
    decisions.map(({ portals }) => JSON.stringify(portals.map(({ portal }) => portal))),
  ]);

const claimsOf = ({ employeeId, portals }: AccessDecidedV1) =>
  identifiersOf(
    portals.map((portal) => {
      const learner = learnerOf(portal);
      return { access: portal.access, ...(learner && { learner }) };
    }),
  ).map((key) => ({ employeeId, key }));

/** Once for all portals of a person, whose lanes would wait for each other. What somebody holds is settled by a lane. */
export const claimWanted = async (sql: Sql, decisions: readonly AccessDecidedV1[]): Promise<void> => {
  const byTenant = [...Map.groupBy(decisions, ({ tenant }) => tenant)].sort(([one], [other]) => (one < other ? -1 : 1));
  for (const [tenant, its] of byTenant) await claimFree(sql, tenant, its.flatMap(claimsOf));
};
