import type { Sql } from '@portico/messaging';
import { hintWaiting, wakeHinted } from './hints.js';
import type { Place } from './mirror.js';

/**
 * In the lane of `$1`, `$2`: a complete list that showed all that was written before it has verified that, whatever
 * `unverified_since` of those cells says.
 */
export const VERIFIED_AT = `(
  select coalesce(users_verified_at, '-infinity') from lane where lane.tenant = $1 and lane.portal = $2)`;

/**
 * Cells whose last write has been read back. Where LearnUpon took a write and does not show it, the same is not written
 * again: it counts as refused.
 */
const VERIFY_ACCOUNTS = `
  update cell set unverified_since = null, applied_key = null, applied_attempt = null,
    refusal_reason = case when account_id = any($4::text[]) then 'refused-other' else refusal_reason end,
    refusal_key = case when account_id = any($4::text[]) then coalesce(applied_key, (
      select operation::text from attempt
      where attempt.tenant = $1 and attempt.portal = $2 and attempt.id = cell.applied_attempt)) else refusal_key end
  where tenant = $1 and portal = $2 and account_id = any($3::text[]) and unverified_since > ${VERIFIED_AT}`;

/** Those linked, and those of whoever holds an identifier that one of the accounts has. */
const DIRTY_BY_ACCOUNTS = `
  update cell set priority = coalesce(priority, 2), dirty_at = coalesce(dirty_at, now())
  where tenant = $1 and portal = $2 and employee_id in (
    select employee_id from cell where tenant = $1 and portal = $2 and account_id = any($3::text[])
    union
    select claim.employee_id
    from account join identifier_claim claim on claim.tenant = account.tenant
      and (claim.kind, claim.value) in (('email', lower(account.email)), ('username', lower(account.username)))
    where account.tenant = $1 and account.portal = $2 and account.account_id = any($3::text[]))`;

/** Accounts that were read and verify what was written: `changed` are those that are not as the mirror had them. */
export const followAccounts = async (
  sql: Sql,
  { tenant, portal }: Place,
  read: readonly string[],
  changed: readonly string[],
): Promise<void> => {
  if (read.length > 0) await sql(VERIFY_ACCOUNTS, [tenant, portal, read, changed]);
  if (changed.length > 0) await sql(DIRTY_BY_ACCOUNTS, [tenant, portal, changed]);
};

/** Accounts that the portal does not show: whether they exist is unknown. */
export const unlistAccounts = async (sql: Sql, { tenant, portal }: Place, ids: readonly string[]): Promise<void> => {
  if (ids.length === 0) return;
  await sql('update account set listed = false where tenant = $1 and portal = $2 and account_id = any($3::text[])', [
    tenant,
    portal,
    ids,
  ]);
  await followAccounts(sql, { tenant, portal }, ids, ids);
};

const VERIFY_INVITES = `
  update cell set unverified_since = null, applied_key = null
  where tenant = $1 and portal = $2 and invite_id = any($3::text[]) and unverified_since is not null`;

const DIRTY_BY_INVITES = `
  update cell set priority = coalesce(priority, 2), dirty_at = coalesce(dirty_at, now())
  where tenant = $1 and portal = $2 and employee_id in (
    select employee_id from cell where tenant = $1 and portal = $2 and invite_id = any($3::text[])
    union
    select claim.employee_id
    from invite join identifier_claim claim
      on claim.tenant = invite.tenant and claim.kind = 'email' and claim.value = lower(invite.email)
    where invite.tenant = $1 and invite.portal = $2 and invite.invite_id = any($3::text[]))`;

export const followInvites = async (
  sql: Sql,
  { tenant, portal }: Place,
  read: readonly string[],
  changed: readonly string[],
): Promise<void> => {
  await sql(VERIFY_INVITES, [tenant, portal, read]);
  if (changed.length > 0) await sql(DIRTY_BY_INVITES, [tenant, portal, changed]);
};

/** The database's time: a list is evidence of what was so when it began. */
export const databaseTime = async (sql: Sql): Promise<string> => {
  const [row] = await sql<{ now: string }>('select now()::text as now');
  return row?.now ?? '';
};

export interface CompleteList {
  readonly ids: readonly string[];
  /** When its first page was asked for, by the database's clock. */
  readonly begunAt: string;
}

const LACKS_WRITTEN = `
  select 1 from cell
  where tenant = $1 and portal = $2 and account_id is not null and unverified_since > ${VERIFIED_AT}
    and not account_id = any($3::text[])
  limit 1`;

/** What the pages of a list showed as it was written has been read back: all at once, where the list lacks nothing of it. */
export const verifyListed = async (
  sql: Sql,
  { tenant, portal }: Place,
  { ids, begunAt }: CompleteList,
): Promise<void> => {
  const lacking = await sql(LACKS_WRITTEN, [tenant, portal, ids]);
  if (lacking.length > 0) return followAccounts(sql, { tenant, portal }, ids, []);
  await sql('update lane set users_verified_at = $3::timestamptz where tenant = $1 and portal = $2', [
    tenant,
    portal,
    begunAt,
  ]);
};

/** Accounts that were there and that the list lacks. */
export const findMissing = async (sql: Sql, { tenant, portal }: Place, ids: readonly string[]): Promise<string[]> => {
  const rows = await sql<{ id: string }>(
    `select account_id as id from account
     where tenant = $1 and portal = $2 and listed and not account_id = any($3::text[]) order by account_id`,
    [tenant, portal, ids],
  );
  return rows.map(({ id }) => id);
};

const SUSPECT = `
  update lane set suspect_since = coalesce(suspect_since, now()), suspect_reads = suspect_reads + 1, suspect_message = $3,
    users_retry_at = now() + make_interval(secs => least($5, $4 * 2 ^ least(suspect_reads, 20)))
  where tenant = $1 and portal = $2
  returning suspect_reads as reads`;

const FIRST_RETRY_SECONDS = 30;
const LONGEST_RETRY_SECONDS = 3_600;

/** A list that lacks accounts which are there: nothing is concluded from it, and it is read again later and later. */
export const suspectList = async (sql: Sql, { tenant, portal }: Place, message: string): Promise<number> => {
  const [row] = await sql<{ reads: number }>(SUSPECT, [
    tenant,
    portal,
    message,
    FIRST_RETRY_SECONDS,
    LONGEST_RETRY_SECONDS,
  ]);
  return row?.reads ?? 0;
};

/** Not those just written: LearnUpon may show them a little later. */
const UNLIST_ACCOUNTS = `
  update account set listed = false
  where tenant = $1 and portal = $2 and listed and not account_id = any($3::text[])
    and not exists (
      select 1 from cell
      where cell.tenant = $1 and cell.portal = $2 and cell.account_id = account.account_id
        and cell.unverified_since > ${VERIFIED_AT}
        and cell.unverified_since > $4::timestamptz - make_interval(secs => $5))
  returning account_id as id`;

const UNLIST_INVITES = `
  update invite set listed = false
  where tenant = $1 and portal = $2 and listed and not invite_id = any($3::text[])
    and not exists (
      select 1 from cell
      where cell.tenant = $1 and cell.portal = $2 and cell.invite_id = invite.invite_id
        and cell.unverified_since > $4::timestamptz - make_interval(secs => $5))
  returning invite_id as id`;

/** A list that can be believed ends the doubt about those before it. */
const TRUSTED = {
  users: ', suspect_reads = 0, suspect_since = null, suspect_message = null, users_retry_at = null',
  invites: '',
} as const;

const LISTS = {
  users: { unlist: UNLIST_ACCOUNTS, follow: followAccounts },
  invites: { unlist: UNLIST_INVITES, follow: followInvites },
} as const;

/** As many may go at once without the list looking cut short. */
const MOST_UNLISTED = 10;
const MOST_UNLISTED_SHARE = 0.05;

/** So many are missing at once that the list may be at fault, and not they. */
export const looksCutShort = (missing: number, listed: number): boolean =>
  missing > Math.max(MOST_UNLISTED, listed * MOST_UNLISTED_SHARE);

/** Ends a complete read: what it lacks is unknown from now on. Answers whether it can be evidence that something is absent. */
export const completeList = async (
  sql: Sql,
  { tenant, portal }: Place,
  kind: 'users' | 'invites',
  { ids, begunAt }: CompleteList,
  settleSeconds: number,
): Promise<boolean> => {
  const { unlist, follow } = LISTS[kind];
  const rows = await sql<{ id: string }>(unlist, [tenant, portal, ids, begunAt, settleSeconds]);
  const unlisted = rows.map(({ id }) => id);
  await follow(sql, { tenant, portal }, [], unlisted);
  await sql(
    `update lane set ${kind}_begun_at = $3::timestamptz, ${kind}_completed_at = now()${TRUSTED[kind]}
     where tenant = $1 and portal = $2`,
    [tenant, portal, begunAt],
  );
  await sql(DIRTY_WAITING, [tenant, portal]);
  await wakeHinted(sql, { tenant, portal }, await hintWaiting(sql, { tenant, portal }));
  return !looksCutShort(unlisted.length, ids.length);
};

/** Those here that wait for what a read can show. */
const DIRTY_WAITING = `
  update cell set priority = coalesce(priority, 2), dirty_at = coalesce(dirty_at, now())
  where tenant = $1 and portal = $2 and priority is null
    and (reason in ('waiting-for-mirror', 'identifier-claimed', 'ambiguous-account', 'not-ours') or blocked_portal = $2)`;
