import { restUntilDue } from './lane-worker.js';

describe(restUntilDue.name, () => {
  const LOOK_MS = 250;
  const at = (now: { ms: number }) => restUntilDue(LOOK_MS, () => now.ms);

  it('rests until others have to be looked for, where no lane of its own is due before', () => {
    const now = { ms: 1_000 };
    const rest = at(now);
    expect(rest.restMs()).toBe(LOOK_MS);
    rest.note(60_000);
    expect(rest.restMs()).toBe(LOOK_MS);
  });

  it('rests until the first of its lanes is due', () => {
    const now = { ms: 1_000 };
    const rest = at(now);
    rest.note(200);
    rest.note(100);
    rest.note(150);
    expect(rest.restMs()).toBeGreaterThanOrEqual(100);
    expect(rest.restMs()).toBeLessThan(150);
    now.ms += 60;
    expect(rest.restMs()).toBeLessThan(50);
  });

  it('does not look again and again for a lane that somebody else has taken', () => {
    const now = { ms: 1_000 };
    const rest = at(now);
    rest.note(100);
    now.ms += rest.restMs();
    expect(rest.restMs()).toBe(LOOK_MS);
    expect(rest.restMs()).toBe(LOOK_MS);
  });

  it('rests until a lane is due that was served after it was due before', () => {
    const now = { ms: 1_000 };
    const rest = at(now);
    rest.note(100);
    now.ms += rest.restMs() + 20;
    rest.note(100);
    expect(rest.restMs()).toBeLessThan(150);
  });

  it('rests until the second lane is due once the first has been', () => {
    const now = { ms: 1_000 };
    const rest = at(now);
    rest.note(100);
    rest.note(200);
    now.ms += rest.restMs();
    expect(rest.restMs()).toBeLessThan(150);
  });

  it('is not held up by a lane that was due at once', () => {
    const now = { ms: 1_000 };
    const rest = at(now);
    rest.note(0);
    now.ms += 300;
    rest.note(60);
    expect(rest.restMs()).toBeLessThan(100);
  });
});
