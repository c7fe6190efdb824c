import { compiled, time } from '../test/examples.js';
import { everything, person } from '../test/everything.js';
import { decideAccess } from './decide-access.js';

const PORTALS = 20;
const PEOPLE = 5_000;
const ROUNDS = 8;
/**
 * Of the floor. On a core where a million cells take 2 s this is 4 s; seconds themselves say more of the core, and are
 * measured by the bench.
 */
const MOST_TIMES = 4;

/** Microseconds of CPU. */
const cpuOf = (work: () => void): number => {
  const begun = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(begun);
  return user + system;
};

it('deciding, with every feature in use and on top of what was, takes at most four times as long as to print and read decisions', () => {
  const policy = compiled(everything(PORTALS));
  const people = Array.from({ length: PEOPLE }, (_, index) => person(index));
  const before = people.map((facts) => decideAccess(facts, policy, [], { ...time, today: '2026-02-01' }).portals);
  const decideAll = () => people.map((facts, index) => decideAccess(facts, policy, before[index] ?? [], time));
  const granted = decideAll().flatMap(({ portals }) => portals.filter(({ access }) => access === 'granted'));
  expect(granted.length).toBeGreaterThan((PEOPLE * PORTALS) / 4);
  // Turn by turn, and the best of each: a core is slowed down by its neighbours for seconds at a time.
  const rounds = Array.from({ length: ROUNDS }, () => ({
    floor: cpuOf(() => void JSON.parse(JSON.stringify(before))),
    deciding: cpuOf(() => void decideAll()),
  }));
  const floor = Math.min(...rounds.map((round) => round.floor));
  const deciding = Math.min(...rounds.map((round) => round.deciding));
  expect(deciding / floor).toBeLessThan(MOST_TIMES);
}, 120_000);
