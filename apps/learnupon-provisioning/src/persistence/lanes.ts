import type { MikroORM } from '@mikro-orm/postgresql';
import type { ReasonCode } from '@portico/contracts';
import type { Sql } from '@portico/messaging';
import type { PaceState } from '../lane/pace.js';
import { inTransaction, prepared, sqlOf } from '@portico/database';

/** One worker's hold on a portal. */
export interface LaneLease {
  readonly tenant: string;
  readonly portal: string;
  /** Grows with each lease. */
  readonly number: number;
  /** `off`: the portal is only read. */
  readonly mode: 'on' | 'observe' | 'off';
  readonly topLevel: boolean;
  readonly baseUrl: string;
  readonly secretRef: string;
  readonly failures: number;
  readonly quarantine: ReasonCode | null;
  readonly pace: PaceState | null;
}

/** Another worker has the lane now, or the portal was switched off or moved: nothing more may be written. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
  constructor() {
    super('the lease of the lane is lost');
  }
}

/**
 * Lanes of the pools `$1` that a worker may take, with the wake of each. A worker of the version before sees the wake and not
 * the hints.
 */
const DUE = `
  from lane left join lane_wake using (tenant, portal)
  where (lane.active or lane.watched) and lane.pool = any($1::text[])
    and (lane.lease_until is null or lane.lease_until <= now())
    and (lane.paused_until is null or lane.paused_until <= now())
    and (lane.next_due <= now() or coalesce(lane_wake.wake, 0) > lane.seen_wake or lane.lease_until is not null
      or lane.active and exists (
        select 1 from cell_hint hint where hint.tenant = lane.tenant and hint.portal = lane.portal))`;

const IS_WAITING = prepared(`select 1 ${DUE} limit 1`);

/** Whether some lane waits for a worker. */
export const isLaneWaiting = async (sql: Sql, pools: readonly string[]): Promise<boolean> =>
  (await sql(IS_WAITING, [pools])).length > 0;

const IS_AS_LEASED = prepared(`
  select 1 from lane join portal using (tenant, portal)
  where tenant = $1 and portal = $2 and lease_number = $3 and mode = $4 and base_url = $5 and (active or mode = 'off')`);

/** Whether the lease still holds, and the portal is configured as it was when it was taken. */
export const isAsLeased = async (sql: Sql, { tenant, portal, number, mode, baseUrl }: LaneLease): Promise<boolean> =>
  (await sql(IS_AS_LEASED, [tenant, portal, number, mode, baseUrl])).length > 0;

/**
 * `wake` is read in the statement that takes the lease: work that comes in later makes the lane due again at its release.
 * A lease that ran out was never released: its worker is gone, and what it had before it is due. Leases and due times go
 * by the database's clock.
 */
const LEASE = prepared(`
  with next as (
    select lane.tenant, lane.portal, coalesce(lane_wake.wake, 0) as wake ${DUE}
    order by lane.last_served nulls first
    limit 1
    for update of lane skip locked
  )
  update lane set lease_number = lane.lease_number + 1, lease_holder = $2, last_served = now(),
    lease_until = now() + make_interval(secs => $3), seen_wake = next.wake
  from next, portal
  where lane.tenant = next.tenant and lane.portal = next.portal
    and portal.tenant = next.tenant and portal.portal = next.portal
  returning lane.tenant, lane.portal, lane.lease_number::float8 as number, portal.mode, portal.top_level as "topLevel",
    portal.base_url as "baseUrl", portal.secret_ref as "secretRef", lane.failures, lane.quarantine_reason as quarantine, lane.pace`);

/** Calls that somebody else began and left without an outcome. */
const ADOPT = prepared(`
  update attempt set state = 'doubt'
  where tenant = $1 and portal = $2 and state = 'begun' and lease_number < $3`);

/** The lane that was served longest ago among those that are due, if there is one. */
export const leaseLane = (
  orm: MikroORM,
  pools: readonly string[],
  holder: string,
  leaseSeconds: number,
): Promise<LaneLease | undefined> =>
  inTransaction(orm, async (sql) => {
    const [lease] = await sql<LaneLease>(LEASE, [pools, holder, leaseSeconds]);
    if (lease !== undefined) await sql(ADOPT, [lease.tenant, lease.portal, lease.number]);
    return lease;
  });

/** What is known of a portal at another address must not be written as this one's. */
const HOLD = prepared(`
  update lane set lease_until = now() + make_interval(secs => $4) from portal
  where lane.tenant = $1 and lane.portal = $2 and lease_number = $3 and lease_holder is not null and (active or $5)
    and portal.tenant = $1 and portal.portal = $2 and portal.base_url = $6
  returning 1`);

/**
 * Begins a transaction that writes for a lane: locks it and renews the lease. Whoever has lost it must not lock anything
 * else, so this is waited for.
 * @throws LeaseLostError when the lease is not the newest any more; nothing of the transaction is kept then.
 */
export const holdLane = async (
  sql: Sql,
  { tenant, portal, number, mode, baseUrl }: LaneLease,
  leaseSeconds: number,
): Promise<void> => {
  const rows = await sql(HOLD, [tenant, portal, number, leaseSeconds, mode === 'off', baseUrl]);
  if (rows.length === 0) throw new LeaseLostError();
};

export interface Release {
  /** Milliseconds until the lane is due again without new work. */
  readonly dueInMs: number;
  /** Milliseconds for which it is not served, whatever comes in. */
  readonly pauseMs: number;
  readonly failures: number;
  readonly pace: PaceState;
  readonly calls: { readonly reads: number; readonly writes: number; readonly throttled: number };
}

/** Gives the lane back. Does nothing when it is somebody else's already. */
export const releaseLane = async (orm: MikroORM, lease: LaneLease, release: Release): Promise<void> => {
  const { reads, writes, throttled } = release.calls;
  await sqlOf(orm.em.fork())(
    `update lane set lease_holder = null, lease_until = null, failures = $5, pace = $6::jsonb,
       next_due = now() + $4 * interval '1 millisecond', paused_until = now() + $10 * interval '1 millisecond',
       reads = reads + $7, writes = writes + $8, throttled = throttled + $9
     where tenant = $1 and portal = $2 and lease_number = $3`,
    [
      lease.tenant,
      lease.portal,
      lease.number,
      release.dueInMs,
      release.failures,
      JSON.stringify(release.pace),
      reads,
      writes,
      throttled,
      release.pauseMs,
    ],
  );
};

const WAKE = prepared(`
  insert into lane_wake (tenant, portal, wake)
  select distinct tenant, portal, 1 from unnest($1::text[], $2::text[]) as work (tenant, portal)
  order by tenant, portal
  on conflict (tenant, portal) do update set wake = lane_wake.wake + 1`);

/** Tells lanes that there is work for them. Only counts, so that it waits for no lane. */
export const wakeLanes = async (sql: Sql, tenants: readonly string[], portals: readonly string[]): Promise<void> => {
  if (portals.length === 0) return;
  await sql(WAKE, [tenants, portals]);
};

/** For how long no licence is asked for after the portal said that none is left. */
const LICENCES_FULL_SECONDS = 300;

const NOTE = `
  update lane set
    licences_full_until = case when $3 then now() + make_interval(secs => $4) else licences_full_until end,
    users_completed_at = case when $5 then null else users_completed_at end,
    invites_completed_at = case when $6 then null else invites_completed_at end,
    groups_completed_at = case when $7 then null else groups_completed_at end
  where tenant = $1 and portal = $2`;

/** What outcomes say of the whole portal. */
export const noteOnLane = async (
  sql: Sql,
  { tenant, portal }: LaneLease,
  found: {
    readonly areLicencesFull: boolean;
    readonly areUsersStale: boolean;
    readonly areInvitesStale: boolean;
    readonly areGroupsStale: boolean;
  },
): Promise<void> => {
  const { areLicencesFull, areUsersStale, areInvitesStale, areGroupsStale } = found;
  if (!areLicencesFull && !areUsersStale && !areInvitesStale && !areGroupsStale) return;
  const stale = [areUsersStale, areInvitesStale, areGroupsStale];
  await sql(NOTE, [tenant, portal, areLicencesFull, LICENCES_FULL_SECONDS, ...stale]);
};

export const setInvitesReadable = async (
  sql: Sql,
  { tenant, portal, number }: LaneLease,
  isReadable: boolean,
): Promise<void> => {
  await sql(
    `update lane set invites_readable = $4, invites_completed_at = case when $4 then invites_completed_at else now() end
     where tenant = $1 and portal = $2 and lease_number = $3`,
    [tenant, portal, number, isReadable],
  );
};
