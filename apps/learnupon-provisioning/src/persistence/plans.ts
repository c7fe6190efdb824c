import { prepared, sparse } from '@portico/database';
import type { Sql } from '@portico/messaging';
import type { CellPlan } from '@portico/provisioning-plan';
import type { LaneLease } from './lanes.js';

export interface PersonPlan {
  readonly employeeId: string;
  readonly plan: CellPlan;
}

/**
 * A cell that was planned is dirty no more, unless it waits for its call: then the outcome says what is next. Its key is
 * joined as that of an outcome.
 */
const SAVE_PLANS = prepared(`
  update cell set priority = null, dirty_at = null, reason = plan.reason, actual = plan.actual, pending = plan.pending,
    account_id = coalesce(plan.account_id, cell.account_id), origin = coalesce(plan.origin, cell.origin),
    invite_id = case when plan.sets_invite then plan.invite_id else cell.invite_id end,
    unverified_since = case when plan.sets_invite and plan.invite_id is null then null else cell.unverified_since end,
    fresh = case when plan.is_done then false when plan.account_id is not null then coalesce(plan.is_fresh, false) else cell.fresh end,
    detail = plan.detail, blocked_portal = plan.blocked_portal, blocked_employee = plan.blocked_employee,
    since = case when (cell.reason, cell.actual) is distinct from (plan.reason, plan.actual) then now() else cell.since end
  from (select $1::text as tenant, $2::text as portal, * from unnest(
    $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::boolean[], $10::text[],
    $11::text[], $12::text[], $13::text[], $14::boolean[], $15::boolean[])
    as plan (employee_id, reason, actual, pending, account_id, origin, sets_invite, invite_id, detail, blocked_portal,
      blocked_employee, is_done, is_fresh)
    offset 0) plan
  where (cell.tenant, cell.portal, cell.employee_id) = (plan.tenant, plan.portal, plan.employee_id)`);

/** As wanted, as far as it can be: what is written once has been written. */
const isDone = ({ operation, reason }: CellPlan): boolean =>
  operation === undefined && (reason === 'converged' || reason === 'group-missing' || reason === 'field-missing');

export const savePlans = async (
  sql: Sql,
  { tenant, portal }: LaneLease,
  plans: readonly PersonPlan[],
): Promise<void> => {
  if (plans.length === 0) return;
  await sql(SAVE_PLANS, [
    tenant,
    portal,
    plans.map(({ employeeId }) => employeeId),
    plans.map(({ plan }) => plan.reason),
    plans.map(({ plan }) => plan.actual),
    sparse(plans.map(({ plan }) => plan.operation?.kind ?? null)),
    sparse(plans.map(({ plan }) => plan.link?.accountId ?? null)),
    sparse(plans.map(({ plan }) => plan.link?.origin ?? null)),
    sparse(plans.map(({ plan }) => plan.inviteId !== undefined)),
    sparse(plans.map(({ plan }) => plan.inviteId ?? null)),
    sparse(plans.map(({ plan }) => plan.detail ?? null)),
    sparse(plans.map(({ plan }) => plan.blockedBy?.portal ?? null)),
    sparse(plans.map(({ plan }) => plan.blockedBy?.employeeId ?? null)),
    sparse(plans.map(({ plan }) => isDone(plan))),
    sparse(plans.map(({ plan }) => plan.link?.isFresh ?? false)),
  ]);
};
