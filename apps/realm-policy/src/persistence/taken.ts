import { previousOf } from '@portico/access-policy';
import type { Sql } from '@portico/messaging';
import type { Standing, StoredDecision } from '../decide-person.js';
import type { RedecisionTotals } from './redecisions.js';
import { decidedCells } from './standing-row.js';

/** So long what was taken counts against what is to be taken next: a mass that comes in parts is a mass. */
const WINDOW = `interval '24 hours'`;

/** One person's decision, and what it takes the place of. */
export interface Replaced {
  readonly before: Standing;
  readonly after: StoredDecision;
}

interface Taking {
  readonly tenant: string;
  readonly portal: string;
  readonly causeId: string;
  readonly at: string;
  people: number;
  held: number;
}

/** An end of access for everybody was confirmed, and counts for nothing. */
const takingsOf = (replaced: readonly Replaced[]): Taking[] => {
  const takings = new Map<string, Taking>();
  for (const { before, after } of replaced) {
    const had = new Set(previousOf(before).flatMap(({ portal, access }) => (access === 'granted' ? [portal] : [])));
    const { tenant, cause, decidedAt: at } = after;
    for (const { portal, access, reason, hold } of after.portals) {
      if (access !== 'withheld' || reason === 'access-ended' || !had.has(portal)) continue;
      const key = JSON.stringify([tenant, portal, cause.id]);
      const taking = takings.get(key) ?? { tenant, portal, causeId: cause.id, at, people: 0, held: 0 };
      taking[hold === undefined ? 'people' : 'held'] += 1;
      takings.set(key, taking);
    }
  }
  return [...takings.values()];
};

const RECORD = `
  insert into taken (tenant, portal, cause_id, at, people, held)
  select * from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::int[], $6::int[])
    as made (tenant, portal, cause_id, at, people, held)
  order by tenant, portal, cause_id
  on conflict (tenant, portal, cause_id) do update set at = excluded.at, people = taken.people + excluded.people,
    held = taken.held + excluded.held`;

/** The clock of the business can be set back: what was taken by a later one is no past. */
const isLately = (now: string): string => `at > ${now} - ${WINDOW} and at < ${now} + interval '1 hour'`;

const FORGET = `
  delete from taken using unnest($1::text[], $2::timestamptz[]) as made (tenant, now)
  where taken.tenant = made.tenant and not (${isLately('made.now')})`;

/** Keeps how many lose access by these decisions, for what comes next; of most there is nobody. */
export const recordTaken = async (sql: Sql, replaced: readonly Replaced[]): Promise<void> => {
  const takings = takingsOf(replaced);
  if (takings.length === 0) return;
  const column = <Key extends keyof Taking>(key: Key) => takings.map((taking) => taking[key]);
  await sql(RECORD, [
    column('tenant'),
    column('portal'),
    column('causeId'),
    column('at'),
    column('people'),
    column('held'),
  ]);
  await sql(FORGET, [column('tenant'), column('at')]);
};

/** One cause of a tenant after the other until the end of the transaction, for what one takes counts for the next. */
export const judgeInTurn = async (sql: Sql, tenant: string): Promise<void> => {
  await sql(`select pg_advisory_xact_lock(hashtextextended('taken ' || $1, 0))`, [tenant]);
};

/** Also who had access to a portal that was off or taken out. */
const GRANTED = `
  from access cross join ${decidedCells('event')} as cell
  where tenant = $1 and revision > 0 and cell->>'access' = 'granted' and cell->>'portal' = $2`;

/** How many have access, or the limit where it is at least as many: mostly that is seen after a few rows. */
export const countGranted = async (sql: Sql, tenant: string, portal: string, limit: number | null): Promise<number> => {
  const [row] = await sql<{ people: number }>(
    `select count(*)::int as people from (select 1 ${GRANTED} limit $3::bigint) as granted`,
    [tenant, portal, limit],
  );
  return row?.people ?? 0;
};

/** Of one portal, in people. */
export interface Lately {
  readonly portal: string;
  /** Who lost access by this cause, held or not. */
  readonly own: number;
  /** Who lost it by others, and was not held. */
  readonly others: number;
  /** Who is to lose it by others that are judged and not done yet. */
  readonly coming: number;
}

const LATELY = `
  with gone as (
    select portal, cause_id, people, people + held as own from taken
    where tenant = $1 and (cause_id = $2 or ${isLately('$3::timestamptz')})
  ), judged as (
    select id, totals from redecision where tenant = $1 and phase = 'deciding' and $4::boolean
    union all select id, totals from arriving_cause where tenant = $1 and id <> $2 and phase = 'deciding'
  ), coming as (
    select told.key as portal, greatest((told.value->>'withheld')::int - coalesce(gone.own, 0), 0) as people
    from judged cross join jsonb_each(totals->'portals') as told
    left join gone on gone.portal = told.key and gone.cause_id = judged.id
    where not told.value ? 'held'
  )
  select portal, coalesce(sum(own), 0)::int as own, coalesce(sum(others), 0)::int as others,
    coalesce(sum(coming), 0)::int as coming
  from (
    select portal, case when cause_id = $2 then own end as own, case when cause_id <> $2 then people end as others,
      null::int as coming from gone
    union all select portal, null, null, people from coming
  ) as parts
  group by portal`;

/**
 * @param isNews the cause brings news of people. A cause that decides people again without any takes in whoever another such
 *   cause would decide: who is to come by that is counted already.
 */
export const takenLately = (
  sql: Sql,
  tenant: string,
  cause: { readonly id: string; readonly isNews: boolean },
  now: string,
): Promise<Lately[]> => sql<Lately>(LATELY, [tenant, cause.id, now, cause.isNews]);

/** What a cause has taken so far: its counting begins anew with that. */
export const takenSoFar = async (sql: Sql, tenant: string, causeId: string): Promise<RedecisionTotals['portals']> => {
  const rows = await sql<{ portal: string; withheld: number }>(
    'select portal, people + held as withheld from taken where tenant = $1 and cause_id = $2',
    [tenant, causeId],
  );
  return Object.fromEntries(rows.map(({ portal, withheld }) => [portal, { granted: 0, changed: 0, withheld }]));
};

/** Whom a policy held that gave way to a newer one before it was done: the newer goes on with that. */
export const letHeldCount = async (sql: Sql, tenant: string, causeIds: readonly string[]): Promise<void> => {
  if (causeIds.length === 0) return;
  await sql('update taken set people = people + held, held = 0 where tenant = $1 and cause_id = any($2::text[])', [
    tenant,
    causeIds,
  ]);
};
