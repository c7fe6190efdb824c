import fc from 'fast-check';
import { addDays, daysBetween, parseDay, shiftDay, shiftMonths } from './day-number.js';

const day = fc
  .tuple(fc.integer({ min: 1, max: 9998 }), fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 31 }))
  .map(([year, month, date]) => Temporal.PlainDate.from({ year, month, day: date }).toString());
const many = fc.integer({ min: -400_000, max: 400_000 });

describe('days by number', () => {
  it('are the days of Temporal', () => {
    fc.assert(
      fc.property(day, many, (from, days) => {
        const expected = Temporal.PlainDate.from(from).add({ days });
        fc.pre(expected.year >= 0 && expected.year <= 9999);
        expect(shiftDay(from, days)).toBe(expected.toString());
        expect(daysBetween(from, expected.toString())).toBe(days);
      }),
      { numRuns: 2_000 },
    );
  });

  it('move by months as in Temporal', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: -600, max: 600 }), (from, months) => {
        const expected = Temporal.PlainDate.from(from).add({ months });
        fc.pre(expected.year >= 0 && expected.year <= 9999);
        expect(shiftMonths(from, months)).toBe(expected.toString());
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['2024-02-29', 12, '2025-02-28'],
    ['2024-02-29', 48, '2028-02-29'],
    ['2026-01-31', 1, '2026-02-28'],
  ])('%s and %i months is %s', (from, months, expected) => {
    expect(shiftMonths(from, months)).toBe(expected);
  });

  it.each(['', '2026-02-29', '2026-13-01', '2026-1-1', '0000-00-00', '2026-03-02T00:00', 'soon'])(
    '%j is no day',
    (text) => {
      expect(parseDay(text)).toBeUndefined();
      expect(shiftDay(text, 1)).toBeUndefined();
      expect(() => addDays(text, 1)).toThrow(RangeError);
    },
  );

  it('no day lies beyond the calendar: the last one stands for never', () => {
    expect(addDays('9999-12-31', 1)).toBe('9999-12-31');
    expect(addDays('9999-12-01', 3_650)).toBe('9999-12-31');
    expect(addDays('0000-01-01', -1)).toBe('0000-01-01');
    expect(shiftDay('9999-12-31', 1)).toBeUndefined();
  });
});
