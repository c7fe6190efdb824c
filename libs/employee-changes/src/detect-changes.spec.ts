import fc from 'fast-check';
import {
  countChanges,
  detectChanges,
  type EmployeeChange,
  type FieldValues,
  type KnownEmployee,
  type Sighting,
} from './index.js';

const context = { today: '2026-03-02', fields: ['firstName', 'department'] };
const works = {
  status: 'Active',
  employmentHistoryStatus: 'Full-Time',
  hireDate: '2024-01-08',
  originalHireDate: null,
  terminationDate: null,
};
const ada = { ...works, firstName: 'Ada', department: 'Sales' };
const gone = { ...ada, status: 'Inactive', employmentHistoryStatus: 'Terminated', terminationDate: '2026-02-27' };

const seen = (values: FieldValues, employeeId = '1'): Sighting => ({ kind: 'seen', employeeId, values });
const apply = (previous: ReadonlyMap<string, KnownEmployee>, changes: readonly EmployeeChange[]) =>
  new Map([...previous, ...changes.map(({ change: _, ...known }) => [known.employeeId, known] as const)]);
const known = (...sightings: Sighting[]) => apply(new Map(), detectChanges(new Map(), sightings, context));
const detect = (before: ReadonlyMap<string, KnownEmployee>, ...sightings: Sighting[]) =>
  detectChanges(before, sightings, context);

describe('detectChanges', () => {
  test.each<[string, FieldValues | undefined, FieldValues, string]>([
    ['a new person at work', undefined, ada, 'joiner'],
    [
      'a new person who starts later',
      undefined,
      { ...ada, hireDate: '2026-04-01', employmentHistoryStatus: null },
      'joiner',
    ],
    ['a new person who left long ago', undefined, gone, 'other'],
    ['another department', ada, { ...ada, department: 'Support' }, 'mover'],
    ['a department taken away', ada, { ...ada, department: null }, 'mover'],
    ['the end of the employment', ada, gone, 'leaver'],
    ['a return', gone, { ...ada, hireDate: '2026-03-02' }, 'joiner'],
    ['a termination date ahead', ada, { ...ada, terminationDate: '2026-03-31' }, 'other'],
    [
      'the first day',
      { ...ada, hireDate: '2026-03-03', employmentHistoryStatus: null },
      { ...ada, hireDate: '2026-03-02' },
      'joiner',
    ],
  ])('%s', (_, before, now, change) => {
    const previous = before === undefined ? new Map() : known(seen(before));
    expect(detect(previous, seen(now))).toMatchObject([{ employeeId: '1', change }]);
  });

  test('keeps what a read does not confirm, and says so', () => {
    const { department: _, ...row } = ada;
    expect(detect(known(seen(ada)), seen({ ...row, firstName: 'Adela' }))).toMatchObject([
      { change: 'mover', values: { firstName: 'Adela', department: 'Sales' }, unconfirmed: ['department'] },
    ]);
  });

  test('a person who is missing stays as known, in doubt', () => {
    expect(detect(known(seen(ada)), { kind: 'missing', employeeId: '1' })).toMatchObject([
      {
        change: 'other',
        employment: { state: 'unknown', evidence: 'missing-from-read', hireDate: '2024-01-08' },
        values: ada,
        unconfirmed: [
          'department',
          'employmentHistoryStatus',
          'firstName',
          'hireDate',
          'originalHireDate',
          'status',
          'terminationDate',
        ],
      },
    ]);
  });

  test('a person who has left stays so when missing or hidden', () => {
    const previous = known(seen(gone));
    expect(detect(previous, { kind: 'missing', employeeId: '1' })[0]?.employment).toMatchObject({ state: 'left' });
    const { employmentHistoryStatus: _, ...hidden } = gone;
    expect(detect(previous, seen(hidden))[0]?.employment).toMatchObject({ state: 'left' });
  });

  test('deleted and gone is the end, for whoever was known', () => {
    expect(detect(known(seen(ada)), { kind: 'deleted', employeeId: '1' })).toMatchObject([
      { change: 'leaver', employment: { state: 'left', evidence: 'deleted-and-404' } },
    ]);
    expect(detect(new Map(), { kind: 'deleted', employeeId: '1' }, { kind: 'missing', employeeId: '2' })).toEqual([]);
  });

  test('forgets a field that policy no longer uses', () => {
    const [change] = detectChanges(known(seen(ada)), [seen(ada)], { ...context, fields: ['firstName'] });
    expect(change).toMatchObject({ change: 'other' });
    expect(change?.values).not.toHaveProperty('department');
  });

  test('counts what a gate judges', () => {
    const changes = detect(known(seen(ada)), seen(gone), seen(ada, '2'), seen(ada, '3'));
    expect(countChanges(changes)).toEqual({ joiners: 2, movers: 0, leavers: 1 });
  });
});

test('a first read keeps the values that it was given, and not those that nobody asked for', () => {
  const [own, less] = detect(new Map(), seen(ada), seen({ ...ada, shoeSize: '39' }, '2'));
  expect(own?.values).toBe(ada);
  expect(less?.values).toEqual(ada);
});

describe('detectChanges, whatever is read', () => {
  const near = fc.constantFrom(null, '2020-02-29', '2026-03-01', '2026-03-02', '2026-03-03', '2027-01-01');
  const values = fc.record({
    status: fc.constantFrom('Active', 'Inactive', null),
    employmentHistoryStatus: fc.constantFrom('Full-Time', 'Terminated', null),
    hireDate: near,
    originalHireDate: near,
    terminationDate: near,
    firstName: fc.constantFrom('Ada', 'Bo'),
    department: fc.constantFrom('Sales', 'Support', null),
  });
  const company = fc.array(values, { maxLength: 12 }).map((rows) => rows.map((row, index) => seen(row, String(index))));
  const employed = company.filter((rows) =>
    [...known(...rows).values()].every(({ employment }) => employment.state !== 'left'),
  );

  test('a read with people and fields taken out never has a leaver', () => {
    fc.assert(
      fc.property(employed, fc.infiniteStream(fc.tuple(fc.boolean(), fc.subarray(Object.keys(ada)))), (rows, masks) => {
        const hostile = rows.map((row): Sighting => {
          const [isMissing, hidden] = masks.next().value as [boolean, string[]];
          if (isMissing || row.kind !== 'seen') return { kind: 'missing', employeeId: row.employeeId };
          const left = Object.entries(row.values).filter(([field]) => !hidden.includes(field));
          return seen(Object.fromEntries(left), row.employeeId);
        });
        const changes = detect(known(...rows), ...hostile);
        expect(countChanges(changes).leavers).toBe(0);
        expect(changes.filter(({ employment }) => employment.state === 'left')).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('the order of a read does not matter', () => {
    const shuffled = fc.tuple(company, company).chain(([before, rows]) =>
      fc.record({
        before: fc.constant(before),
        rows: fc.constant(rows),
        again: fc.shuffledSubarray(rows, { minLength: rows.length }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ before, rows, again }) => {
        const byId = (changes: EmployeeChange[]) => new Map(changes.map((change) => [change.employeeId, change]));
        expect(byId(detect(known(...before), ...again))).toEqual(byId(detect(known(...before), ...rows)));
      }),
    );
  });

  test('the same read again changes nothing', () => {
    const sightings = fc.array(
      fc.oneof(
        fc.record({ kind: fc.constant('seen' as const), employeeId: fc.constantFrom('1', '2', '3'), values }),
        fc.record({
          kind: fc.constantFrom('missing' as const, 'deleted' as const),
          employeeId: fc.constantFrom('1', '2', '3'),
        }),
      ),
    );
    fc.assert(
      fc.property(company, sightings, (before, read) => {
        const previous = known(...before);
        const after = apply(previous, detect(previous, ...read));
        expect(detect(after, ...read)).toEqual([]);
      }),
    );
  });
});
