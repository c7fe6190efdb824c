import { joinLines, linesOf, prepared, sparse } from '@portico/database';
import type { LearnUponInvite, LearnUponUser } from '@portico/learnupon-client';
import type { Sql } from '@portico/messaging';

/** Where a mirror is of. */
export interface Place {
  readonly tenant: string;
  readonly portal: string;
}

/** An account as it was read, or as it was written. */
export interface MirroredAccount {
  readonly id: string;
  readonly email: string | null;
  readonly username: string | null;
  readonly firstName: string;
  readonly lastName: string;
  readonly language: string | null;
  readonly timeZone?: string | null;
  readonly enabled: boolean;
  readonly userType: LearnUponUser['userType'];
  readonly accountExpires: string | null;
  readonly customData: Readonly<Record<string, string | null>>;
}

/**
 * Writes only what differs, since most of a portal is as it was. Answers what did. `offset 0` keeps the planner from
 * reading the whole portal for a page of it. Who writes holds the lane: an account that is not there stays so until it is
 * inserted.
 */
const SAVE_ACCOUNTS = prepared(`
  with read as (
    select account_id, email, username, first_name, last_name, language, enabled, user_type, account_expires,
      custom_data::jsonb as custom_data, time_zone
    from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::boolean[], $10::text[],
      $11::text[], ${linesOf('$12')}, $13::text[])
      as read (account_id, email, username, first_name, last_name, language, enabled, user_type, account_expires, custom_data,
        time_zone)
  ), changed as materialized (
    select distinct on (read.account_id) read.*, account.account_id is null as is_new from read
    left join lateral (
      select * from account
      where account.tenant = $1 and account.portal = $2 and account.account_id = read.account_id offset 0) account on true
    where account.account_id is null or not account.listed
      or (account.email, account.username, account.first_name, account.last_name, account.language, account.enabled,
          account.user_type, account.account_expires, account.custom_data, account.time_zone)
        is distinct from (read.email, read.username, read.first_name, read.last_name, read.language, read.enabled,
          read.user_type, read.account_expires, read.custom_data, read.time_zone)
    order by read.account_id
  ), updated as (
    update account set email = changed.email, username = changed.username, first_name = changed.first_name,
      last_name = changed.last_name, language = changed.language, enabled = changed.enabled,
      user_type = changed.user_type, account_expires = changed.account_expires, custom_data = changed.custom_data,
      time_zone = changed.time_zone, listed = true
    from changed
    where not changed.is_new
      and account.tenant = $1 and account.portal = $2 and account.account_id = changed.account_id
  ), inserted as (
    insert into account (tenant, portal, account_id, email, username, first_name, last_name, language, enabled, user_type,
      account_expires, custom_data, time_zone, listed)
    select $1, $2, account_id, email, username, first_name, last_name, language, enabled, user_type, account_expires,
      custom_data, time_zone, true
    from changed where is_new
  )
  select account_id as id from changed`);

/** An empty value is no value; in a fixed order of labels nothing seems changed that is not. */
const customDataOf = ({ customData }: MirroredAccount): string =>
  JSON.stringify(Object.fromEntries(Object.entries(customData).filter(([, value]) => value !== null)));

/** Answers the ids of those that were not known so. */
export const saveAccounts = async (
  sql: Sql,
  { tenant, portal }: Place,
  accounts: readonly MirroredAccount[],
): Promise<string[]> => {
  if (accounts.length === 0) return [];
  const rows = await sql<{ id: string }>(SAVE_ACCOUNTS, [
    tenant,
    portal,
    accounts.map(({ id }) => id),
    accounts.map(({ email }) => email),
    sparse(accounts.map(({ username }) => username)),
    accounts.map(({ firstName }) => firstName),
    accounts.map(({ lastName }) => lastName),
    accounts.map(({ language }) => language),
    accounts.map(({ enabled }) => enabled),
    accounts.map(({ userType }) => userType),
    sparse(accounts.map(({ accountExpires }) => accountExpires)),
    joinLines(accounts.map(customDataOf)),
    sparse(accounts.map(({ timeZone }) => timeZone ?? null)),
  ]);
  return rows.map(({ id }) => id);
};

const SAVE_INVITES = prepared(`
  with read as (
    select * from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
      as read (invite_id, email, status, accept_url, sent_at)
  ), changed as (
    select distinct on (read.invite_id) read.* from read
    left join lateral (
      select * from invite
      where invite.tenant = $1 and invite.portal = $2 and invite.invite_id = read.invite_id offset 0) invite on true
    where invite.invite_id is null or not invite.listed
      or (invite.email, invite.status, invite.accept_url) is distinct from (read.email, read.status, read.accept_url)
  )
  insert into invite (tenant, portal, invite_id, email, status, accept_url, sent_at, listed)
  select $1, $2, invite_id, email, status, accept_url, sent_at, true from changed order by invite_id
  on conflict (tenant, portal, invite_id) do update set email = excluded.email, status = excluded.status,
    accept_url = coalesce(excluded.accept_url, invite.accept_url), sent_at = coalesce(excluded.sent_at, invite.sent_at),
    listed = true
  returning invite_id as id`);

export interface MirroredInvite {
  readonly id: string;
  readonly email: string;
  readonly status: LearnUponInvite['status'];
  readonly acceptUrl?: string;
  readonly createdAt: string | null;
}

/** Answers the ids of those that were not known so. */
export const saveInvites = async (
  sql: Sql,
  { tenant, portal }: Place,
  invites: readonly MirroredInvite[],
): Promise<string[]> => {
  if (invites.length === 0) return [];
  const rows = await sql<{ id: string }>(SAVE_INVITES, [
    tenant,
    portal,
    invites.map(({ id }) => id),
    invites.map(({ email }) => email),
    invites.map(({ status }) => status),
    invites.map(({ acceptUrl }) => acceptUrl ?? null),
    invites.map(({ createdAt }) => createdAt),
  ]);
  return rows.map(({ id }) => id);
};

/** The mirror follows what Portico wrote; it is read back later. */
const CHANGE_ACCOUNTS = prepared(`
  update account set
    email = coalesce(written.changes ->> 'email', account.email),
    username = coalesce(written.changes ->> 'username', account.username),
    first_name = coalesce(written.changes ->> 'firstName', account.first_name),
    last_name = coalesce(written.changes ->> 'lastName', account.last_name),
    language = coalesce(written.changes ->> 'language', account.language),
    time_zone = coalesce(written.changes ->> 'timeZone', account.time_zone),
    user_type = coalesce(written.changes ->> 'userType', account.user_type),
    account_expires = case when written.changes ? 'accountExpires' then written.changes ->> 'accountExpires'
      else account.account_expires end,
    custom_data = jsonb_strip_nulls(account.custom_data || coalesce(written.changes -> 'customData', '{}')),
    enabled = coalesce(written.enabled, account.enabled)
  from unnest($3::text[], $4::jsonb[], $5::boolean[]) as written (account_id, changes, enabled)
  where account.tenant = $1 and account.portal = $2 and account.account_id = written.account_id`);

export interface AccountChange {
  readonly id: string;
  /** Custom data by normalised label. */
  readonly changes: object;
  readonly enabled?: boolean;
}

export const changeAccounts = async (
  sql: Sql,
  { tenant, portal }: Place,
  changes: readonly AccountChange[],
): Promise<void> => {
  if (changes.length === 0) return;
  await sql(CHANGE_ACCOUNTS, [
    tenant,
    portal,
    changes.map(({ id }) => id),
    changes.map((change) => JSON.stringify(change.changes)),
    changes.map(({ enabled }) => enabled ?? null),
  ]);
};

export const markCancelled = async (sql: Sql, { tenant, portal }: Place, ids: readonly string[]): Promise<void> => {
  if (ids.length === 0) return;
  await sql(`update invite set status = 'canceled' where tenant = $1 and portal = $2 and invite_id = any($3::text[])`, [
    tenant,
    portal,
    ids,
  ]);
};

/** An account that is gone for certain: the portal answered 404 for its id. */
export const forgetAccounts = async (sql: Sql, { tenant, portal }: Place, ids: readonly string[]): Promise<void> => {
  if (ids.length === 0) return;
  await sql('delete from account where tenant = $1 and portal = $2 and account_id = any($3::text[])', [
    tenant,
    portal,
    ids,
  ]);
};
