import { closesGate } from '@portico/access-policy';
import type { Sql } from '@portico/messaging';
import { gateOf } from './realm/effective-document.js';
import type { StoredRealm } from './persistence/realms.js';
import type { RedecisionTotals } from './persistence/redecisions.js';

const COUNT_GRANTED = `
  select cell->>'portal' as portal, count(*)::int as people
  from access cross join jsonb_array_elements(event->'portals') as cell
  where tenant = $1 and revision > 0 and cell->>'access' = 'granted' and cell->>'portal' = any($2::text[])
  group by 1`;

/**
 * Closes the gate of each portal where the cause takes too much, before its first decision is stored. Who has access is
 * counted only where the number alone is suspicious, which it seldom is.
 * @param missing people of the cause are missing: as many may leave as the source said.
 */
export const judgeCause = async (
  sql: Sql,
  { tenant, document }: Pick<StoredRealm, 'tenant' | 'document'>,
  totals: RedecisionTotals,
  { missing = false } = {},
): Promise<RedecisionTotals> => {
  const gate = gateOf(document);
  const suspicious = Object.entries(totals.portals)
    .filter(([, { withheld, held }]) => withheld > 0 && held === undefined)
    .map(([portal, { withheld }]) => ({ portal, people: missing ? Math.max(withheld, totals.leavers) : withheld }))
    .filter(({ people }) => people > gate.people);
  if (suspicious.length === 0) return totals;
  const counts = await sql<{ portal: string; people: number }>(COUNT_GRANTED, [
    tenant,
    suspicious.map(({ portal }) => portal),
  ]);
  const portals = { ...totals.portals };
  for (const { portal, people } of suspicious) {
    const of = counts.find((row) => row.portal === portal)?.people ?? 0;
    const before = portals[portal];
    if (before !== undefined && closesGate(gate, people, of)) portals[portal] = { ...before, held: { people, of } };
  }
  return { ...totals, portals };
};
