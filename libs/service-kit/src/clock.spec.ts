import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fixedClock, systemClock } from './clock.js';
import { followClock } from './follow-clock.js';

describe('clocks', () => {
  it('know the day of a time zone', () => {
    const clock = fixedClock('2026-03-01T22:30:00Z');
    expect(clock.today('Europe/Dublin').toString()).toBe('2026-03-01');
    expect(clock.today('Asia/Tokyo').toString()).toBe('2026-03-02');
    clock.advance({ days: 1 });
    expect(clock.now().toString()).toBe('2026-03-02T22:30:00Z');
    clock.set('2027-01-01T00:00:00Z');
    expect(clock.today('UTC').year).toBe(2027);
    expect(Math.abs(systemClock.now().epochMilliseconds - Date.now())).toBeLessThan(1_000);
  });
});

describe('a followed clock', () => {
  const HOUR = 3_600_000;
  let server: Server;
  let offset: number;
  let broken: boolean;
  let asked: () => void = () => undefined;
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/clock`;
  /** Two more questions: the answer of the first has been taken in. */
  const anotherPoll = async () => {
    for (let n = 0; n < 2; n++) await new Promise<void>((resolve) => (asked = resolve));
  };
  // Whole hours; a millisecond behind would be -0, which is not 0 to `toBe`.
  const ahead = (now: Temporal.Instant) => Math.round((now.epochMilliseconds - Date.now()) / HOUR) + 0;

  beforeEach(async () => {
    offset = 0;
    broken = false;
    server = createServer((_request, response) => {
      response.statusCode = broken ? 500 : 200;
      response.end(JSON.stringify({ now: new Date(Date.now() + offset).toISOString() }));
      asked();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('goes where the other goes, and keeps its offset while that does not answer', async () => {
    const messages: string[] = [];
    const clock = await followClock(url(), { pollMs: 5, onChange: (message) => messages.push(message) });
    try {
      expect(ahead(clock.now())).toBe(0);
      offset = 48 * HOUR;
      await anotherPoll();
      expect(ahead(clock.now())).toBe(48);
      broken = true;
      await anotherPoll();
      await anotherPoll();
      expect(ahead(clock.now())).toBe(48);
      broken = false;
      offset = 72 * HOUR;
      await anotherPoll();
      expect(ahead(clock.now())).toBe(72);
      expect(messages).toEqual([expect.stringContaining('does not answer'), expect.stringContaining('answers again')]);
    } finally {
      clock.stop();
    }
  });

  it('never goes back for a little jitter', async () => {
    const clock = await followClock(url(), { pollMs: 5 });
    const before = clock.now().epochMilliseconds - Date.now();
    offset = -100;
    await anotherPoll();
    expect(Math.abs(clock.now().epochMilliseconds - Date.now() - before)).toBeLessThan(50);
    clock.stop();
  });

  it('that does not answer at the start says what to do', async () => {
    broken = true;
    await expect(followClock(url())).rejects.toThrow(/does not answer: start the sandbox, or leave CLOCK_URL out/);
  });
});
