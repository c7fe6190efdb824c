import { addDays } from './day-number.js';
import type { EmployeeFacts } from './employee-facts.js';
import type { EarlierEnd } from './leaving.js';
import type { StartRule } from './policy.js';
import type { Standing } from './standing.js';

/**
 * The day on which access begins, where that is ahead; `undefined` where it has begun. A hire date that moves takes it
 * along while it is ahead. It delays a first access, and takes none from those who work and have it; someone who works
 * without a known hire date has begun.
 */
export const startAhead = (
  { from, days }: StartRule,
  facts: EmployeeFacts,
  { state }: Standing,
  today: string,
  before: EarlierEnd | undefined,
): string | undefined => {
  if (from === 'at-once') return undefined;
  const { hireDate } = facts.employment;
  const basis = from === 'date-added' ? facts.addedOn : hireDate;
  if (basis === null) return undefined;
  if (state === 'employed' && (before?.access === 'granted' || (from === 'hire-date' && days <= 0))) return undefined;
  const start = addDays(basis, days);
  return start > today ? start : undefined;
};
