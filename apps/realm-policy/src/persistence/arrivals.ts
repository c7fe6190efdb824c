import type { Cause, CauseTotals } from '@portico/contracts';
import { jsonLines, linesOf } from '@portico/database';
import { NOTIFY_RELAY_SQL, type Sql } from '@portico/messaging';
import type { StoredFacts } from '../facts.js';

export type ArrivingPhase = 'gathering' | 'counting' | 'deciding' | 'done';

/** Somebody under a cause that is to be whole before it is decided. */
export interface Membership {
  readonly tenant: string;
  readonly cause: Cause;
  readonly employeeId: string;
  /** 0 for somebody whose revision of this cause a newer one overtook. */
  readonly revision: number;
  /** Absent for somebody who was overtaken: there is nothing to decide. */
  readonly facts?: StoredFacts;
  readonly traceparent?: string | undefined;
}

interface CauseKey {
  readonly tenant: string;
  readonly id: string;
}

export const causeKeyOf = ({ tenant, id }: CauseKey): string => `${tenant}/${id}`;
const causeOf = ({ tenant, cause: { id } }: Membership): CauseKey => ({ tenant, id });

/** The causes among these that have a row, whatever their phase. */
export const findArriving = (
  sql: Sql,
  causes: readonly CauseKey[],
): Promise<(CauseKey & { readonly phase: ArrivingPhase })[]> =>
  sql(
    `select tenant, id, phase from arriving_cause
     join unnest($1::text[], $2::text[]) as wanted(tenant, id) using (tenant, id)`,
    [causes.map(({ tenant }) => tenant), causes.map(({ id }) => id)],
  );

/** Those of whom neither this revision nor another one of this cause was decided, and whether they wait already. */
export const findUnknown = async (
  sql: Sql,
  members: readonly Membership[],
): Promise<(Membership & { readonly isWaiting: boolean })[]> => {
  if (members.length === 0) return [];
  const rows = await sql<{ isDecided: boolean; isWaiting: boolean }>(
    `select
       exists (
         select from employee_revision as known
         where known.tenant = member.tenant and known.employee_id = member.employee_id
           and (known.revision = member.revision or known.facts->'cause'->>'id' = member.cause_id)
       ) as "isDecided",
       exists (
         select from arrival
         where arrival.tenant = member.tenant and arrival.cause_id = member.cause_id
           and arrival.employee_id = member.employee_id and arrival.revision >= member.revision
       ) as "isWaiting"
     from unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
       with ordinality as member(tenant, cause_id, employee_id, revision, place)
     order by place`,
    columnsOf(members),
  );
  return members.flatMap((member, index) => {
    const row = rows[index];
    return row === undefined || row.isDecided ? [] : [{ ...member, isWaiting: row.isWaiting }];
  });
};

const columnsOf = (members: readonly Membership[]): [string[], string[], string[], number[]] => [
  members.map(({ tenant }) => tenant),
  members.map(({ cause }) => cause.id),
  members.map(({ employeeId }) => employeeId),
  members.map(({ revision }) => revision),
];

/**
 * Lets people wait for the rest of their cause. Who comes when it is being counted already, or later, makes another
 * round of it. Locks the causes' rows, as whoever decides them does: the numbers are exact.
 */
export const saveMembers = async (sql: Sql, members: readonly Membership[]): Promise<void> => {
  const causes = await lockCauses(sql, members);
  const lockedOf = (member: Membership) => causes.get(causeKeyOf(causeOf(member))) as LockedCause;
  const welcome = members.filter((member) => member.facts !== undefined || lockedOf(member).phase === 'gathering');
  if (welcome.length === 0) return;
  const rounds = welcome.map((member) => {
    const { phase, round } = lockedOf(member);
    return phase === 'gathering' ? round : round + 1;
  });
  const saved = await sql<CauseKey & { isNew: boolean }>(
    `insert into arrival (tenant, cause_id, employee_id, revision, round, facts, traceparent)
     select tenant, cause_id, employee_id, revision, round, facts::jsonb, traceparent
     from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::int[], ${linesOf('$6')}, $7::text[])
       as came(tenant, cause_id, employee_id, revision, round, facts, traceparent)
     on conflict (tenant, cause_id, employee_id) do update
       set revision = excluded.revision, facts = excluded.facts, traceparent = excluded.traceparent
       where arrival.revision < excluded.revision
     returning tenant, cause_id as id, xmax = 0 as "isNew"`,
    [
      ...columnsOf(welcome),
      rounds,
      jsonLines(welcome.map(({ facts }) => facts)),
      welcome.map(({ traceparent }) => traceparent ?? null),
    ],
  );
  await countArrived(
    sql,
    saved.filter(({ isNew }) => isNew),
  );
};

type LockedCause = CauseKey & { readonly phase: ArrivingPhase; readonly round: number };

const lockCauses = async (sql: Sql, members: readonly Membership[]): Promise<ReadonlyMap<string, LockedCause>> => {
  const causes = [...new Map(members.map((member) => [causeKeyOf(causeOf(member)), member])).values()];
  const keys = [causes.map(({ tenant }) => tenant), causes.map(({ cause }) => cause.id)];
  const [, rows] = await Promise.all([
    sql(
      `insert into arriving_cause (tenant, id, kind, people, totals, started_at, touched_at)
       select tenant, id, kind, people, totals, clock_timestamp(), clock_timestamp()
       from unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::jsonb[]) as wanted(tenant, id, kind, people, totals)
       order by tenant, id on conflict do nothing`,
      [
        ...keys,
        causes.map(({ cause }) => cause.kind),
        causes.map(({ cause }) => cause.totals.people ?? 0),
        causes.map(({ cause }) => JSON.stringify({ ...cause.totals, portals: {} } satisfies CauseTotals)),
      ],
    ),
    sql<LockedCause>(
      `select tenant, id, phase, round
       from unnest($1::text[], $2::text[]) as wanted(tenant, id) join arriving_cause using (tenant, id)
       order by tenant, id for update of arriving_cause`,
      keys,
    ),
  ]);
  return new Map(rows.map((row) => [causeKeyOf(row), row]));
};

const countArrived = async (sql: Sql, arrived: readonly CauseKey[]): Promise<void> => {
  const counts = [...Map.groupBy(arrived, causeKeyOf).values()].flatMap((ofCause) =>
    ofCause.slice(0, 1).map((cause) => ({ ...cause, more: ofCause.length })),
  );
  if (counts.length === 0) return;
  const causes = await sql<{ isDue: boolean }>(
    `update arriving_cause set
       arrived = arrived + more, touched_at = clock_timestamp(),
       phase = case phase when 'done' then 'counting' else phase end,
       round = case phase when 'done' then round + 1 else round end,
       after_employee_id = case phase when 'done' then '' else after_employee_id end
     from unnest($1::text[], $2::text[], $3::int[]) as counted(of_tenant, of_id, more)
     where tenant = of_tenant and id = of_id
     returning phase <> 'gathering' or arrived >= people as "isDue"`,
    [counts.map(({ tenant }) => tenant), counts.map(({ id }) => id), counts.map(({ more }) => more)],
  );
  if (causes.some(({ isDue }) => isDue)) await sql(NOTIFY_RELAY_SQL);
};

/** Somebody who waits for a decision. */
export interface WaitingArrival {
  readonly employeeId: string;
  readonly revision: number;
  readonly facts: StoredFacts;
  readonly traceparent: string | null;
}

/** The next of those who wait in a round of a cause, in the order of their ids. */
export const nextArrivals = async (
  sql: Sql,
  { tenant, id, round }: CauseKey & { readonly round: number },
  page: { readonly after: string; readonly limit: number },
): Promise<WaitingArrival[]> => {
  // Before a first `analyze`, PostgreSQL would sort all who are left for each page instead of walking along the key.
  const [, found] = await Promise.all([
    sql('set local enable_sort = off'),
    sql<WaitingArrival>(
      `select employee_id as "employeeId", revision::float8 as revision, facts, traceparent from arrival
       where tenant = $1 and cause_id = $2 and employee_id > $3 and round <= $4 and facts is not null
       order by employee_id limit $5`,
      [tenant, id, page.after, round, page.limit],
    ),
    sql('set local enable_sort = on'),
  ]);
  return found;
};

/** Their revisions become known ones: they wait no more. */
export const endArrivals = async (
  sql: Sql,
  { tenant, id }: CauseKey,
  employeeIds: readonly string[],
): Promise<void> => {
  await sql(
    `with ended as (
       delete from arrival where tenant = $1 and cause_id = $2 and employee_id = any($3::text[])
       returning tenant, employee_id, revision, facts
     )
     insert into employee_revision (tenant, employee_id, revision, facts)
     select tenant, employee_id, revision, facts from ended on conflict do nothing`,
    [tenant, id, employeeIds],
  );
};
