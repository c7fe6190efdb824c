import fc from 'fast-check';
import { EVIDENCE_FIELDS, judgeEmployment, nextReviewOn, type Employment, type FieldValues } from './index.js';

const today = '2026-03-02';
const works = {
  status: 'Active',
  employmentHistoryStatus: 'Full-Time',
  hireDate: '2024-01-08',
  originalHireDate: null,
  terminationDate: null,
};
const without = (values: FieldValues, ...fields: string[]): FieldValues =>
  Object.fromEntries(Object.entries(values).filter(([field]) => !fields.includes(field)));

describe('judgeEmployment', () => {
  test.each<[string, FieldValues, string, string]>([
    ['works', works, 'employed', 'hire-date'],
    ['was hired and has no status yet', { ...works, employmentHistoryStatus: null }, 'employed', 'hire-date'],
    ['starts tomorrow', { ...works, employmentHistoryStatus: null, hireDate: '2026-03-03' }, 'expected', 'hire-date'],
    ['starts today', { ...works, hireDate: today }, 'employed', 'hire-date'],
    ['has no hire date but a status', { ...works, hireDate: null }, 'employed', 'employment-status'],
    [
      'was made by a program, without dates',
      { ...works, hireDate: null, employmentHistoryStatus: null },
      'unknown',
      'no-hire-date',
    ],
    ['is Inactive and nothing else', { ...works, status: 'Inactive' }, 'unknown', 'inactive-without-termination'],
    ['is Terminated', { ...works, employmentHistoryStatus: 'Terminated' }, 'left', 'status-terminated'],
    [
      'is Terminated as of a day ahead',
      { ...works, status: 'Inactive', employmentHistoryStatus: 'Terminated', terminationDate: '2026-03-16' },
      'employed',
      'termination-date',
    ],
    [
      'has the last day today, entered before',
      { ...works, employmentHistoryStatus: 'Terminated', terminationDate: today },
      'employed',
      'termination-date',
    ],
    [
      'was let go today, at once',
      { ...works, status: 'Inactive', employmentHistoryStatus: 'Terminated', terminationDate: today },
      'left',
      'status-terminated',
    ],
    ['has the last day today', { ...works, terminationDate: today }, 'employed', 'hire-date'],
    [
      'had the last day yesterday, without a status',
      { ...works, employmentHistoryStatus: null, terminationDate: '2026-03-01' },
      'left',
      'termination-date',
    ],
    [
      'had the last day yesterday, and a status that goes on',
      { ...works, terminationDate: '2026-03-01' },
      'unknown',
      'termination-contradicted',
    ],
    [
      'was hired again after the termination',
      { ...works, hireDate: '2026-02-02', originalHireDate: '2020-01-01', terminationDate: '2026-01-30' },
      'employed',
      'hire-date',
    ],
    [
      'was hired again on the day of the termination',
      { ...works, hireDate: '2026-01-30', terminationDate: '2026-01-30' },
      'employed',
      'hire-date',
    ],
    [
      'has left and comes back',
      { ...works, employmentHistoryStatus: 'Terminated', hireDate: '2026-04-01', terminationDate: '2026-01-30' },
      'expected',
      'hire-date',
    ],
    [
      'works while the next hire is dated ahead',
      { ...works, hireDate: '2026-04-01', originalHireDate: '2020-01-01' },
      'employed',
      'employment-status',
    ],
    ['has a termination date that is no day', { ...works, terminationDate: '2026-02-29' }, 'employed', 'hire-date'],
    [
      'is Terminated at a termination date that is no day',
      { ...works, employmentHistoryStatus: 'Terminated', terminationDate: '2026-02-29' },
      'unknown',
      'hidden-evidence',
    ],
  ])('someone who %s', (_, values, state, evidence) => {
    expect(judgeEmployment(values, today)).toEqual({ state, evidence });
  });

  test.each([
    ['a newer row that is not terminated', '2026-02-20', 'Part-Time', 'employed', 'newer-employment-row'],
    ['a row from before', '2024-01-08', 'Full-Time', 'left', 'termination-date'],
    ['a newer row that is still ahead', '2026-03-09', 'Full-Time', 'left', 'termination-date'],
    ['a newer row that is terminated', '2026-02-20', 'Terminated', 'left', 'termination-date'],
  ])('%s settles a termination that the status contradicts', (_, date, status, state, evidence) => {
    const values = { ...works, terminationDate: '2026-02-13' };
    expect(judgeEmployment(values, today, [{ date, status }])).toEqual({ state, evidence });
  });

  test.each([
    ['2024-02-28', '2024-02-29', 'left'],
    ['2024-02-29', '2024-02-29', 'employed'],
    ['2024-02-29', '2024-03-01', 'left'],
    ['2025-02-28', '2025-03-01', 'left'],
    ['2025-12-31', '2026-01-01', 'left'],
  ])('last day %s, on %s: %s', (terminationDate, day, state) => {
    const values = { ...works, hireDate: '2020-02-29', employmentHistoryStatus: null, terminationDate };
    expect(judgeEmployment(values, day).state).toBe(state);
  });

  test.each([
    ['Pacific/Kiritimati', 'left'],
    ['Europe/Dublin', 'employed'],
    ['America/Los_Angeles', 'employed'],
  ])('one moment is another day in %s', (zone, state) => {
    const day = Temporal.Instant.from('2026-03-01T10:30:00Z').toZonedDateTimeISO(zone).toPlainDate().toString();
    const values = { ...works, employmentHistoryStatus: null, terminationDate: '2026-03-01' };
    expect(judgeEmployment(values, day).state).toBe(state);
  });

  const day = fc
    .integer({ min: -400, max: 400 })
    .map((days) => Temporal.PlainDate.from(today).add({ days }).toString());
  const near = fc.oneof(fc.constant(null), day, fc.constantFrom('2026-03-01', today, '2026-03-03'));
  const evidence = fc.record({
    status: fc.constantFrom('Active', 'Inactive', null),
    employmentHistoryStatus: fc.constantFrom('Full-Time', 'Terminated', 'Contractor', null),
    hireDate: near,
    originalHireDate: near,
    terminationDate: near,
  });

  test('what is taken out of a read never makes a leaver', () => {
    fc.assert(
      fc.property(evidence, fc.subarray([...EVIDENCE_FIELDS]), (values, hidden) => {
        const whole = judgeEmployment(values, today);
        const hostile = judgeEmployment(without(values, ...hidden), today);
        expect(hostile.state === 'left' && whole.state !== 'left').toBe(false);
      }),
      { numRuns: 5_000 },
    );
  });

  test('the status alone never makes a leaver', () => {
    fc.assert(
      fc.property(evidence, (values) => {
        const active = judgeEmployment({ ...values, status: 'Active', employmentHistoryStatus: 'Full-Time' }, today);
        const inactive = judgeEmployment(
          { ...values, status: 'Inactive', employmentHistoryStatus: 'Full-Time' },
          today,
        );
        expect([active.state, inactive.state]).not.toContain('left');
      }),
    );
  });

  test('whoever has left by a date has not left on any day up to it', () => {
    fc.assert(
      fc.property(evidence, day, (values, other) => {
        const { terminationDate } = values;
        fc.pre(terminationDate !== null && other <= terminationDate && values.employmentHistoryStatus !== 'Terminated');
        expect(judgeEmployment(values, other).state).not.toBe('left');
      }),
    );
  });
});

describe('nextReviewOn', () => {
  const employed: Employment = { state: 'employed', hireDate: '2024-01-08', lastDay: null, evidence: 'hire-date' };
  test.each<[Partial<Employment>, string | null]>([
    [{}, null],
    [{ state: 'expected', hireDate: '2026-03-09' }, '2026-03-09'],
    [{ lastDay: '2026-03-31' }, '2026-04-01'],
    [{ lastDay: today }, '2026-03-03'],
    [{ lastDay: '2028-02-28' }, '2028-02-29'],
    [{ state: 'left', lastDay: today }, null],
    [{ state: 'left', lastDay: '2026-01-01' }, null],
    [{ state: 'unknown', lastDay: '2026-03-01', evidence: 'termination-contradicted' }, '2026-03-03'],
    [{ state: 'unknown', lastDay: '2026-03-01', evidence: 'missing-from-read' }, '2026-03-03'],
    [{ state: 'unknown', evidence: 'missing-from-read' }, null],
  ])('%j: %s', (employment, expected) => {
    expect(nextReviewOn({ ...employed, ...employment }, today)).toBe(expected);
  });
});
