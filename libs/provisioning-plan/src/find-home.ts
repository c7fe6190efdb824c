import type { Cell, Person, Portal, Realm } from './facts.js';
import { isRefused } from './refusal.js';

export interface Home {
  readonly portal: string;
  /** The account is there, or the realm has one that Portico does not see: nobody needs to wait any more. */
  readonly settled: boolean;
}

export const cellOf = (person: Person, portal: string): Cell | undefined =>
  person.cells.find((cell) => cell.portal === portal);

/** The top-level portal goes first, then the realm's order. */
export const inHomeOrder = (
  realm: Realm,
  person: Person,
  fits: (cell: Cell, portal: Portal) => boolean,
): Cell | undefined => {
  let found: Cell | undefined;
  for (const portal of realm.portals) {
    if (found !== undefined && !portal.topLevel) continue;
    const cell = cellOf(person, portal.portal);
    if (cell === undefined || !fits(cell, portal)) continue;
    if (portal.topLevel) return cell;
    found = cell;
  }
  return found;
};

/**
 * The portal where the person's account is made while the realm allows one account per identifier: where it already is,
 * else where it is being made, else the top-level portal if wanted there, else the first in the realm's order. A portal that
 * creates goes before one that only invites: whoever is to be created must not wait until an invite is accepted elsewhere.
 */
export const findHome = (realm: Realm, person: Person): Home | undefined => {
  const linked = inHomeOrder(realm, person, (cell) => cell.link !== undefined);
  if (linked !== undefined) return { portal: linked.portal, settled: true };

  const beingMade = inHomeOrder(realm, person, (cell) => cell.attempt === 'create');
  if (beingMade !== undefined) return { portal: beingMade.portal, settled: false };

  const seen = inHomeOrder(realm, person, (cell) => cell.accounts.some(({ ownerId }) => ownerId === undefined));
  if (seen !== undefined) return { portal: seen.portal, settled: true };

  const isWanted = (cell: Cell, { mode }: Portal) => mode === 'on' && cell.access === 'granted';
  const first =
    inHomeOrder(realm, person, (cell, portal) => isWanted(cell, portal) && cell.learner?.onboarding === 'create') ??
    inHomeOrder(realm, person, isWanted);
  return first && { portal: first.portal, settled: isRefused(realm, first, 'refused-exists') };
};
