import { addDays } from './day-number.js';
import type { EmployeeFacts } from './employee-facts.js';
import type { StartRule } from './policy.js';
import type { Standing } from './standing.js';

/**
 * The day on which access begins, where that is ahead; `undefined` where it has begun. A hire date moves it for as long
 * as it is ahead; someone who works already, and whose hire date is not known or ahead, has begun.
 */
export const startAhead = (
  { from, days }: StartRule,
  facts: EmployeeFacts,
  { state }: Standing,
  today: string,
): string | undefined => {
  if (from === 'at-once') return undefined;
  const { hireDate } = facts.employment;
  const basis = from === 'date-added' ? facts.addedOn : hireDate;
  if (basis === null) return undefined;
  if (from === 'hire-date' && state === 'employed' && (days <= 0 || basis > today)) return undefined;
  const start = addDays(basis, days);
  return start > today ? start : undefined;
};
