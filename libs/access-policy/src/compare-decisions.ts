import type { PreviousAccess } from './decide-access.js';

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

const effectOf = (before: PreviousAccess | undefined, after: PreviousAccess): AccessEffect => {
  if (after.access === 'granted' && before?.access !== 'granted') return 'granted';
  if (after.access !== 'granted' && before?.access === 'granted') return 'withheld';
  if (after.access !== 'granted') return 'none';
  return isSameLearner(before?.learner, after.learner) ? 'none' : 'changed';
};

const isSameLearner = (one: PreviousAccess['learner'], other: PreviousAccess['learner']): boolean => {
  if (one === undefined || other === undefined) return one === other;
  const { customData: oneData, ...oneRest } = one;
  const { customData: otherData, ...otherRest } = other;
  return isSameRecord(oneRest, otherRest) && isSameRecord(oneData, otherData);
};

const isSameRecord = (one: Readonly<Record<string, unknown>>, other: Readonly<Record<string, unknown>>): boolean => {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
};
