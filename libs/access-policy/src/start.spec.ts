import { ada } from '../test/examples.js';
import { decideOn, withEmployment } from '../test/deciding.js';
import type { StartSource } from './policy.js';

const hired = (hireDate: string | null, state: 'expected' | 'employed' = 'expected') =>
  withEmployment({ state, hireDate });
const added = (addedOn: string | null) => ({ ...hired('2026-06-01'), addedOn });

describe('access begins', () => {
  it.each<[string, StartSource, typeof ada, string, string, string | null]>([
    ['at once, long before the hire date', 'at-once', hired('2027-01-01'), '2026-03-02', 'granted', '2027-01-01'],
    ['on the hire date', 'hire-date', hired('2026-03-02'), '2026-03-02', 'granted', null],
    ['not the day before', 'hire-date', hired('2026-03-02'), '2026-03-01', 'withheld', '2026-03-02'],
    ['seven days before', { from: 'hire-date', days: -7 }, hired('2026-03-09'), '2026-03-02', 'granted', '2026-03-09'],
    [
      'not eight days before',
      { from: 'hire-date', days: -7 },
      hired('2026-03-10'),
      '2026-03-02',
      'withheld',
      '2026-03-03',
    ],
    [
      'thirty days after',
      { from: 'hire-date', days: 30 },
      hired('2026-02-01', 'employed'),
      '2026-03-03',
      'granted',
      null,
    ],
    [
      'not before that',
      { from: 'hire-date', days: 30 },
      hired('2026-02-01', 'employed'),
      '2026-03-02',
      'withheld',
      '2026-03-03',
    ],
    [
      'for someone at work with no hire date',
      { from: 'hire-date', days: 30 },
      hired(null, 'employed'),
      '2026-03-02',
      'granted',
      null,
    ],
    [
      'not for someone at work who is hired anew',
      { from: 'hire-date', days: 30 },
      hired('2026-04-01', 'employed'),
      '2026-03-02',
      'withheld',
      '2026-05-01',
    ],
    ['when the record was seen', 'date-added', added('2026-03-02'), '2026-03-02', 'granted', '2026-06-01'],
    [
      'two days after it was seen',
      { from: 'date-added', days: 2 },
      added('2026-03-02'),
      '2026-03-04',
      'granted',
      '2026-06-01',
    ],
    ['not one day after', { from: 'date-added', days: 2 }, added('2026-03-02'), '2026-03-03', 'withheld', '2026-03-04'],
    ['where nobody noted when it was seen', 'date-added', added(null), '2026-03-02', 'granted', '2026-06-01'],
    [
      'a year after 29 February',
      { from: 'hire-date', days: 365 },
      hired('2024-02-29', 'employed'),
      '2025-02-28',
      'granted',
      null,
    ],
    ['on 29 February', { from: 'hire-date', days: -1 }, hired('2028-03-01'), '2028-02-29', 'granted', '2028-03-01'],
  ])('%s', (_name, start, facts, today, access, dueOn) => {
    const decision = decideOn(today, facts, { start });
    expect({ access: decision.access, dueOn: decision.dueOn }).toEqual({ access, dueOn });
    if (access === 'withheld') expect(decision.reason).toBe('not-started');
  });

  it('moves with a hire date that is moved while waiting', () => {
    const rules = { start: { from: 'hire-date', days: -7 } } as const;
    const waiting = decideOn('2026-03-02', hired('2026-04-01'), rules);
    expect(waiting).toMatchObject({ access: 'withheld', dueOn: '2026-03-25' });
    const later = decideOn('2026-03-20', hired('2026-05-01'), rules, waiting.portals);
    expect(later).toMatchObject({ access: 'withheld', dueOn: '2026-04-24' });
    const earlier = decideOn('2026-03-20', hired('2026-03-23'), rules, later.portals);
    expect(earlier).toMatchObject({ access: 'granted', reason: 'in-audience' });
  });

  it('is not waited for again by those who work and have access', () => {
    const rules = { start: { from: 'hire-date', days: 30 } } as const;
    const granted = decideOn('2026-03-02', ada, {}).portals;
    expect(decideOn('2026-03-02', hired('2026-03-01', 'employed'), rules, granted)).toMatchObject({
      access: 'granted',
    });
    expect(decideOn('2026-03-02', hired('2026-03-05'), rules, granted)).toMatchObject({ reason: 'not-started' });
  });
});
