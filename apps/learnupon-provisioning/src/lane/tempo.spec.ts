import { Tempo } from './tempo.js';

const after = (milliseconds: number): Tempo => {
  const tempo = new Tempo();
  for (let call = 0; call < 100; call += 1) tempo.answeredIn(milliseconds);
  return tempo;
};

describe('Tempo', () => {
  it('plans as many calls as a portal answers in the time', () => {
    expect(after(20).callsWithin(500, 8)).toBe(8 * 24);
    expect(after(200).callsWithin(500, 8)).toBe(8 * 2);
  });

  it('fills what may be in flight at once, however slow the portal is', () => {
    expect(after(20_000).callsWithin(500, 8)).toBe(8);
  });

  it('begins with a guess, and is not deceived by one slow answer', () => {
    const tempo = new Tempo();
    expect(tempo.callsWithin(500, 8)).toBe(8 * 5);
    const quick = after(10);
    quick.answeredIn(500);
    expect(quick.callsWithin(500, 8)).toBeGreaterThanOrEqual(8 * 12);
  });
});
