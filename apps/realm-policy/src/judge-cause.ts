import { closesGate } from '@portico/access-policy';
import type { Sql } from '@portico/messaging';
import type { DecisionFrame } from './decide-person.js';
import type { RedecisionTotals } from './persistence/redecisions.js';
import { takenLately, takenSoFar } from './persistence/taken.js';
import { effectiveDocument } from './realm/effective-document.js';

/** By which policy and day a cause was counted and judged: by others its people may be decided otherwise. */
export interface JudgedBy {
  readonly version: number;
  readonly today: string;
}

export const judgedBy = ({ realm, today }: DecisionFrame): JudgedBy => ({ version: realm.version, today });

export const isJudged = (judged: JudgedBy | null, frame: DecisionFrame): boolean =>
  judged?.version === frame.realm.version && judged.today === frame.today;

/** One after the other, for what one takes counts for the next. */
const IN_TURN = `select pg_advisory_xact_lock(hashtextextended('taken ' || $1, 0))`;

/** Also who had access to a portal that was off or taken out. */
const COUNT_GRANTED = `
  select cell->>'portal' as portal, count(*)::int as people
  from access cross join jsonb_array_elements(coalesce(event->'earlier', '[]') || (event->'portals')) as cell
  where tenant = $1 and revision > 0 and cell->>'access' = 'granted' and cell->>'portal' = any($2::text[])
  group by 1`;

export interface JudgedCause {
  readonly id: string;
  /** Counted. */
  readonly totals: RedecisionTotals;
  /** People of the cause who have not come: they may leave, or move, like those who have. */
  readonly missing?: number;
}

/**
 * Closes the gate of each portal where the cause takes too much, before its first decision is stored. Who has access is
 * counted only where the number alone is suspicious, which it seldom is.
 */
export const judgeCause = async (
  sql: Sql,
  { realm: { tenant, document }, now }: DecisionFrame,
  { id, totals, missing = 0 }: JudgedCause,
): Promise<RedecisionTotals> => {
  const { gate, learnupon } = effectiveDocument(document);
  const taking = learnupon.portals.flatMap(({ portal, mode }) => {
    const { withheld = 0, held } = totals.portals[portal] ?? {};
    return mode === 'off' || withheld === 0 || held !== undefined ? [] : [{ portal, withheld }];
  });
  if (taking.length === 0) return totals;
  await sql(IN_TURN, [tenant]);
  const before = new Map((await takenLately(sql, tenant, id, now)).map(({ portal, people }) => [portal, people]));
  const unseen = Math.min(missing, totals.leavers + totals.movers);
  const suspicious = taking
    .map(({ portal, withheld }) => ({ portal, people: withheld + unseen + (before.get(portal) ?? 0) }))
    .filter(({ people }) => people > gate.people);
  if (suspicious.length === 0) return totals;
  const names = suspicious.map(({ portal }) => portal);
  const granted = new Map(
    (await sql<{ portal: string; people: number }>(COUNT_GRANTED, [tenant, names])).map((row) => [
      row.portal,
      row.people,
    ]),
  );
  const portals = { ...totals.portals };
  for (const { portal, people } of suspicious) {
    const of = (granted.get(portal) ?? 0) + (before.get(portal) ?? 0);
    const counted = portals[portal];
    if (counted !== undefined && closesGate(gate, people, of)) portals[portal] = { ...counted, held: { people, of } };
  }
  return { ...totals, portals };
};

/** To count a cause anew: with what it has taken so far, and closed where it was. */
export const countedSoFar = async (
  sql: Sql,
  tenant: string,
  { id, totals }: { readonly id: string; readonly totals: RedecisionTotals },
): Promise<RedecisionTotals['portals']> => {
  const portals = { ...(await takenSoFar(sql, tenant, id)) };
  for (const [portal, { held }] of Object.entries(totals.portals)) {
    if (held !== undefined) portals[portal] = { granted: 0, changed: 0, withheld: 0, ...portals[portal], held };
  }
  return portals;
};
