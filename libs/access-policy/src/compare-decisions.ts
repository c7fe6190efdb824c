import type { AccessReason, PortalDecision, PreviousAccess } from './decide-access.js';
import type { PortalPolicy, RealmPolicy } from './policy.js';

/** What a decision does to one portal, seen from the one before. */
export type AccessEffect = 'granted' | 'changed' | 'withheld' | 'none';
export type EffectTotals = Record<string, { granted: number; changed: number; withheld: number }>;

/** Adds what one employee's decision does to the totals of its cause. */
export const addEffects = (
  totals: EffectTotals,
  before: readonly PreviousAccess[],
  after: readonly PreviousAccess[],
): void => {
  for (const decision of after) {
    const effect = effectOf(
      before.find(({ portal }) => portal === decision.portal),
      decision,
    );
    const ofPortal = (totals[decision.portal] ??= { granted: 0, changed: 0, withheld: 0 });
    if (effect !== 'none') ofPortal[effect] += 1;
  }
};

export const effectOf = (before: PreviousAccess | undefined, after: PreviousAccess): AccessEffect => {
  if (after.access === 'granted' && before?.access !== 'granted') return 'granted';
  if (after.access !== 'granted' && before?.access === 'granted') return 'withheld';
  if (after.access !== 'granted') return 'none';
  return isSame(before?.learner, after.learner) ? 'none' : 'changed';
};

/** A cell that a draft would make another of; `stopped`: the draft has no such portal. */
export interface CellChange {
  readonly portal: string;
  readonly effect: Exclude<AccessEffect, 'none'> | 'stopped';
  readonly before: Pick<PortalDecision, 'access' | 'reason'> | null;
  readonly after: Pick<PortalDecision, 'access' | 'reason'> | null;
}

/** One employee's cells that differ, in the order of `after`; those that a portal that is gone had are last. */
export const changedCells = (
  before: readonly PortalDecision[],
  after: readonly PortalDecision[],
): readonly CellChange[] => {
  const changes: CellChange[] = [];
  for (const [index, decision] of after.entries()) {
    const { portal } = decision;
    // Mostly the portals are the same, in the same order.
    const was = before[index]?.portal === portal ? before[index] : before.find((one) => one.portal === portal);
    const effect = effectOf(was, decision);
    if (effect !== 'none') changes.push({ portal, effect, before: brief(was), after: brief(decision) });
  }
  const stopped = before
    .filter(({ portal, access }) => access === 'granted' && !after.some((decision) => decision.portal === portal))
    .map((was): CellChange => ({ portal: was.portal, effect: 'stopped', before: brief(was), after: null }));
  return stopped.length === 0 ? changes : [...changes, ...stopped];
};

const brief = (decision: PortalDecision | undefined): CellChange['before'] =>
  decision === undefined ? null : { access: decision.access, reason: decision.reason };

const KEEPING: ReadonlySet<AccessReason> = new Set<AccessReason>([
  'employment-unknown',
  'audience-unknown',
  'mapping-unknown',
  'no-email',
  'invalid-identifier',
]);

/**
 * Whether what was decided before may play a part. Where a decision on top of nothing does not rest on it, it comes out
 * the same on top of anything.
 */
export const restsOnPrevious = (portals: readonly PortalDecision[], policy: RealmPolicy): boolean =>
  portals.some(({ reason }) => KEEPING.has(reason)) || policy.portals.some(keepsWhatWas);

/** Grace, the ramp, days counted from the end of access, and what is kept of an account while it is unknown. */
const keepsWhatWas = ({ start, leaving, ramp, groups, userType, customData }: PortalPolicy): boolean =>
  start.days > 0 ||
  leaving.graceDays > 0 ||
  leaving.action === 'expire' ||
  leaving.retainDays !== null ||
  ramp < 100 ||
  groups !== undefined ||
  userType !== undefined ||
  customData.some(({ type }) => type !== 'string');

/** Of plain data that is a few levels deep; many times faster than a comparison of anything. */
export const isSame = (one: unknown, other: unknown): boolean => {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => isSame((one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key]))
  );
};
