import { prepared } from '@portico/database';
import type { Sql } from '@portico/messaging';
import type { Account } from '@portico/provisioning-plan';
import { groupBy } from './group-by.js';
import type { LaneLease } from './lanes.js';

export interface AccountRow extends Omit<Account, 'ownerId'> {
  readonly employeeId: string;
  readonly portal: string;
  readonly ownerId: string | null;
}

const ACCOUNT = `
  account.portal, account.account_id as "accountId", account.email, account.username, account.first_name as "firstName",
  account.last_name as "lastName", account.language, account.time_zone as "timeZone", account.enabled, account.user_type as "userType",
  account.account_expires as "accountExpires", account.custom_data as "customData", account.listed`;

/**
 * In all portals of the realm: those linked, and those with an identifier that the person holds. `offset 0` keeps the
 * planner from beginning with every account or claim of the tenant, which it takes for few while a first sync is under way.
 */
const LOAD_ACCOUNTS = prepared(`
  with linked as materialized (
    select * from unnest($3::text[], $4::text[], $5::text[]) as linked (employee_id, portal, account_id)
  ), claim as materialized (
    select person.employee_id, kind, value from unnest($2::text[]) as person (employee_id) cross join lateral (
      select kind, value from identifier_claim
      where tenant = $1 and identifier_claim.employee_id = person.employee_id offset 0) held
  ), found as materialized (
    (select claim.employee_id, account.portal, account.account_id from claim cross join lateral (
      select portal, account_id from account
      where tenant = $1 and claim.kind = 'email' and lower(email) = claim.value offset 0) account
    union all
    select claim.employee_id, account.portal, account.account_id from claim cross join lateral (
      select portal, account_id from account
      where tenant = $1 and claim.kind = 'username' and lower(username) = claim.value offset 0) account)
    except select employee_id, portal, account_id from linked
  ), owned as (
    select linked.employee_id, linked.employee_id as owner_id, portal, account_id from linked
    union all
    select found.employee_id, owner.employee_id, found.portal, found.account_id
    from found left join lateral (
      select employee_id from cell
      where tenant = $1 and cell.portal = found.portal and cell.account_id = found.account_id offset 0) owner on true
    where owner.employee_id is distinct from found.employee_id
  )
  select owned.employee_id as "employeeId", owned.owner_id as "ownerId", ${ACCOUNT}
  from owned cross join lateral (
    select * from account
    where tenant = $1 and account.portal = owned.portal and account.account_id = owned.account_id offset 0) account`);

/**
 * Disabling in the top-level portal reaches whatever has the same identifier elsewhere, also one that the person never
 * claimed: an e-mail address where user names tell the accounts, or a portal that is off.
 */
const LOAD_CASCADED = prepared(`
  with leaver as materialized (
    select cell.employee_id, lower(account.email) as email, lower(account.username) as username
    from cell join account using (tenant, portal, account_id)
    where cell.tenant = $1 and cell.portal = $3 and cell.employee_id = any($2::text[]) and cell.access = 'withheld'
      and account.enabled
  ), found as materialized (
    select leaver.employee_id, other.portal, other.account_id from leaver cross join lateral (
      select portal, account_id from account where tenant = $1 and lower(email) = leaver.email offset 0) other
    union
    select leaver.employee_id, other.portal, other.account_id from leaver cross join lateral (
      select portal, account_id from account where tenant = $1 and lower(username) = leaver.username offset 0) other
  )
  select found.employee_id as "employeeId", owner.employee_id as "ownerId", ${ACCOUNT}
  from found cross join lateral (
    select * from account
    where tenant = $1 and account.portal = found.portal and account.account_id = found.account_id offset 0) account
  left join lateral (
    select employee_id from cell
    where tenant = $1 and cell.portal = found.portal and cell.account_id = found.account_id offset 0) owner on true
  where found.portal <> $3`);

export const toAccount = ({ employeeId: _, portal: __, ownerId, ...account }: AccountRow): Account =>
  ownerId === null ? account : { ...account, ownerId };

const rowKey = ({ employeeId, portal, accountId }: AccountRow): string => `${employeeId} ${portal} ${accountId}`;

/** A cell that has an account. */
export interface LinkedCell {
  readonly employeeId: string;
  readonly portal: string;
  readonly accountId: string;
}

const loadRows = async (
  sql: Sql,
  lease: LaneLease,
  ids: readonly string[],
  linked: readonly LinkedCell[],
): Promise<AccountRow[]> => {
  const { tenant, portal, topLevel } = lease;
  const [own, cascaded] = await Promise.all([
    sql<AccountRow>(LOAD_ACCOUNTS, [
      tenant,
      ids,
      linked.map(({ employeeId }) => employeeId),
      linked.map((cell) => cell.portal),
      linked.map(({ accountId }) => accountId),
    ]),
    topLevel ? sql<AccountRow>(LOAD_CASCADED, [tenant, ids, portal]) : [],
  ]);
  const known = new Set(own.map(rowKey));
  return [...own, ...cascaded.filter((row) => !known.has(rowKey(row)))];
};

/** What a plan looks at, by employee and portal; `linked` are all of theirs. */
export const loadAccountsOf = async (
  sql: Sql,
  lease: LaneLease,
  ids: readonly string[],
  linked: readonly LinkedCell[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, AccountRow[]>>> => {
  const byPerson = groupBy(await loadRows(sql, lease, ids, linked), ({ employeeId }) => employeeId);
  return new Map([...byPerson].map(([id, rows]) => [id, groupBy(rows, ({ portal }) => portal)]));
};

/** `offset 0`: correlations are few, and the planner would begin with all cells. */
const LOAD_CONFIRMED = prepared(`
  select correlation.employee_id as "employeeId", owner.employee_id as "ownerId", ${ACCOUNT}
  from correlation
  cross join lateral (
    select * from account
    where tenant = $1 and portal = $3 and account.account_id = correlation.account_id offset 0) account
  left join lateral (
    select employee_id from cell
    where tenant = $1 and portal = $3 and cell.account_id = correlation.account_id offset 0) owner on true
  where correlation.tenant = $1 and correlation.portal = $3 and correlation.employee_id = any($2::text[])`);

/** Accounts of which a person said whose they are, by employee. */
export const loadConfirmed = async (
  sql: Sql,
  { tenant, portal }: LaneLease,
  ids: readonly string[],
): Promise<ReadonlyMap<string, AccountRow>> => {
  const rows = await sql<AccountRow>(LOAD_CONFIRMED, [tenant, ids, portal]);
  return new Map(rows.map((row) => [row.employeeId, row]));
};
