import { prepared } from '@portico/database';
import type { LearnUponGroup } from '@portico/learnupon-client';
import type { Sql } from '@portico/messaging';
import { normaliseTitle } from '@portico/provisioning-plan';
import type { LaneLease } from './lanes.js';
import type { Place } from './mirror.js';

interface WantedGroup {
  readonly id: string;
  readonly title: string;
  readonly isRead: boolean;
}

const FIND_GROUPS = `
  select group_id as id, title, members_read_at is not null as "isRead"
  from portal_group join lane using (tenant, portal)
  where tenant = $1 and portal = $2 and lower(trim(title)) = any($3::text[])`;

const ARE_FRESH = `
  select 1 from lane where tenant = $1 and portal = $2 and groups_completed_at > now() - make_interval(secs => $3)`;

const WANT_GROUPS = `
  update portal_group set wanted = true
  where tenant = $1 and portal = $2 and group_id = any($3::text[]) and not wanted`;

/**
 * Ids of the groups with these titles, by normalised title. Nothing while the list is too old, or the members of one of
 * them were never read: then they are read next.
 */
export const loadGroups = async (
  sql: Sql,
  { tenant, portal }: LaneLease,
  titles: ReadonlySet<string>,
  maxAgeSeconds: number,
): Promise<ReadonlyMap<string, string> | undefined> => {
  const fresh = await sql(ARE_FRESH, [tenant, portal, maxAgeSeconds]);
  if (fresh.length === 0) return undefined;
  const found = await sql<WantedGroup>(FIND_GROUPS, [tenant, portal, [...titles]]);
  const unread = found.filter(({ isRead }) => !isRead).map(({ id }) => id);
  if (unread.length === 0) return new Map(found.map(({ id, title }) => [normaliseTitle(title), id]));
  await sql(WANT_GROUPS, [tenant, portal, unread]);
  return undefined;
};

export interface Memberships {
  readonly employeeId: string;
  readonly groupIds: readonly string[];
  readonly ownGroupIds: readonly string[];
}

const LOAD_MEMBERSHIPS = prepared(`
  select cell.employee_id as "employeeId", array_agg(membership.group_id order by membership.group_id) as "groupIds",
    coalesce(array_agg(membership.group_id order by membership.group_id)
      filter (where membership.employee_id = cell.employee_id), '{}') as "ownGroupIds"
  from cell join group_membership membership using (tenant, portal, account_id)
  where cell.tenant = $1 and cell.portal = $2 and cell.employee_id = any($3::text[])
    and membership.pending is distinct from 'leave'
  group by cell.employee_id`);

/** Which groups the linked accounts of these people are in, of those that are read. */
export const loadMemberships = async (
  sql: Sql,
  { tenant, portal }: LaneLease,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Memberships>> => {
  const rows = await sql<Memberships>(LOAD_MEMBERSHIPS, [tenant, portal, ids]);
  return new Map(rows.map((row) => [row.employeeId, row]));
};

const SAVE_GROUPS = `
  insert into portal_group (tenant, portal, group_id, title)
  select $1, $2, group_id, title from unnest($3::text[], $4::text[]) as read (group_id, title) order by group_id
  on conflict (tenant, portal, group_id) do update set title = excluded.title
  where portal_group.title <> excluded.title`;

const FORGET_GROUPS = `
  with gone as (
    delete from portal_group where tenant = $1 and portal = $2 and not group_id = any($3::text[]) returning group_id
  )
  delete from group_membership where tenant = $1 and portal = $2 and group_id in (select group_id from gone)`;

/** Those that policy names now, and those that Portico put somebody in. */
const MARK_WANTED = `
  with title as materialized (
    select distinct lower(trim(value)) as value from cell cross join jsonb_array_elements_text(learner -> 'groups') as value
    where tenant = $1 and portal = $2 and learner ? 'groups'
  ), now_wanted as (
    select group_id, lower(trim(title)) in (select value from title)
        or exists (select 1 from group_membership membership
          where membership.tenant = $1 and membership.portal = $2 and membership.group_id = portal_group.group_id
            and membership.employee_id is not null) as wanted
    from portal_group where tenant = $1 and portal = $2
  )
  update portal_group set wanted = now_wanted.wanted,
    members_read_at = case when now_wanted.wanted then members_read_at end
  from now_wanted
  where tenant = $1 and portal = $2 and portal_group.group_id = now_wanted.group_id
    and portal_group.wanted <> now_wanted.wanted`;

/** The complete list of a portal's groups. */
export const saveGroups = async (
  sql: Sql,
  { tenant, portal }: Place,
  groups: readonly LearnUponGroup[],
): Promise<void> => {
  const ids = groups.map(({ id }) => id);
  await sql(SAVE_GROUPS, [tenant, portal, ids, groups.map(({ title }) => title)]);
  await sql(FORGET_GROUPS, [tenant, portal, ids]);
  await sql(MARK_WANTED, [tenant, portal]);
};

/** Groups whose members are to be read: all that are wanted, or those that never were. */
export const loadGroupsToRead = async (
  sql: Sql,
  { tenant, portal }: Place,
  onlyUnread: boolean,
): Promise<readonly string[]> => {
  const rows = await sql<{ id: string }>(
    `select group_id as id from portal_group
     where tenant = $1 and portal = $2 and wanted and (not $3 or members_read_at is null) order by group_id`,
    [tenant, portal, onlyUnread],
  );
  return rows.map(({ id }) => id);
};

const DIRTY_WAITING = `
  update cell set priority = coalesce(priority, 2), dirty_at = coalesce(dirty_at, now())
  where tenant = $1 and portal = $2 and priority is null and learner ? 'groups'
    and reason in ('waiting-for-mirror', 'group-missing')`;

/** Whoever waited for the groups looks again. */
export const completeGroups = async (sql: Sql, { tenant, portal }: Place, isWhole: boolean): Promise<void> => {
  if (isWhole)
    await sql('update lane set groups_completed_at = now() where tenant = $1 and portal = $2', [tenant, portal]);
  await sql(DIRTY_WAITING, [tenant, portal]);
};
