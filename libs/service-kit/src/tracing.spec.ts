import { setImmediate as later } from 'node:timers/promises';
import { currentTraceparent, newTraceparent, parseTraceparent, withTraceparent } from './tracing.js';

const given = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe('tracing', () => {
  it('carries the trace through what is awaited, each its own', async () => {
    const work = async (traceparent: string) =>
      withTraceparent(traceparent, async () => {
        await later();
        return currentTraceparent();
      });
    const other = newTraceparent();
    expect(await Promise.all([work(given), work(other)])).toEqual([given, other]);
    expect(currentTraceparent()).toBeUndefined();
  });

  it.each([
    undefined,
    '',
    'nonsense',
    `${given}x`,
    '00-00000000000000000000000000000000-00f067aa0ba902b7-01',
    `ff${given.slice(2)}`,
  ])('begins a new one for %j', (traceparent) => {
    const inside = withTraceparent(traceparent, currentTraceparent);
    expect(inside).not.toBe(traceparent);
    expect(parseTraceparent(inside ?? '')).toBeDefined();
  });

  it('understands later versions', () => {
    expect(parseTraceparent(`01${given.slice(2)}-more`)?.spanId).toBe('00f067aa0ba902b7');
  });
});
