import type { MikroORM } from '@mikro-orm/postgresql';
import type { PortalStatus, ProvisioningStatusAnswer, ReasonCode } from '@portico/contracts';
import type { Sql } from '@portico/messaging';
import { inSnapshot, momentOf } from '@portico/database';
import { hintedSql } from './persistence/hints.js';
import { keptOutOf, loadTroubles, reportAttention } from './report-attention.js';
import { reportRealm } from './report-realm.js';

interface LaneRow {
  readonly portal: string;
  readonly title: string;
  readonly mode: 'on' | 'observe';
  readonly effects: Record<string, number>;
  readonly reads: number;
  readonly writes: number;
  readonly throttled: number;
  readonly inDoubt: number;
  /** There are cells that have something to look at, and are not dirty yet. */
  readonly isHinted: boolean;
  readonly mirrorCompletedAt: string | null;
  readonly convergedAt: string | null;
  readonly reason: ReasonCode | null;
  readonly since: string;
  readonly message: string;
  readonly licencesPurchased: number | null;
  readonly licencesUsed: number | null;
}

const LANES = `
  select portal.portal, portal.title, portal.mode, lane.reads::float8, lane.writes::float8, lane.throttled::float8,
    coalesce((select jsonb_object_agg(effect.effect, effect.total) from effect
      where effect.tenant = $1 and effect.portal = portal.portal), '{}') as effects,
    (select count(*)::int from attempt
      where attempt.tenant = $1 and attempt.portal = portal.portal and attempt.state = 'doubt') as "inDoubt",
    ${hintedSql('portal.portal')} as "isHinted",
    lane.users_completed_at as "mirrorCompletedAt", lane.converged_at as "convergedAt",
    lane.quarantine_reason as reason, lane.quarantined_at as since, lane.quarantine_message as message,
    seen.licences_purchased as "licencesPurchased", seen.licences_used as "licencesUsed"
  from portal join lane using (tenant, portal)
  left join seen_portal seen on seen.tenant = portal.tenant and seen.portal = portal.portal
  where portal.tenant = $1 and lane.active and portal.mode <> 'off'
  order by portal.position`;

interface CountRow {
  readonly portal: string;
  readonly access: string;
  readonly actual: string;
  readonly reason: ReasonCode;
  readonly isOutstanding: boolean;
  readonly pending: string | null;
  readonly cells: number;
}

/**
 * What a lane has to do now or later, reading back included. Waiting for a home is work of the home's lane; waiting for a
 * portal that waits for a person is no work at all.
 */
const COUNTS = `
  select portal, access, actual, reason, pending, count(*)::int as cells,
    priority is not null or pending is not null
      or coalesce(unverified_since > case when account_id is not null then users_verified_at end, unverified_since is not null)
      or (reason in ('waiting-for-lane', 'waiting-for-mirror', 'in-doubt')
        and not coalesce(blocked_portal = any($2::text[]), false)) as "isOutstanding"
  from cell left join (select portal, users_verified_at from lane where tenant = $1) lane using (portal)
  where tenant = $1
  group by portal, access, actual, reason, pending, 7`;

const AT_REST: readonly string[] = ['converged', 'waiting-for-accept'];

const KEPT_FROM_LEAVING: readonly string[] = [
  'held',
  'not-ours',
  'needed-in-sub-portal',
  'doubt-unreadable',
  'top-level-admin',
];

/** Wanted otherwise than it is, and no lane can do anything about it. */
const isSkipped = ({ access, reason, isOutstanding }: CountRow): boolean => {
  if (isOutstanding || AT_REST.includes(reason)) return false;
  return access === 'granted' || KEPT_FROM_LEAVING.includes(reason);
};

const add = (counts: readonly CountRow[], test: (row: CountRow) => boolean): number =>
  counts.reduce((sum, row) => sum + (test(row) ? row.cells : 0), 0);

const skippedOf = (counts: readonly CountRow[]): Record<string, number> => {
  const skipped: Record<string, number> = {};
  for (const row of counts) {
    if (isSkipped(row)) skipped[row.reason] = (skipped[row.reason] ?? 0) + row.cells;
  }
  return skipped;
};

/** What Portico would do where it only looks on. */
const plannedOf = (counts: readonly CountRow[]): Record<string, number> => {
  const planned: Record<string, number> = {};
  for (const { pending, cells } of counts) if (pending !== null) planned[pending] = (planned[pending] ?? 0) + cells;
  return planned;
};

const statusOf = (lane: LaneRow, counts: readonly CountRow[]): PortalStatus => ({
  portal: lane.portal,
  title: lane.title,
  wanted: add(counts, ({ access }) => access === 'granted'),
  active: add(counts, ({ actual }) => actual === 'active'),
  pendingInvites: add(counts, ({ actual }) => actual === 'invited'),
  outstanding: lane.mode === 'on' ? add(counts, ({ isOutstanding }) => isOutstanding) + Number(lane.isHinted) : 0,
  inDoubt: lane.inDoubt,
  skipped: skippedOf(counts),
  effects: lane.effects,
  calls: { reads: lane.reads, writes: lane.writes, throttled: lane.throttled },
  ...(lane.mode === 'observe' ? { planned: plannedOf(counts) } : {}),
  ...(lane.licencesPurchased === null || lane.licencesPurchased === 0
    ? {}
    : { licences: { purchased: lane.licencesPurchased, used: lane.licencesUsed ?? 0 } }),
  ...(lane.mirrorCompletedAt === null ? {} : { mirrorCompletedAt: momentOf(lane.mirrorCompletedAt) }),
  ...(lane.convergedAt === null ? {} : { convergedAt: momentOf(lane.convergedAt) }),
  ...(lane.reason === null
    ? {}
    : { quarantine: { reason: lane.reason, since: momentOf(lane.since), message: lane.message } }),
});

interface Totals extends Omit<ProvisioningStatusAnswer, 'portals' | 'realmRevision'> {
  readonly realmRevision: number | null;
}

const TOTALS = `
  select count(*)::int as people, coalesce(max(revision), 0)::float8 as "maxAccessRevision",
    coalesce(sum(revision), 0)::text as "accessRevisionSum",
    (select revision from realm where tenant = $1)::float8 as "realmRevision",
    (select coalesce(sum(events), 0) from learner_event_batch where tenant = $1)::int
      + (select count(*) from learner_outbox where tenant = $1)::int
      + (select count(*) from operation_outbox where tenant = $1)::int as unpublished
  from person where tenant = $1`;

/** How far a tenant's portals are from what is wanted: all at one moment, or what is done between two looks is in neither. */
export const reportStatus = (orm: MikroORM, tenant: string): Promise<ProvisioningStatusAnswer> =>
  inSnapshot(orm, (sql) => statusWithin(sql, tenant));

const statusWithin = async (sql: Sql, tenant: string): Promise<ProvisioningStatusAnswer> => {
  const [totals] = await sql<Totals>(TOTALS, [tenant]);
  const { realmRevision, ...rest } = totals ?? { people: 0, maxAccessRevision: 0, unpublished: 0, realmRevision: null };
  const lanes = await sql<LaneRow>(LANES, [tenant]);
  const troubles = await loadTroubles(sql, tenant);
  const counts = await sql<CountRow>(COUNTS, [tenant, keptOutOf(troubles)]);
  const attention = await reportAttention(sql, tenant, troubles);
  return {
    ...rest,
    ...(realmRevision === null ? {} : { realmRevision }),
    portals: lanes.map((lane) =>
      statusOf(
        lane,
        counts.filter(({ portal }) => portal === lane.portal),
      ),
    ),
    ...(await reportRealm(sql, tenant)),
    ...(attention.length === 0 ? {} : { attention }),
  };
};
