import type { Cell, CellPlan, Person, Portal, Realm } from './facts.js';
import { keptBack } from './details.js';
import { cellOf } from './find-home.js';
import { nothing } from './operations.js';
import { planBelonging } from './plan-belonging.js';
import { planLeaving } from './plan-leaving.js';

/**
 * Compares what is wanted for one person with what is there, and says for each of the given portals the one operation to
 * perform now, or why there is none. When it has been performed, ask again. The other cells are looked at, because portals
 * of a realm depend on each other; the answer for one portal does not depend on which portals are asked for.
 */
export const planProvisioning = (
  realm: Realm,
  person: Person,
  portals: readonly Portal[] = realm.portals,
): CellPlan[] => {
  const plans: CellPlan[] = [];
  for (const portal of portals) {
    const cell = cellOf(person, portal.portal);
    if (cell !== undefined) plans.push(planCell(realm, portal, person, cell));
  }
  return plans;
};

/**
 * Whether a cell's plan looks at more of the person's other cells than their accounts, which it always does. Where the
 * realm lets accounts be made in several portals, a portal where somebody is to have one and nothing like it is there
 * waits for no other. `hasAccount`: one is linked, confirmed or alike here.
 */
export const needsOtherCells = (
  { allowsDuplicates }: Pick<Realm, 'allowsDuplicates'>,
  access: Cell['access'],
  hasAccount: boolean,
): boolean => !allowsDuplicates || access !== 'granted' || hasAccount;

const planCell = (realm: Realm, portal: Portal, person: Person, cell: Cell): CellPlan => {
  if (portal.mode === 'off') return nothing(cell, 'portal-off');
  if (cell.attempt !== undefined) return nothing(cell, 'in-doubt', 'unknown');
  switch (cell.access) {
    case 'undecided':
      return nothing(cell, cell.policyReason);
    case 'granted':
      return planBelonging(realm, portal, person, cell);
    case 'withheld':
      return unlessHeld(cell, planLeaving(realm, portal, person, cell));
  }
};

/** Asking for an account takes nothing away, and what was found out stays. */
const unlessHeld = (cell: Cell, plan: CellPlan): CellPlan => {
  const { operation, ...found } = plan;
  if (cell.isHeld !== true || operation === undefined || operation.kind === 'check') return plan;
  return { ...found, ...keptBack };
};
