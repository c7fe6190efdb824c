import fc from 'fast-check';
import { Pace } from './pace.js';

interface Server {
  /** Answers what is left, or `undefined` for a 429. */
  call(now: number): number | undefined;
  readonly served: number;
  readonly refused: number;
}

const serverOf = (limit: number, window: 'calendar' | 'rolling', lagMs: number): Server => {
  const times: number[] = [];
  let refused = 0;
  return {
    call: (sentAt) => {
      const now = sentAt + lagMs;
      const since = window === 'calendar' ? Math.floor(now / 60_000) * 60_000 : now - 60_000;
      const used = times.filter((at) => at >= since).length;
      if (used >= limit) {
        refused += 1;
        return undefined;
      }
      times.push(now);
      return limit - used - 1;
    },
    get served() {
      return times.length;
    },
    get refused() {
      return refused;
    },
  };
};

/** Calls as fast as the pace allows, in bursts, for some minutes of a clock of its own. */
const run = (server: Server, minutes: number, tellsWhatIsLeft: boolean, startAt: number): Pace => {
  let now = startAt;
  const pace = new Pace(() => now);
  const end = startAt + minutes * 60_000;
  while (now < end) {
    const allowed = Math.min(pace.available(), 8);
    for (let call = 0; call < allowed; call += 1) {
      pace.begin();
      const left = server.call(now);
      pace.end(left !== undefined && tellsWhatIsLeft ? left : undefined);
      if (left !== undefined) continue;
      pace.throttled();
      break;
    }
    now += allowed > 0 ? 20 : pace.waitMs();
  }
  return pace;
};

describe('the pace', () => {
  const cases = fc.record({
    limit: fc.integer({ min: 20, max: 400 }),
    window: fc.constantFrom('calendar' as const, 'rolling' as const),
    lagMs: fc.integer({ min: 0, max: 200 }),
    startAt: fc.integer({ min: 0, max: 120_000 }),
  });

  it('uses nearly all of a rate that LearnUpon tells, and hears no 429', () => {
    fc.assert(
      fc.property(cases, ({ limit, window, lagMs, startAt }) => {
        const server = serverOf(limit, window, lagMs);
        run(server, 10, true, startAt);
        expect(server.refused).toBe(0);
        expect(server.served).toBeGreaterThanOrEqual(limit * 10 * 0.99 - limit * 0.01);
      }),
      { numRuns: 30 },
    );
  });

  it('learns a rate that nobody tells from a few 429', () => {
    const guessable = cases.filter(({ limit }) => limit >= 60);
    fc.assert(
      fc.property(guessable, ({ limit, window, lagMs, startAt }) => {
        const server = serverOf(limit, window, lagMs);
        run(server, 20, false, startAt);
        // About one a minute.
        expect(server.refused).toBeLessThanOrEqual(30);
        expect(server.served).toBeGreaterThan(limit * 20 * 0.7);
      }),
      { numRuns: 30 },
    );
  });

  it('knows no limit before it meets one', () => {
    const pace = new Pace(() => 0);
    for (let call = 0; call < 10_000; call += 1) pace.begin();
    expect(pace.available()).toBe(Number.POSITIVE_INFINITY);
  });

  it('waits as long as it is told', () => {
    let now = 1_000;
    const pace = new Pace(() => now);
    pace.begin();
    pace.end();
    pace.throttled(7_000);
    expect([pace.available(), pace.waitMs()]).toEqual([0, 7_000]);
    now += 7_000;
    expect(pace.waitMs()).toBe(0);
  });

  it('travels to another worker', () => {
    const now = 100_000;
    const pace = new Pace(() => now);
    for (let call = 0; call < 5; call += 1) {
      pace.begin();
      pace.end(9 - call);
    }
    expect(new Pace(() => now, pace.state()).available()).toBe(5);
  });
});
