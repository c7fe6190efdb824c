import { closesGate } from '@portico/access-policy';
import type { CauseKind } from '@portico/contracts';
import type { Sql } from '@portico/messaging';
import type { DecisionFrame } from './decide-person.js';
import type { RedecisionTotals } from './persistence/redecisions.js';
import { countGranted, judgeInTurn, takenLately, takenSoFar } from './persistence/taken.js';
import { effectiveDocument, gateOf } from './realm/effective-document.js';

/** By which policy and day a cause was counted and judged: by others its people may be decided otherwise. */
export interface JudgedBy {
  readonly version: number;
  readonly today: string;
}

export const judgedBy = ({ realm, today }: DecisionFrame): JudgedBy => ({ version: realm.version, today });

/** The policy or the day is another one than that by which it was counted; what an older version of the service counted too. */
export const isOutdated = (
  { phase, judged }: { readonly phase: string; readonly judged: JudgedBy | null },
  frame: DecisionFrame,
): boolean =>
  judged === null ? phase === 'deciding' : judged.version !== frame.realm.version || judged.today !== frame.today;

export interface JudgedCause {
  readonly id: string;
  readonly kind: CauseKind;
  /** Counted. */
  readonly totals: RedecisionTotals;
  /** People of the cause who have not come: they may leave, or move, like those who have. */
  readonly missing?: number;
}

/** What the cause would bring it to in one portal, and what of it has been taken already. */
interface Taking {
  readonly portal: string;
  readonly people: number;
  readonly gone: number;
}

const takingsOf = async (
  sql: Sql,
  { realm: { tenant, document }, now }: DecisionFrame,
  { id, kind, totals, missing = 0 }: JudgedCause,
): Promise<Taking[]> => {
  const counted = effectiveDocument(document).learnupon.portals.flatMap(({ portal, mode, ended }) => {
    const { withheld = 0, held } = totals.portals[portal] ?? {};
    return mode === 'off' || ended || withheld === 0 || held !== undefined ? [] : [{ portal, withheld }];
  });
  if (counted.length === 0) return [];
  await judgeInTurn(sql, tenant);
  const isNews = kind !== 'policy' && kind !== 'date';
  const lately = new Map((await takenLately(sql, tenant, { id, isNews }, now)).map((row) => [row.portal, row]));
  const unseen = Math.min(missing, totals.leavers + totals.movers);
  return counted.map(({ portal, withheld }) => {
    const { own = 0, others = 0, coming = 0 } = lately.get(portal) ?? {};
    return { portal, people: withheld + unseen + others + coming, gone: own + others };
  });
};

/**
 * Closes the gate of each portal where with this cause too much is taken, before its first decision is stored. Who has
 * access is counted only where the number alone is suspicious, and to the end only where the gate closes.
 */
export const judgeCause = async (sql: Sql, frame: DecisionFrame, cause: JudgedCause): Promise<RedecisionTotals> => {
  const { tenant, document } = frame.realm;
  const gate = gateOf(document);
  const portals = { ...cause.totals.portals };
  for (const { portal, people, gone } of await takingsOf(sql, frame, cause)) {
    const counted = portals[portal];
    if (counted === undefined || people <= gate.people) continue;
    const enough = gate.percent === 0 ? null : Math.ceil((people * 100) / gate.percent);
    const seen = await countGranted(sql, tenant, portal, enough);
    if (!closesGate(gate, people, seen + gone)) continue;
    portals[portal] = { ...counted, held: { people, of: gone + (await countGranted(sql, tenant, portal, null)) } };
  }
  return { ...cause.totals, portals };
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
