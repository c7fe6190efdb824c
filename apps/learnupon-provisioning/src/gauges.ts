import { unpublishedRows, type RowGauge } from '@portico/database';
import { HELD_BACK } from './persistence/holds.js';
import { LEARNERS_BEFORE, OUTBOXES } from './persistence/outbox.js';

/**
 * A lane has work while cells are dirty, a call is in doubt or its portal was never mirrored. One whose portal is kept out
 * has none that a worker could do. A lane that only waits for its pace keeps its place, so that replicas don't swing.
 */
const WITH_WORK = `
  select pool.name as pool, count(lane.tenant)::int as value
  from unnest($1::text[]) as pool (name)
    left join lane on lane.pool = pool.name and lane.active and lane.quarantine_reason is null
      and (lane.users_completed_at is null
        or exists (select 1 from cell
          where cell.tenant = lane.tenant and cell.portal = lane.portal and cell.priority is not null)
        or exists (select 1 from cell_hint where cell_hint.tenant = lane.tenant and cell_hint.portal = lane.portal)
        or exists (select 1 from attempt
          where attempt.tenant = lane.tenant and attempt.portal = lane.portal and attempt.state in ('begun', 'doubt')))
  group by pool.name`;

/** Of all pools together that this worker serves. */
const LOAD = `select coalesce(sum(value), 0)::int as value from (${WITH_WORK}) as load`;

const ACTIVE = `
  select pool.name as pool, count(lane.tenant)::int as value
  from unnest($1::text[]) as pool (name) left join lane on lane.pool = pool.name and lane.active
  group by pool.name`;

const QUARANTINED = `
  select tenant, portal, quarantine_reason as reason, 1 as value
  from lane where active and quarantine_reason is not null and pool = any($1::text[])`;

const IN_DOUBT = `
  select attempt.tenant, attempt.portal, count(*)::int as value
  from attempt join lane using (tenant, portal)
  where attempt.state = 'doubt' and lane.active and lane.pool = any($1::text[])
  group by attempt.tenant, attempt.portal`;

const HELD = `
  select cell.tenant, cell.portal, count(*)::int as value
  from cell join lane using (tenant, portal)
  where ${HELD_BACK} and lane.active and lane.pool = any($1::text[])
  group by cell.tenant, cell.portal`;

/** Per priority, since the index of dirty cells has the priority before the time. */
const OLDEST_WORK = `
  select lane.tenant, lane.portal, extract(epoch from now() - min(oldest.dirty_at))::float8 as value
  from lane cross join generate_series(0, 2) as level (priority)
    cross join lateral (select cell.dirty_at from cell
      where cell.tenant = lane.tenant and cell.portal = lane.portal and cell.priority = level.priority
      order by cell.dirty_at limit 1) as oldest
  where lane.active and lane.pool = any($1::text[])
  group by lane.tenant, lane.portal`;

/** What an SRE watches, and what provisioning pools are scaled by. */
export const provisioningGauges = (pools: readonly string[]): readonly RowGauge[] => {
  const params = () => [pools];
  return [
    unpublishedRows({ [LEARNERS_BEFORE]: 'true', [OUTBOXES.operations]: 'true' }, [OUTBOXES.learners]),
    { name: 'lanes_with_work', help: 'Lanes that a worker could serve now.', labels: ['pool'], sql: WITH_WORK, params },
    { name: 'pool_load', help: 'What the pools of this worker are scaled by.', labels: [], sql: LOAD, params },
    { name: 'lanes_active', help: 'Lanes of portals that are configured.', labels: ['pool'], sql: ACTIVE, params },
    {
      name: 'portal_quarantined',
      help: 'Portals that are kept out until somebody mends their keys or address.',
      labels: ['tenant', 'portal', 'reason'],
      sql: QUARANTINED,
      params,
    },
    {
      name: 'calls_in_doubt',
      help: 'Calls to LearnUpon whose outcome is not known yet.',
      labels: ['tenant', 'portal'],
      sql: IN_DOUBT,
      params,
    },
    {
      name: 'people_held',
      help: 'People whose access the gate keeps until somebody approves that it is taken.',
      labels: ['tenant', 'portal'],
      sql: HELD,
      params,
    },
    {
      name: 'oldest_work_seconds',
      help: 'For how long the oldest work of a portal has waited.',
      labels: ['tenant', 'portal'],
      sql: OLDEST_WORK,
      params,
    },
  ];
};
