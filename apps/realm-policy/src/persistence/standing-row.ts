import type { Standing } from '../decide-person.js';

/** A stored decision's columns; all `null` where nothing was decided, or it was not read. */
export interface StandingRow {
  readonly leaver: boolean | null;
  readonly portals: Standing['portals'] | null;
  readonly earlier: NonNullable<Standing['earlier']> | null;
}

/** @param event the decision, as an expression of SQL. */
export const standingColumns = (event: string): string =>
  `(${event})->'leaver' as leaver, (${event})->'portals' as portals, (${event})->'earlier' as earlier`;

export const toStanding = ({ leaver, portals, earlier }: StandingRow): Standing | undefined =>
  portals === null ? undefined : { leaver: leaver ?? false, portals, ...(earlier && { earlier }) };

/** Each portal of a stored decision as one element, those that are off or taken out with what was decided of them last. */
export const decidedCells = (event: string): string =>
  `jsonb_array_elements(coalesce(${event}->'earlier', '[]') || (${event}->'portals'))`;
