import { prepared } from '@portico/database';
import type { Sql } from '@portico/messaging';
import type { Holder } from '@portico/provisioning-plan';

/** `email:` or `user name:` and the normalised value, as the core writes it. */
export interface Claim {
  readonly employeeId: string;
  readonly key: string;
}

/** Sorted, so that two lanes never wait for each other. */
const CLAIM = prepared(`
  insert into identifier_claim (tenant, kind, value, employee_id)
  select distinct on (wanted.kind, wanted.value) $1, wanted.kind, wanted.value, wanted.employee_id
  from unnest($2::text[], $3::text[], $4::text[]) as wanted (kind, value, employee_id)
  left join lateral (
    select 1 as held from identifier_claim
    where tenant = $1 and identifier_claim.kind = wanted.kind and identifier_claim.value = wanted.value offset 0) claim on true
  where claim.held is null
  order by wanted.kind, wanted.value
  on conflict (tenant, kind, value) do nothing`);

/**
 * A claim passes on only when its holder has no use for it: is not to have it, has no account and no pending invite with
 * it, and no call under way. A leaver's account, also a disabled one, keeps its address from the next who gets it.
 */
const TAKE_OVER = `
  update identifier_claim claim set employee_id = wanted.employee_id
  from unnest($2::text[], $3::text[], $4::text[]) as wanted (kind, value, employee_id)
  where claim.tenant = $1 and claim.kind = wanted.kind and claim.value = wanted.value
    and claim.employee_id <> wanted.employee_id
    and not exists (
      select 1 from cell
      left join account on account.tenant = cell.tenant and account.portal = cell.portal
        and account.account_id = cell.account_id
      left join invite on invite.tenant = cell.tenant and invite.portal = cell.portal
        and invite.invite_id = cell.invite_id and invite.status = 'sent'
      where cell.tenant = $1 and cell.employee_id = claim.employee_id and (
        (cell.access = 'granted' and lower(trim(cell.learner ->> claim.kind)) = claim.value)
        or (claim.kind = 'email' and claim.value in (lower(account.email), lower(invite.email)))
        or (claim.kind = 'username' and claim.value = lower(account.username))))
    and not exists (
      select 1 from attempt
      where attempt.tenant = $1 and attempt.employee_id = claim.employee_id and attempt.state in ('begun', 'doubt'))`;

const HOLDERS = prepared(`
  select claim.kind || ':' || claim.value as key, claim.employee_id as "employeeId"
  from (select distinct kind, value from unnest($2::text[], $3::text[]) as wanted (kind, value)) wanted
  cross join lateral (
    select * from identifier_claim
    where tenant = $1 and identifier_claim.kind = wanted.kind and identifier_claim.value = wanted.value offset 0) claim`);

/** Of everything that the holder has the identifier for, what a person has to see to first. */
const WHY_HELD = `
  select claim.kind || ':' || claim.value as key, claim.employee_id as "employeeId", coalesce(use.because, 'call') as because,
    case when use.because in ('account', 'invite', 'kept') then use.portal end as portal
  from (select distinct kind, value from unnest($2::text[], $3::text[]) as wanted (kind, value)) wanted
  join identifier_claim claim on claim.tenant = $1 and claim.kind = wanted.kind and claim.value = wanted.value
  left join lateral (
    select because, portal from (
      select cell.portal, account.account_id, case
        when cell.access = 'granted' and lower(trim(cell.learner ->> claim.kind)) = claim.value
          then case when cell.policy_reason = 'no-email' then 'kept' else 'wanted' end
        when claim.kind = 'email' and claim.value = lower(account.email)
          or claim.kind = 'username' and claim.value = lower(account.username) then 'account'
        when claim.kind = 'email' and claim.value = lower(invite.email) then 'invite' end as because
      from cell
      left join account on account.tenant = $1 and account.portal = cell.portal and account.account_id = cell.account_id
      left join invite on invite.tenant = $1 and invite.portal = cell.portal and invite.invite_id = cell.invite_id
        and invite.status = 'sent'
      where cell.tenant = $1 and cell.employee_id = claim.employee_id) found
    where because is not null
    order by array_position(array['wanted', 'kept', 'account', 'invite'], because), account_id is null, portal
    limit 1) use on true`;

const columnsOf = (claims: readonly Claim[]) => {
  const parts = claims.map(({ key }) => key.split(/:(.*)/s) as [string, string]);
  return [parts.map(([kind]) => kind), parts.map(([, value]) => value)] as const;
};

const isContested = (holders: ReadonlyMap<string, string>, { key, employeeId }: Claim): boolean =>
  holders.get(key) !== employeeId;

/** Claims identifiers that nobody holds. */
export const claimFree = async (sql: Sql, tenant: string, claims: readonly Claim[]): Promise<void> => {
  if (claims.length === 0) return;
  await sql(CLAIM, [tenant, ...columnsOf(claims), claims.map(({ employeeId }) => employeeId)]);
};

/** Claims identifiers before any call is made with them. Answers who else holds them, and why. */
export const claimIdentifiers = async (
  sql: Sql,
  tenant: string,
  claims: readonly Claim[],
): Promise<ReadonlyMap<string, Holder>> => {
  if (claims.length === 0) return new Map();
  const held = await holdersOf(sql, tenant, claims);
  const free = claims.filter(({ key }) => !held.has(key));
  await claimFree(sql, tenant, free);
  const holders = free.length === 0 ? held : await holdersOf(sql, tenant, claims);
  const contested = claims.filter((claim) => isContested(holders, claim));
  if (contested.length === 0) return new Map();
  const columns = columnsOf(contested);
  await sql(TAKE_OVER, [tenant, ...columns, contested.map(({ employeeId }) => employeeId)]);
  const rows = await sql<Holder & { key: string; portal: string | null }>(WHY_HELD, [tenant, ...columns]);
  return new Map(
    rows.map(({ key, portal, ...holder }) => [key, { ...holder, ...(portal === null ? {} : { portal }) }]),
  );
};

const holdersOf = async (sql: Sql, tenant: string, claims: readonly Claim[]): Promise<Map<string, string>> => {
  const rows = await sql<{ key: string; employeeId: string }>(HOLDERS, [tenant, ...columnsOf(claims)]);
  return new Map(rows.map(({ key, employeeId }) => [key, employeeId]));
};
