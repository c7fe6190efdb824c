import type { ExplainAnswer } from '@portico/contracts';
import { QuestionError } from '@portico/messaging';
import { dayOf, endOfDay, instantOf } from '../moments.js';

export interface WhenAsked {
  readonly tense: ExplainAnswer['tense'];
  readonly moment: Temporal.Instant;
  /** The company's day. */
  readonly today: string;
}

/**
 * What moment is meant: now unless told; of a day its last one, or now while it is today.
 * @throws QuestionError `invalid`
 */
export const whenAsked = (at: string | undefined, timeZone: string, now: Temporal.Instant): WhenAsked => {
  const dayIn = (moment: Temporal.Instant) => moment.toZonedDateTimeISO(timeZone).toPlainDate();
  const present = dayIn(now).toString();
  if (at === undefined || at === present) return { tense: 'present', moment: now, today: present };
  const day = dayOf(at);
  const moment = day === undefined ? instantOf(at) : endOfDay(day, timeZone);
  if (moment === undefined) {
    const message = 'must be a day such as 2026-03-01, or a moment such as 2026-03-01T09:00:00Z';
    throw new QuestionError('invalid', `at ${message}`, [{ path: 'at', message }]);
  }
  const tense = Temporal.Instant.compare(moment, now) > 0 ? 'foreseen' : 'past';
  return { tense, moment, today: dayIn(moment).toString() };
};
