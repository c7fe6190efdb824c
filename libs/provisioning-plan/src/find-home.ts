import type { Cell, Learner, Person, Portal, Realm } from './facts.js';
import { isSame } from './identifiers.js';
import { linkedAccount } from './operations.js';
import { isFresh, isKept } from './ownership.js';
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

/** The learner whose names, e-mail, username and language all portals of the realm have. */
export const identityOf = (realm: Realm, person: Person, own: Learner): Learner =>
  inHomeOrder(realm, person, ({ access, learner }) => access === 'granted' && learner !== undefined)?.learner ?? own;

/**
 * The account at home still has an address that Portico is to change. An invite at the new one, accepted before that,
 * would make a second person of them, and home could never have the address.
 */
const isChangingAddress = (realm: Realm, person: Person, cell: Cell): boolean => {
  const account = linkedAccount(cell);
  const { learner } = cell;
  const mode = realm.portals.find(({ portal }) => portal === cell.portal)?.mode;
  if (mode !== 'on' || cell.access !== 'granted' || learner === undefined || account?.listed !== true) return false;
  const { email } = identityOf(realm, person, learner);
  return email !== null && !isSame(email, account.email) && isKept(learner, 'email', isFresh(cell.link));
};

/**
 * The portal where the person's account is made while the realm allows one account per identifier: where it already is,
 * else where it is being made, else the top-level portal if wanted there, else the first in the realm's order. A portal that
 * creates goes before one that only invites: whoever is to be created must not wait until an invite is accepted elsewhere.
 */
export const findHome = (realm: Realm, person: Person): Home | undefined => {
  const linked = inHomeOrder(realm, person, (cell) => cell.link !== undefined);
  if (linked !== undefined) return { portal: linked.portal, settled: !isChangingAddress(realm, person, linked) };

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
