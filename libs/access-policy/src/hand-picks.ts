import { addDays } from './day-number.js';
import type { HandPick, PortalPolicy } from './policy.js';

/** What was done by hand for an employee in a portal and holds today, and until when. */
export interface HandPicked {
  readonly excluded?: HandPick;
  readonly included?: HandPick;
  /** The day on which one of them ends. */
  readonly dueOn: string | null;
}
const NOBODY: HandPicked = { dueOn: null };

export const handPicked = ({ picks }: PortalPolicy, employeeId: string, today: string): HandPicked => {
  const own = picks?.get(employeeId);
  if (own === undefined) return NOBODY;
  const holds = ({ until }: HandPick) => until === undefined || until >= today;
  const [excluded, included] = [own.exclude.find(holds), own.include.find(holds)];
  const ends = [...own.exclude, ...own.include]
    .filter(holds)
    .flatMap(({ until }) => (until === undefined ? [] : until));
  const first = ends.sort()[0];
  return {
    ...(excluded === undefined ? {} : { excluded }),
    ...(included === undefined ? {} : { included }),
    dueOn: first === undefined ? null : addDays(first, 1),
  };
};
