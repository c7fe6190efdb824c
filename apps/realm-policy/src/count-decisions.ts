import { addEffects, previousOf } from '@portico/access-policy';
import type { DecidedPerson } from './decide-person.js';
import type { RedecisionTotals } from './persistence/redecisions.js';

/** What some decisions add to the totals of their cause. */
export const countDecisions = (before: RedecisionTotals, decisions: readonly DecidedPerson[]): RedecisionTotals => {
  const totals = structuredClone(before) as { -readonly [Key in keyof RedecisionTotals]: RedecisionTotals[Key] };
  for (const decided of decisions) {
    addEffects(totals.portals, previousOf(decided.person.standing), decided.decision.portals);
    const kind = changeOf(decided);
    if (kind !== undefined) totals[kind] += 1;
  }
  return totals;
};

/** What the decision makes of the person as a whole. */
export const changeOf = ({ person: { standing }, decision, isNews }: DecidedPerson) => {
  if (!isNews) return undefined;
  if (decision.leaver && standing?.leaver !== true) return 'leavers';
  const hasAccess = (portals: DecidedPerson['decision']['portals'] = []) => portals.some(isGranted);
  return hasAccess(decision.portals) && !hasAccess(standing?.portals) ? 'joiners' : 'movers';
};

const isGranted = ({ access }: DecidedPerson['decision']['portals'][number]): boolean => access === 'granted';
