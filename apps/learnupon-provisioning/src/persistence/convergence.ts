import { inTransaction, prepared } from '@portico/database';
import type { Sql } from '@portico/messaging';
import type { LaneContext } from '../lane/lane-context.js';
import { hintedSql } from './hints.js';
import type { LaneLease } from './lanes.js';
import { leaveOperationEvent } from './outbox.js';

/**
 * Nothing to plan, nothing in doubt, all read back, on complete reads. Each is asked for by the end of an index: after a
 * first sync the planner takes many cells for dirty or unverified, and would look for one of them among all.
 */
const CONVERGE = prepared(`
  update lane set converged_at = now()
  where tenant = $1 and portal = $2 and lease_number = $3 and converged_at is null
    and users_completed_at is not null and invites_completed_at is not null
    and (select priority from cell where cell.tenant = $1 and cell.portal = $2 and priority is not null
      order by priority limit 1) is null
    and coalesce((select max(unverified_since) from cell where cell.tenant = $1 and cell.portal = $2
      and account_id is not null and unverified_since is not null), '-infinity') <= coalesce(users_verified_at, '-infinity')
    and (select max(unverified_since) from cell where cell.tenant = $1 and cell.portal = $2
      and account_id is null and unverified_since is not null) is null
    and not ${hintedSql('$2')}
    and not exists (select 1 from group_membership membership
      where membership.tenant = $1 and membership.portal = $2 and pending is not null)
    and not exists (select 1 from attempt
      where attempt.tenant = $1 and attempt.portal = $2 and attempt.state in ('begun', 'doubt'))
  returning 1`);

/** Answers whether the portal equals its plan, and did not before. */
export const markConverged = async (sql: Sql, { tenant, portal, number }: LaneLease): Promise<boolean> =>
  (await sql(CONVERGE, [tenant, portal, number])).length > 0;

/** Says once, each time after work, that a portal equals its plan. */
export const announceConvergence = ({ orm, lease, clock }: LaneContext): Promise<void> =>
  inTransaction(orm, async (sql) => {
    const { tenant, portal, number } = lease;
    if (!(await markConverged(sql, lease))) return;
    const [counts] = await sql<{ active: number; invited: number }>(
      `select (count(*) filter (where actual = 'active'))::int as active,
         (count(*) filter (where actual = 'invited'))::int as invited
       from cell where tenant = $1 and portal = $2`,
      [tenant, portal],
    );
    const { active = 0, invited = 0 } = counts ?? {};
    await leaveOperationEvent(sql, `converged:${tenant}:${portal}:${number}`, {
      tenant,
      portal,
      event: 'portal.converged',
      at: clock.now().toString(),
      message: `${portal} is as planned: ${active} active, ${invited} invited`,
      details: { active, invited },
    });
  });
