import { LIFE_KINDS } from '../../world/life.js';
import { about, answerOf, bodyOf, count, day, listOf, mapOf, number, oneOf, text, type Operations } from './schema.js';

export const lifeOperations: Operations = {
  'POST /life': {
    summary: 'Plays days of the company, from a seed: who is hired, moves, marries, leaves, comes back',
    body: bodyOf({
      days: about(count, 'by default 1'),
      pace: about(number, 'multiplies how much happens; 1 is some two changes a day among 250 people'),
    }),
    example: { days: 7 },
    answer: answerOf({
      today: day,
      people: count,
      totals: about(mapOf(count), 'how often what happened'),
      events: listOf(answerOf({ day, kind: oneOf(...LIFE_KINDS), about: text, employeeId: text })),
    }),
  },
};
