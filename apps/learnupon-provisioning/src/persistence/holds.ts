import type {
  AccessDecidedV1,
  AccessHold,
  CauseKind,
  HoldApproveAnswer,
  HoldKey,
  PortalAccess,
} from '@portico/contracts';
import { prepared } from '@portico/database';
import type { Sql } from '@portico/messaging';
import { hintApproved, wakeHinted } from './hints.js';

/** Of a cell: the gate keeps back what policy takes away. */
export const HELD = `(access = 'withheld' and leaving <> 'keep'
  and hold_cause is not null and approved_cause is distinct from hold_cause)`;

/** Where that is something: an account that can still be used, or the cell's own invite. */
export const HELD_BACK = `${HELD}
  and case when account_id is null then invite_id is not null else actual <> 'disabled' end`;

export const holdOf = ({ access, hold }: PortalAccess): AccessHold | undefined =>
  access === 'withheld' ? hold : undefined;

/** A cell that is held as it is recorded. */
export interface HeldDecision extends AccessHold {
  readonly tenant: string;
  readonly employeeId: string;
  readonly portal: string;
}

export const heldDecisions = (decisions: readonly AccessDecidedV1[]): HeldDecision[] =>
  decisions.flatMap(({ tenant, employeeId, portals }) =>
    portals.flatMap((access) => {
      const hold = access.leaving === 'keep' ? undefined : holdOf(access);
      return hold === undefined ? [] : [{ ...hold, tenant, employeeId, portal: access.portal }];
    }),
  );

export interface Hold {
  readonly tenant: string;
  readonly portal: string;
  readonly causeId: string;
  readonly kind: CauseKind;
  readonly openedAt: string;
  /** What the gate judged. */
  readonly people: number;
  readonly of: number;
}

const HOLD = `
  hold.tenant, hold.portal, hold.cause_id as "causeId", hold.kind, hold.opened_at as "openedAt",
  hold.judged_people as people, hold.judged_of as "of"`;

/**
 * A hold is opened by its first cell, and again by the first that comes after it was approved. Whoever was approved opens
 * nothing, whatever else is decided about them.
 */
const OPEN = prepared(`
  insert into hold (tenant, portal, cause_id, kind, judged_people, judged_of, opened_at)
  select distinct on (told.tenant, told.portal, told.cause_id)
    told.tenant, told.portal, told.cause_id, told.kind, told.people, told.judged_of, now()
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::int[], $7::int[])
    as told (tenant, portal, employee_id, cause_id, kind, people, judged_of)
  cross join lateral (
    select approved_cause from cell
    where (cell.tenant, cell.portal, cell.employee_id) = (told.tenant, told.portal, told.employee_id) offset 0) cell
  where cell.approved_cause is distinct from told.cause_id
  order by told.tenant, told.portal, told.cause_id
  on conflict (tenant, portal, cause_id) do update set kind = excluded.kind, judged_people = excluded.judged_people,
    judged_of = excluded.judged_of, opened_at = excluded.opened_at,
    approved_at = null, approved_by = null, digest = null, approved_people = null
  where hold.approved_at is not null
  returning ${HOLD}`);

/** Answers the holds that these cells opened. */
export const openHolds = (sql: Sql, held: readonly HeldDecision[]): Promise<Hold[]> =>
  sql<Hold>(OPEN, [
    held.map(({ tenant }) => tenant),
    held.map(({ portal }) => portal),
    held.map(({ employeeId }) => employeeId),
    held.map(({ id }) => id),
    held.map(({ kind }) => kind),
    held.map(({ people }) => people),
    held.map((hold) => hold.of),
  ]);

/** A cell from which something is kept back. */
export interface HeldCell {
  readonly employeeId: string;
  readonly leaving: 'disable' | 'expire';
  readonly expiresOn: string | null;
  readonly accountId: string | null;
  readonly inviteId: string | null;
  readonly since: string;
}

const OF_ONE = `tenant = $1 and ${HELD_BACK} and portal = $2 and hold_cause = $3`;

const LOAD_HELD = `
  select employee_id as "employeeId", leaving, expires_on as "expiresOn", account_id as "accountId",
    invite_id as "inviteId", since
  from cell where ${OF_ONE}`;

/** Of one hold, in no order. */
export const loadHeldBy = (sql: Sql, tenant: string, { portal, causeId }: HoldKey): Promise<HeldCell[]> =>
  sql<HeldCell>(LOAD_HELD, [tenant, portal, causeId]);

const LOCK_PEOPLE = `
  select 1 from person where tenant = $1 and employee_id in (
    select employee_id from cell where ${OF_ONE})
  order by employee_id for no key update`;

const LOCK_HELD = `
  select 1 from cell where ${OF_ONE} order by employee_id for update`;

const LOCK_HOLD = `
  select ${HOLD} from hold where tenant = $1 and portal = $2 and cause_id = $3 for update`;

/**
 * In the order in which decisions are recorded: people, cells, the hold. Whoever comes by it before that is locked is in
 * the set that is loaded after it, and not among the `cells` that are locked; whoever comes later opens it again.
 */
export const lockHold = async (
  sql: Sql,
  tenant: string,
  { portal, causeId }: HoldKey,
): Promise<{ hold: Hold | undefined; cells: number }> => {
  const key = [tenant, portal, causeId];
  await sql(LOCK_PEOPLE, key);
  const { length: cells } = await sql(LOCK_HELD, key);
  const [hold] = await sql<Hold>(LOCK_HOLD, key);
  return { hold, cells };
};

const APPROVE_CELLS = `
  update cell set approved_cause = $4, priority = 0, dirty_at = coalesce(dirty_at, now())
  from (select $1::text as tenant, $2::text as portal, * from unnest($3::text[]) as approved (employee_id) offset 0) approved
  where (cell.tenant, cell.portal, cell.employee_id) = (approved.tenant, approved.portal, approved.employee_id)
    and hold_cause = $4 and access = 'withheld'`;

const APPROVE_HOLD = `
  update hold set approved_at = $4, approved_by = $5, digest = $6, approved_people = $7
  where tenant = $1 and portal = $2 and cause_id = $3`;

/** Lets exactly these people go, and wakes their lanes. What they have in other portals may have waited for that. */
export const saveApproval = async (
  sql: Sql,
  { tenant, portal, causeId }: Hold,
  { approvedAt, approvedBy, digest }: HoldApproveAnswer,
  employeeIds: readonly string[],
): Promise<void> => {
  const place = { tenant, portal };
  await sql(APPROVE_CELLS, [tenant, portal, employeeIds, causeId]);
  await sql(APPROVE_HOLD, [tenant, portal, causeId, approvedAt, approvedBy, digest, employeeIds.length]);
  await wakeHinted(sql, place, [portal, ...(await hintApproved(sql, place, employeeIds))]);
};

/** `held`: how many are, now. */
export interface HeldCount extends Hold {
  readonly held: number;
}

const COUNT_HELD = `
  select ${HOLD}, held.count as held
  from hold join (
    select portal, hold_cause as cause_id, count(*)::int from cell where tenant = $1 and ${HELD_BACK}
    group by portal, hold_cause) held using (portal, cause_id)
  where hold.tenant = $1
  order by hold.opened_at, hold.portal, hold.cause_id`;

/** Holds by which somebody is held, the oldest first. */
export const countHeld = (sql: Sql, tenant: string): Promise<HeldCount[]> => sql<HeldCount>(COUNT_HELD, [tenant]);
