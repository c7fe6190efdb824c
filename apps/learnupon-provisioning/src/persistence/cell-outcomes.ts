import { prepared, sparse } from '@portico/database';
import type { Sql } from '@portico/messaging';
import type { Actual, Link, Reason, Refusal } from '@portico/provisioning-plan';
import type { LaneLease } from './lanes.js';

/** What a call leaves behind in its cell. */
export interface CellOutcome {
  readonly employeeId: string;
  /** The row that was planned: where it is still the same there is nothing more to plan. */
  readonly version?: string | undefined;
  readonly reason: Reason;
  /** `null` keeps what it was. */
  readonly actual: Actual | null;
  /** These are set, or taken away with `null`. */
  readonly accountId?: string | null | undefined;
  readonly origin?: Link['origin'] | null;
  readonly inviteId?: string | null | undefined;
  readonly refusal?: Refusal | null;
  /** After which the refusal is forgotten. */
  readonly refusalSeconds?: number;
  /** The attempt that wrote what has to be read back. */
  readonly appliedAttempt?: number | undefined;
  readonly isUnverified?: boolean;
  /** What is owned on create alone is not all written yet. */
  readonly isFresh?: boolean;
  /** What Portico wrote into the account: a last day that was taken away is `null`. */
  readonly written?: { readonly userType?: string | undefined; readonly accountExpires?: string | null | undefined };
  /** Given when the cell is to be planned again. */
  readonly priority?: number;
}

/**
 * A cell that became dirty during the call stays dirty. Where account or invite is gone nothing is left to read back. The
 * key is joined whole, behind `offset 0`: while a first sync is under way the planner takes a portal's cells for few, and
 * would read them all to find these.
 */
const SAVE = prepared(`
  update cell set reason = ended.reason, actual = coalesce(ended.actual, cell.actual), pending = null, detail = null,
    blocked_portal = null, blocked_employee = null,
    account_id = case when ended.sets_account then ended.account_id else cell.account_id end,
    origin = case when ended.sets_account then ended.origin else cell.origin end,
    invite_id = case when ended.sets_invite then ended.invite_id else cell.invite_id end,
    fresh = case when ended.sets_account then coalesce(ended.is_fresh, false) else cell.fresh end,
    written_type = case when ended.sets_account then ended.user_type else coalesce(ended.user_type, cell.written_type) end,
    written_expiry = case when ended.sets_account or ended.sets_expiry then ended.expiry else cell.written_expiry end,
    refusal_reason = case when ended.sets_refusal then ended.refusal_reason else cell.refusal_reason end,
    refusal_key = case when ended.sets_refusal then ended.refusal_key else cell.refusal_key end,
    refusal_until = case when ended.sets_refusal then now() + make_interval(secs => ended.refusal_seconds)
      else cell.refusal_until end,
    applied_attempt = coalesce(ended.applied_attempt, cell.applied_attempt),
    applied_key = case when ended.applied_attempt is null then cell.applied_key end,
    unverified_since = case when ended.is_unverified then now()
      when ended.sets_account and ended.account_id is null or ended.sets_invite and ended.invite_id is null then null
      else cell.unverified_since end,
    priority = case when cell.xmin::text = ended.version then ended.priority else coalesce(cell.priority, ended.priority) end,
    dirty_at = coalesce(case when cell.xmin::text = ended.version and ended.priority is null then null else cell.dirty_at end,
      case when ended.priority is not null then now() end),
    since = case when (cell.reason, cell.actual) is distinct from (ended.reason, coalesce(ended.actual, cell.actual))
      then now() else cell.since end
  from (select $1::text as tenant, $2::text as portal, * from unnest(
    $3::text[], $4::text[], $5::text[], $6::boolean[], $7::text[], $8::text[], $9::boolean[], $10::text[],
    $11::boolean[], $12::text[], $13::text[], $14::float8[], $15::bigint[], $16::boolean[], $17::smallint[],
    $18::boolean[], $19::text[], $20::boolean[], $21::text[], $22::text[])
    as ended (employee_id, reason, actual, sets_account, account_id, origin, sets_invite, invite_id, sets_refusal,
      refusal_reason, refusal_key, refusal_seconds, applied_attempt, is_unverified, priority, is_fresh, user_type, sets_expiry, expiry, version)
    offset 0) ended
  where (cell.tenant, cell.portal, cell.employee_id) = (ended.tenant, ended.portal, ended.employee_id)`);

export const saveCellOutcomes = async (
  sql: Sql,
  { tenant, portal }: LaneLease,
  cells: readonly CellOutcome[],
): Promise<void> => {
  await sql(SAVE, [
    tenant,
    portal,
    cells.map(({ employeeId }) => employeeId),
    cells.map(({ reason }) => reason),
    sparse(cells.map(({ actual }) => actual)),
    sparse(cells.map(({ accountId }) => accountId !== undefined)),
    sparse(cells.map(({ accountId }) => accountId ?? null)),
    sparse(cells.map(({ origin }) => origin ?? null)),
    sparse(cells.map(({ inviteId }) => inviteId !== undefined)),
    sparse(cells.map(({ inviteId }) => inviteId ?? null)),
    sparse(cells.map(({ refusal }) => refusal !== undefined)),
    sparse(cells.map(({ refusal }) => refusal?.reason ?? null)),
    sparse(cells.map(({ refusal }) => refusal?.key ?? null)),
    sparse(cells.map(({ refusalSeconds }) => refusalSeconds ?? null)),
    sparse(cells.map(({ appliedAttempt }) => appliedAttempt ?? null)),
    sparse(cells.map(({ isUnverified }) => isUnverified ?? false)),
    sparse(cells.map(({ priority }) => priority ?? null)),
    sparse(cells.map(({ isFresh }) => isFresh ?? false)),
    sparse(cells.map(({ written }) => written?.userType ?? null)),
    sparse(cells.map(({ written }) => written?.accountExpires !== undefined)),
    sparse(cells.map(({ written }) => written?.accountExpires ?? null)),
    cells.map(({ version }) => version ?? null),
  ]);
};
