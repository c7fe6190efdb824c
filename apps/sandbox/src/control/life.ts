import { jsonAnswer } from '../http/call.js';
import { BadRequest, numberIn, onlyKeys, type ControlHandler } from './answers.js';

const MOST_DAYS = 3_660;

/** Plays days of the company: hires, moves, marriages, ends, returns, addresses that are given to somebody else. */
const live: ControlHandler = ({ world, body }) => {
  onlyKeys(body, ['days', 'pace']);
  const days = numberIn(body, 'days') ?? 1;
  const pace = numberIn(body, 'pace') ?? 1;
  if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS)
    throw new BadRequest(`"days" is a whole number from 1 to ${MOST_DAYS}`);
  if (pace < 0 || pace > 1_000) throw new BadRequest('"pace" is a number from 0 to 1000');
  const events = world.life
    .live(days, pace)
    .map(({ employeeId, ...event }) => ({ ...event, employeeId: String(employeeId) }));
  const counts = Object.groupBy(events, ({ kind }) => kind);
  const totals = Object.fromEntries(Object.entries(counts).map(([kind, found]) => [kind, found?.length ?? 0]));
  return jsonAnswer({ today: world.company.today(), people: world.company.size, totals, events });
};

export const lifeRoutes: Readonly<Record<string, ControlHandler>> = { 'POST /life': live };
