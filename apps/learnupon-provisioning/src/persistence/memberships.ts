import { prepared } from '@portico/database';
import type { Sql } from '@portico/messaging';
import type { Place } from './mirror.js';

/** One look at LearnUpon: at all members of a group, or at all groups of an account. */
export interface MembershipLook {
  readonly groupId?: string;
  readonly accountId?: string;
  /** The accounts of the group, or the groups of the account. */
  readonly seen: readonly string[];
  /** When it began, by the database's clock. */
  readonly begunAt: string;
}

interface Pending {
  readonly groupId: string;
  readonly accountId: string;
  readonly pending: 'join' | 'leave';
  /** LearnUpon has had the time to show it. */
  readonly isSettled: boolean;
}

const LOAD_PENDING = prepared(`
  select group_id as "groupId", account_id as "accountId", pending,
    written_at + make_interval(secs => $6) <= $5::timestamptz as "isSettled"
  from group_membership
  where tenant = $1 and portal = $2 and pending is not null and written_at < $5::timestamptz
    and ($3::text is null or group_id = $3) and ($4::text is null or account_id = $4)`);

const columnsOf = (rows: readonly Pending[]) => [
  rows.map(({ groupId }) => groupId),
  rows.map(({ accountId }) => accountId),
];

const THESE = `from unnest($3::text[], $4::text[]) as these (group_id, account_id)
  where membership.tenant = $1 and membership.portal = $2 and membership.group_id = these.group_id
    and membership.account_id = these.account_id`;

const CONFIRM = `update group_membership membership set pending = null, written_at = null, looked_at = null ${THESE}`;
const FORGET = THESE.replace('from unnest', 'delete from group_membership membership using unnest');
const LOOKED = `update group_membership membership set looked_at = now() ${THESE}`;

const each = async (sql: Sql, { tenant, portal }: Place, text: string, rows: readonly Pending[]): Promise<void> => {
  if (rows.length > 0) await sql(text, [tenant, portal, ...columnsOf(rows)]);
};

/** LearnUpon took the write and does not show it: the same is not written again. */
const REFUSE = `
  update cell set refusal_reason = 'refused-other', refusal_key = refused.key, priority = coalesce(priority, 2),
    dirty_at = coalesce(dirty_at, now())
  from unnest($3::text[], $4::text[]) as refused (account_id, key)
  where cell.tenant = $1 and cell.portal = $2 and cell.account_id = refused.account_id`;

/** As the plan writes the operation. */
const keyOf = ({ pending, accountId, groupId }: Pending): string =>
  JSON.stringify({ kind: `${pending}-group`, accountId, groupId });

/** What a look says of writes that were not read back: done, not taken, or not to be seen yet. */
export const settleMemberships = async (
  sql: Sql,
  place: Place,
  { groupId, accountId, seen, begunAt }: MembershipLook,
  settleSeconds: number,
): Promise<void> => {
  const { tenant, portal } = place;
  const parameters = [tenant, portal, groupId ?? null, accountId ?? null, begunAt, settleSeconds];
  const pending = await sql<Pending>(LOAD_PENDING, parameters);
  if (pending.length === 0) return;
  const shown = new Set(seen);
  const isSeen = (row: Pending): boolean => shown.has(groupId === undefined ? row.groupId : row.accountId);
  const isDone = (row: Pending): boolean => isSeen(row) === (row.pending === 'join');
  const failed = pending.filter((row) => !isDone(row) && row.isSettled);
  await each(
    sql,
    place,
    CONFIRM,
    pending.filter((row) => isSeen(row) && (isDone(row) || row.isSettled)),
  );
  await each(
    sql,
    place,
    FORGET,
    pending.filter((row) => !isSeen(row) && (isDone(row) || row.isSettled)),
  );
  await each(
    sql,
    place,
    LOOKED,
    pending.filter((row) => !isDone(row) && !row.isSettled),
  );
  if (failed.length === 0) return;
  await sql(REFUSE, [tenant, portal, failed.map((row) => row.accountId), failed.map(keyOf)]);
};

const FOLLOW_MEMBERS = `
  with listed as (
    select distinct account_id from unnest($4::text[]) as listed (account_id)
  ), joined as (
    insert into group_membership (tenant, portal, group_id, account_id)
    select $1, $2, $3, account_id from listed order by account_id on conflict do nothing returning account_id
  ), gone as (
    delete from group_membership membership
    where tenant = $1 and portal = $2 and group_id = $3 and pending is null
      and not exists (select 1 from listed where listed.account_id = membership.account_id)
    returning account_id
  )
  select account_id as id from joined union all select account_id from gone`;

const DIRTY_BY_MEMBERS = `
  update cell set priority = coalesce(priority, 2), dirty_at = coalesce(dirty_at, now())
  where tenant = $1 and portal = $2 and account_id = any($3::text[]) and learner ? 'groups'`;

/** The complete list of a group's members; whoever came or went by another hand is looked at again. */
export const saveMembers = async (
  sql: Sql,
  place: Place,
  look: MembershipLook & { readonly groupId: string },
  settleSeconds: number,
): Promise<void> => {
  const { tenant, portal } = place;
  await settleMemberships(sql, place, look, settleSeconds);
  const rows = await sql<{ id: string }>(FOLLOW_MEMBERS, [tenant, portal, look.groupId, look.seen]);
  await sql(
    `update portal_group set members_read_at = now(), members = $4 where tenant = $1 and portal = $2 and group_id = $3`,
    [tenant, portal, look.groupId, look.seen.length],
  );
  if (rows.length > 0) await sql(DIRTY_BY_MEMBERS, [tenant, portal, rows.map(({ id }) => id)]);
};

export interface WrittenMembership {
  readonly kind: 'join' | 'leave';
  readonly groupId: string;
  readonly accountId: string;
  /** Whose membership Portico made; absent where the account was in the group before. */
  readonly employeeId?: string;
}

const JOINED = `
  insert into group_membership (tenant, portal, group_id, account_id, employee_id, pending, written_at)
  select $1, $2, group_id, account_id, employee_id, case when employee_id is not null then 'join' end,
    case when employee_id is not null then now() end
  from unnest($3::text[], $4::text[], $5::text[]) as joined (group_id, account_id, employee_id)
  order by group_id, account_id
  on conflict (tenant, portal, group_id, account_id) do update set
    employee_id = coalesce(group_membership.employee_id, excluded.employee_id), pending = excluded.pending,
    written_at = excluded.written_at, looked_at = null`;

const LEFT = `update group_membership membership set pending = 'leave', written_at = now(), looked_at = null ${THESE}`;

/** The mirror follows what Portico wrote; it is read back later. */
export const writeMemberships = async (
  sql: Sql,
  { tenant, portal }: Place,
  written: readonly WrittenMembership[],
): Promise<void> => {
  const parameters = (rows: readonly WrittenMembership[]) => [
    tenant,
    portal,
    rows.map(({ groupId }) => groupId),
    rows.map(({ accountId }) => accountId),
  ];
  const joined = written.filter(({ kind }) => kind === 'join');
  const left = written.filter(({ kind }) => kind === 'leave');
  if (joined.length > 0) await sql(JOINED, [...parameters(joined), joined.map(({ employeeId }) => employeeId ?? null)]);
  if (left.length > 0) await sql(LEFT, parameters(left));
};

const QUIET_SECONDS = 1;

/** When a membership that was written is to be looked for: soon, and when LearnUpon has had the time to show it. */
export const membershipsDueSql = (settle: string): string => `
  select min(written_at + make_interval(secs => case when looked_at is null then ${QUIET_SECONDS} else ${settle} end))
  from group_membership membership
  where membership.tenant = $1 and membership.portal = $2 and membership.pending is not null`;

export interface DueMemberships {
  readonly accountIds: readonly string[];
  readonly groupIds: readonly string[];
  /** Pages that the members of those groups fill. */
  readonly pages: number;
}

const LOAD_DUE = prepared(`
  with due as (
    select group_id, account_id from group_membership
    where tenant = $1 and portal = $2 and pending is not null
      and written_at + make_interval(secs => case when looked_at is null then ${QUIET_SECONDS} else $3 end) <= now()
  )
  select (select coalesce(array_agg(distinct account_id), '{}') from due) as "accountIds",
    coalesce(array_agg(group_id), '{}') as "groupIds",
    coalesce(sum(ceil((members + 1) / 500.0)), 0)::int as pages
  from portal_group
  where tenant = $1 and portal = $2 and group_id in (select group_id from due)`);

/** What is to be read back now. */
export const loadDueMemberships = async (
  sql: Sql,
  { tenant, portal }: Place,
  settleSeconds: number,
): Promise<DueMemberships> => {
  const [row] = await sql<DueMemberships>(LOAD_DUE, [tenant, portal, settleSeconds]);
  return row ?? { accountIds: [], groupIds: [], pages: 0 };
};
