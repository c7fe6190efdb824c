import { prepared } from '@portico/database';
import type { Sql } from '@portico/messaging';
import type { LaneSettings } from '../lane/lane-context.js';
import { doubtsDueSql } from './doubts.js';
import { hintedSql } from './hints.js';
import { membershipsDueSql } from './memberships.js';
import { portalsDueSql } from './seen-portals.js';
import type { LaneLease } from './lanes.js';
import { VERIFIED_AT } from './read-back.js';
import { LICENCES_FULL } from './realms.js';

/** What a lane has to read before it can go on. */
export interface LaneState {
  readonly areUsersStale: boolean;
  readonly areInvitesStale: boolean;
  readonly invitesReadable: boolean;
  readonly hasDoubts: boolean;
  /** Policy uses groups, and their list is too old; or it came to use one whose members were never read. */
  readonly areGroupsStale: boolean;
  readonly areMembersUnread: boolean;
}

const USES_GROUPS = `(
  exists (select 1 from cell where cell.tenant = $1 and cell.portal = $2 and learner ? 'groups')
  or exists (select 1 from group_membership membership
    where membership.tenant = $1 and membership.portal = $2 and membership.employee_id is not null))`;

const STATE = prepared(`
  select
    coalesce(users_completed_at <= now() - make_interval(secs => $3), true) and coalesce(users_retry_at <= now(), true)
      as "areUsersStale",
    coalesce(invites_completed_at <= now() - make_interval(secs => case
      when invites_readable and exists (
        select 1 from cell where cell.tenant = $1 and cell.portal = $2 and invite_id is not null) then $4
      else $3 end), true) as "areInvitesStale",
    invites_readable as "invitesReadable",
    exists (select 1 from attempt where attempt.tenant = $1 and attempt.portal = $2 and attempt.state = 'doubt')
      as "hasDoubts",
    coalesce(groups_completed_at <= now() - make_interval(secs => $3), true) and ${USES_GROUPS} as "areGroupsStale",
    exists (select 1 from portal_group where portal_group.tenant = $1 and portal_group.portal = $2 and wanted
      and members_read_at is null) as "areMembersUnread"
  from lane where tenant = $1 and portal = $2`);

export const loadLaneState = async (
  sql: Sql,
  { tenant, portal }: LaneLease,
  { mirrorMaxAgeSeconds, invitePollSeconds }: LaneSettings,
): Promise<LaneState> => {
  const inviteSeconds = Math.min(invitePollSeconds, mirrorMaxAgeSeconds);
  const [state] = await sql<LaneState>(STATE, [tenant, portal, mirrorMaxAgeSeconds, inviteSeconds]);
  if (state === undefined) throw new Error(`there is no lane ${tenant}/${portal}`);
  return state;
};

/** Pages of 500 that a complete read of the accounts takes. */
export const countUserPages = async (sql: Sql, { tenant, portal }: LaneLease): Promise<number> => {
  const [row] = await sql<{ pages: number }>(
    'select ceil((count(*) + 1) / 500.0)::int as pages from account where tenant = $1 and portal = $2',
    [tenant, portal],
  );
  return row?.pages ?? 1;
};

/**
 * Where the accounts of accepted invites may be that are not known yet: at the invite's address, or at another of that
 * person's, since an account made by accepting follows when the realm changes the address.
 */
export const loadAcceptedAddresses = async (sql: Sql, { tenant, portal }: LaneLease): Promise<string[]> => {
  const rows = await sql<{ email: string }>(
    `with accepted as materialized (
       select cell.employee_id, lower(invite.email) as email from cell join invite using (tenant, portal, invite_id)
       where cell.tenant = $1 and cell.portal = $2 and cell.account_id is null and invite.status = 'accepted'
     ), address as materialized (
       select * from accepted
       union
       select claim.employee_id, claim.value from accepted
       join identifier_claim claim on claim.tenant = $1 and claim.employee_id = accepted.employee_id and claim.kind = 'email'
     )
     select email from address
     where not exists (
       select 1 from address other
       join account on account.tenant = $1 and account.portal = $2 and lower(account.email) = other.email
       where other.employee_id = address.employee_id)`,
    [tenant, portal],
  );
  return rows.map(({ email }) => email);
};

/** A lane that has just written is read back only when it has been quiet. */
const QUIET_SECONDS = 0.2;

/**
 * When what was written is to be read back: when the lane has been quiet, and after a list that lacked it, when LearnUpon
 * has had the time to show it. The newest is found at the end of an index.
 */
const READ_BACK_DUE = `
  select
    case when accounts.written_at > coalesce(lane.users_verified_at, '-infinity') then
      greatest(lane.users_retry_at, case when lane.users_begun_at > accounts.written_at
        then lane.users_completed_at + make_interval(secs => $3)
        else accounts.written_at + make_interval(secs => ${QUIET_SECONDS}) end) end as accounts_due,
    case when lane.invites_begun_at > invites.written_at
      then lane.invites_completed_at + make_interval(secs => $3)
      else invites.written_at + make_interval(secs => ${QUIET_SECONDS}) end as invites_due
  from lane
  cross join lateral (
    select max(unverified_since) as written_at from cell
    where cell.tenant = $1 and cell.portal = $2 and account_id is not null and unverified_since is not null) accounts
  cross join lateral (
    select max(unverified_since) as written_at from cell
    where cell.tenant = $1 and cell.portal = $2 and account_id is null and unverified_since is not null) invites
  where lane.tenant = $1 and lane.portal = $2`;

export interface ToReadBack {
  readonly accountIds: readonly string[];
  readonly invites: boolean;
}

/** What is to be read back now. */
export const loadToReadBack = async (
  sql: Sql,
  { tenant, portal }: LaneLease,
  settleSeconds: number,
): Promise<ToReadBack> => {
  const [row] = await sql<ToReadBack>(
    `select case when accounts_due <= now() then (
         select array_agg(account_id) from cell
         where tenant = $1 and portal = $2 and account_id is not null and unverified_since > ${VERIFIED_AT}) else '{}' end
         as "accountIds",
       coalesce(invites_due <= now(), false) as invites
     from (${READ_BACK_DUE}) due`,
    [tenant, portal, settleSeconds],
  );
  return row ?? { accountIds: [], invites: false };
};

/** A cell that waits for another portal's mirror may have been planned while that was completed. */
const MIRROR_WAIT_SECONDS = 10;

const DIRTY = 'priority = coalesce(priority, 2), dirty_at = coalesce(dirty_at, now())';

/** What time alone brings back; each statement follows an index, since a lane asks at every turn. */
const REFUSALS_THAT_END = prepared(`
  update cell set ${DIRTY}, refusal_reason = null, refusal_key = null, refusal_until = null
  where tenant = $1 and portal = $2 and refusal_until <= now()`);

const MIRRORS_OF_OTHERS = prepared(`
  update cell set ${DIRTY} where tenant = $1 and portal = $2 and reason = 'waiting-for-mirror' and priority is null`);

const LICENCES_TO_ASK_FOR = prepared(`
  update lane set licences_full_until = null
  where tenant = $1 and portal = $2 and licences_full_until <= now()`);

const WITHOUT_LICENCE = prepared(`
  update cell set ${DIRTY}
  where tenant = $1 and portal = $2 and reason = 'licences-full' and priority is null and not exists (
    select 1 from lane left join seen_portal seen using (tenant, portal)
    where lane.tenant = $1 and lane.portal = $2 and ${LICENCES_FULL})`);

/** A day has begun, by the clock that LearnUpon's dates mean: accounts expire, and what waits for them goes on. */
const A_DAY_BEGAN = prepared(`
  update lane set planned_day = $3 where tenant = $1 and portal = $2 and planned_day is distinct from $3 returning 1`);

const WITH_A_DAY = `
  update cell set ${DIRTY} where tenant = $1 and portal = $2 and access = 'withheld'
    and (expires_on is not null or retain_until is not null or reason = 'needed-in-sub-portal')`;

/** @param today `YYYY-MM-DD` in UTC */
export const dirtyExpired = async (sql: Sql, { tenant, portal }: LaneLease, today: string): Promise<void> => {
  const began = await sql(A_DAY_BEGAN, [tenant, portal, today]);
  if (began.length > 0) await sql(WITH_A_DAY, [tenant, portal]);
  await sql(REFUSALS_THAT_END, [tenant, portal]);
  await sql(MIRRORS_OF_OTHERS, [tenant, portal]);
  await sql(LICENCES_TO_ASK_FOR, [tenant, portal]);
  await sql(WITHOUT_LICENCE, [tenant, portal]);
};

/** When time alone will bring work. */
const NEXT_DUE = prepared(`
  select extract(epoch from least(
      coalesce(greatest(lane.users_completed_at + make_interval(secs => $4), lane.users_retry_at), now()),
      lane.invites_completed_at + make_interval(secs => case when lane.invites_readable and exists (
        select 1 from cell where cell.tenant = $1 and cell.portal = $2 and invite_id is not null) then $5 else $4 end),
      lane.licences_full_until,
      case when lane.groups_completed_at is not null and ${USES_GROUPS}
        then lane.groups_completed_at + make_interval(secs => $4) end,
      (${membershipsDueSql('$3')}),
      (${portalsDueSql('$4')}),
      (date_trunc('day', now() at time zone 'UTC') + interval '1 day 1 second') at time zone 'UTC',
      (select min(refusal_until) from cell where cell.tenant = $1 and cell.portal = $2),
      (select now() + make_interval(secs => ${MIRROR_WAIT_SECONDS}) from cell
        where cell.tenant = $1 and cell.portal = $2 and reason = 'waiting-for-mirror' limit 1),
      (select least(accounts_due, invites_due) from (${READ_BACK_DUE}) due),
      (${doubtsDueSql} and (lane.invites_readable or operation ->> 'kind' not in ('invite', 'cancel-invite'))),
      (select now() from cell where cell.tenant = $1 and cell.portal = $2 and priority is not null
        order by priority limit 1),
      case when ${hintedSql('$2')} then now() end
    ) - now())::float8 * 1000 as ms
  from lane where lane.tenant = $1 and lane.portal = $2`);

const SOONEST_MS = 100;

/** Milliseconds until a lane without new work has something to do. */
export const nextDueMs = async (
  sql: Sql,
  { tenant, portal }: LaneLease,
  { mirrorMaxAgeSeconds, invitePollSeconds, settleSeconds }: LaneSettings,
): Promise<number> => {
  const inviteSeconds = Math.min(invitePollSeconds, mirrorMaxAgeSeconds);
  const [row] = await sql<{ ms: number | null }>(NEXT_DUE, [
    tenant,
    portal,
    settleSeconds,
    mirrorMaxAgeSeconds,
    inviteSeconds,
  ]);
  return Math.max(SOONEST_MS, row?.ms ?? 0);
};

/** Milliseconds until the list of accounts is to be read. */
export const usersDueMs = async (
  sql: Sql,
  { tenant, portal }: LaneLease,
  { mirrorMaxAgeSeconds }: LaneSettings,
): Promise<number> => {
  const [row] = await sql<{ ms: number | null }>(
    `select extract(epoch from greatest(users_completed_at + make_interval(secs => $3), users_retry_at) - now())::float8
       * 1000 as ms
     from lane where tenant = $1 and portal = $2`,
    [tenant, portal, mirrorMaxAgeSeconds],
  );
  return Math.max(SOONEST_MS, row?.ms ?? 0);
};
