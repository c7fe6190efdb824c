import type { CauseTotals } from '@portico/contracts';
import type { Sql } from '@portico/messaging';
import type { JudgedBy } from '../judge-cause.js';
import { letHeldCount } from './taken.js';

export type RedecisionKind = 'policy' | 'date';
type PortalTotals = NonNullable<CauseTotals['portals']>;
export type RedecisionTotals = CauseTotals & { readonly portals: PortalTotals };

/** The work of deciding many people again, a chunk at a time; the row goes when it is done. */
export interface Redecision {
  readonly tenant: string;
  /** Also the id of the cause. */
  readonly id: string;
  readonly kind: RedecisionKind;
  /** For `date`: everybody who is due by then. */
  readonly day: string | null;
  /** Totals are known before the first decision is published: everybody is decided twice, and stored the second time. */
  readonly phase: 'counting' | 'deciding';
  /** How far the phase has come. */
  readonly after: string;
  readonly totals: RedecisionTotals;
  /** By what it is counted and judged; `null` before. */
  readonly judged: JudgedBy | null;
  readonly traceparent: string | null;
}

export const NO_TOTALS: RedecisionTotals = { joiners: 0, movers: 0, leavers: 0, portals: {} };

/** A newer version makes the work for an older one superfluous. */
export const requestPolicyRedecision = async (
  sql: Sql,
  { tenant, version, traceparent }: { tenant: string; version: number; traceparent: string | undefined },
): Promise<void> => {
  const superfluous = await sql<{ id: string }>(
    `delete from redecision where tenant = $1 and kind = 'policy' returning id`,
    [tenant],
  );
  await letHeldCount(
    sql,
    tenant,
    superfluous.map(({ id }) => id),
  );
  await sql(
    `insert into redecision (tenant, id, kind, totals, requested_at, touched_at, traceparent)
     values ($1, $2, 'policy', $3, clock_timestamp(), clock_timestamp(), $4)`,
    [tenant, `policy-${version}`, JSON.stringify(NO_TOTALS), traceparent ?? null],
  );
};

/** For every tenant that has people who are due on its day, and no such work yet. Answers how many. */
export const requestDueRedecisions = async (
  sql: Sql,
  days: readonly { readonly tenant: string; readonly today: string }[],
  nowMs: number,
): Promise<number> => {
  const requested = await sql(
    `insert into redecision (tenant, id, kind, day, totals, requested_at, touched_at)
     select tenant, 'date-' || today || '-' || $3::bigint, 'date', today, $4::jsonb, clock_timestamp(), clock_timestamp()
     from unnest($1::text[], $2::date[]) as wanted(tenant, today)
     where exists (select from access where access.tenant = wanted.tenant and due_on <= today)
       and not exists (select from redecision where redecision.tenant = wanted.tenant and kind = 'date')
     on conflict do nothing
     returning tenant`,
    [days.map(({ tenant }) => tenant), days.map(({ today }) => today), nowMs, JSON.stringify(NO_TOTALS)],
  );
  return requested.length;
};

/** The work of these pools that was touched longest ago and nobody has in hand, locked. */
export const takeRedecision = async (sql: Sql, pools: readonly string[]): Promise<Redecision | undefined> => {
  const [row] = await sql<Redecision>(
    `select redecision.tenant, id, kind, day, phase, after_employee_id as after, totals, judged,
       redecision.traceparent
     from redecision join realm using (tenant)
     where realm.pool = any($1::text[])
     order by touched_at limit 1
     for share of realm skip locked for update of redecision skip locked`,
    [pools],
  );
  return row;
};

export const saveRedecision = async (
  sql: Sql,
  { tenant, id, phase, after, totals, judged }: Redecision,
): Promise<void> => {
  await sql(
    `update redecision set phase = $3, after_employee_id = $4, totals = $5, judged = $6::jsonb,
       touched_at = clock_timestamp()
     where tenant = $1 and id = $2`,
    [tenant, id, phase, after, JSON.stringify(totals), judged && JSON.stringify(judged)],
  );
};

/** So that work that fails stands in nobody's way. */
export const postponeRedecision = async (sql: Sql, { tenant, id }: Redecision): Promise<void> => {
  await sql('update redecision set touched_at = clock_timestamp() where tenant = $1 and id = $2', [tenant, id]);
};

export const endRedecision = async (sql: Sql, { tenant, id }: Redecision): Promise<void> => {
  await sql('delete from redecision where tenant = $1 and id = $2', [tenant, id]);
};
