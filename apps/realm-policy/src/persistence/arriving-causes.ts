import type { CauseKind } from '@portico/contracts';
import type { Sql } from '@portico/messaging';
import type { JudgedBy } from '../judge-cause.js';
import type { ArrivingPhase } from './arrivals.js';
import type { RedecisionTotals } from './redecisions.js';

/** The work of counting and deciding those who came by one read. */
export interface ArrivingCause {
  readonly tenant: string;
  readonly id: string;
  readonly kind: CauseKind;
  readonly phase: ArrivingPhase;
  /** Who came when the work had begun is of the next one. */
  readonly round: number;
  readonly after: string;
  /** People who have not arrived. */
  readonly missing: number;
  readonly totals: RedecisionTotals;
  /** By what it is counted and judged; `null` before. */
  readonly judged: JudgedBy | null;
}

/** More people than this let smaller causes go first. */
const SMALL = 200;
/** A redelivery of somebody who was never seen finds the totals of the cause for so long. */
const KEPT_DAYS = 7;

/**
 * The work of these pools that was touched longest ago and nobody has in hand, locked: causes that everybody arrived
 * of, and those where nobody has arrived any more for some time.
 * @param quietSeconds `undefined`: none is given up yet.
 */
export const takeArrivingCause = async (
  sql: Sql,
  pools: readonly string[],
  quietSeconds: number | undefined,
): Promise<ArrivingCause | undefined> => {
  const [row] = await sql<ArrivingCause>(
    `select arriving_cause.tenant, id, kind, phase, round, after_employee_id as after, greatest(people - arrived, 0) as missing,
       totals, judged
     from arriving_cause join realm using (tenant)
     where realm.pool = any($1::text[]) and realm.version > 0 and phase <> 'done'
       and (phase <> 'gathering' or arrived >= people
         or touched_at < clock_timestamp() - make_interval(secs => $2::float8))
     order by people > ${SMALL}, touched_at limit 1
     for share of realm skip locked for update of arriving_cause skip locked`,
    [pools, quietSeconds ?? null],
  );
  return row;
};

export const saveArrivingCause = async (sql: Sql, cause: ArrivingCause): Promise<void> => {
  await sql(
    `update arriving_cause
     set phase = $3, round = $4, after_employee_id = $5, totals = $6, judged = $7::jsonb, touched_at = clock_timestamp()
     where tenant = $1 and id = $2`,
    [
      cause.tenant,
      cause.id,
      cause.phase,
      cause.round,
      cause.after,
      JSON.stringify(cause.totals),
      cause.judged && JSON.stringify(cause.judged),
    ],
  );
};

/** So that work that fails stands in nobody's way. */
export const postponeArrivingCause = async (sql: Sql, { tenant, id }: ArrivingCause): Promise<void> => {
  await sql('update arriving_cause set touched_at = clock_timestamp() where tenant = $1 and id = $2', [tenant, id]);
};

/** The round is done: another one where somebody came meanwhile. The row stays for a while, with its totals. */
export const endRound = async (sql: Sql, cause: ArrivingCause): Promise<void> => {
  const { tenant, id, round } = cause;
  await sql('delete from arrival where tenant = $1 and cause_id = $2 and facts is null', [tenant, id]);
  const [more] = await sql('select 1 from arrival where tenant = $1 and cause_id = $2 limit 1', [tenant, id]);
  const next =
    more === undefined ? { phase: 'done' as const, round } : { phase: 'counting' as const, round: round + 1 };
  await saveArrivingCause(sql, { ...cause, ...next, judged: null, after: '' });
  await sql(
    `delete from arriving_cause
     where tenant = $1 and phase = 'done' and touched_at < now() - make_interval(days => ${KEPT_DAYS})`,
    [tenant],
  );
};

/** How far a cause is whose people are waited for. */
export interface Gathering {
  readonly kind: CauseKind;
  readonly id: string;
  readonly people: number;
  readonly arrived: number;
  readonly startedAt: string;
  readonly touchedAt: string;
}

const MOST_SHOWN = 20;

export const findGatherings = (sql: Sql, tenant: string): Promise<Gathering[]> =>
  sql(
    `select kind, id, people, arrived, ${momentOf('started_at')} as "startedAt", ${momentOf('touched_at')} as "touchedAt"
     from arriving_cause
     where tenant = $1 and phase = 'gathering' and arrived < people and exists (
       select from arrival
       where arrival.tenant = arriving_cause.tenant and cause_id = id and facts is not null
     )
     order by started_at limit ${MOST_SHOWN}`,
    [tenant],
  );

const momentOf = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
