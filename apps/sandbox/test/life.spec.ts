import fc from 'fast-check';
import { LIFE_KINDS, type LifeEvent } from '../src/world/life.js';
import { employmentOn, TERMINATED, type Employee } from '../src/world/employee.js';
import { createWorld, type World } from '../src/world/world.js';
import { MONDAY, openSandbox } from './harness.js';

const worldOf = (seed: number, employees = 120): World => createWorld({ employees, portals: 1, seed, now: MONDAY });

/** Everything that the company knows, and when it was entered to the millisecond. */
const stateOf = ({ company }: World): string => JSON.stringify([...company.all()]);

/** What must hold of anybody, whatever they lived through. */
const faultsOf = ({ company }: World): string[] => {
  const faults: string[] = [];
  const emails = new Map<string, number>();
  for (const employee of company.all()) {
    const { id, workEmail } = employee;
    const other = workEmail === null ? undefined : emails.get(workEmail.toLowerCase());
    if (other !== undefined) faults.push(`${id} and ${other} share ${workEmail}`);
    if (workEmail !== null) emails.set(workEmail.toLowerCase(), id);
    if (workEmail !== null && company.ownerOfWorkEmail(workEmail) !== id)
      faults.push(`${id} does not own ${workEmail}`);
    faults.push(...rowFaultsOf(employee));
  }
  return faults;
};

const rowFaultsOf = ({ id, hireDate, jobs, employments }: Employee): string[] => {
  const rowIds = [...jobs, ...employments].map((row) => row.id);
  const ends = employments.filter(({ status }) => status === TERMINATED).length;
  const starts = employments.length - ends;
  return [
    ...(new Set(rowIds).size < rowIds.length ? [`${id} has a row twice`] : []),
    ...(hireDate === null || employments.length === 0 ? [`${id} has no employment`] : []),
    // Whoever ended began before, and whoever came back ended before.
    ...(ends > starts || starts > ends + 1 ? [`${id} began ${starts} times and ended ${ends} times`] : []),
    ...(employments.some(({ date }, index) => index > 0 && date < (employments[index - 1]?.date ?? ''))
      ? [`${id} has employments out of order`]
      : []),
  ];
};

test('whatever is lived through, every record makes sense', () => {
  fc.assert(
    fc.property(fc.nat(1_000), fc.integer({ min: 1, max: 90 }), fc.constantFrom(1, 5, 20), (seed, days, pace) => {
      const world = worldOf(seed);
      world.life.live(days, pace);
      expect(faultsOf(world)).toEqual([]);
    }),
    { numRuns: 25 },
  );
});

test('a seed lives one life, in one go or day by day', () => {
  const inOneGo = worldOf(3);
  const events = inOneGo.life.live(60, 4);
  const byDay = worldOf(3);
  const daily: LifeEvent[] = [];
  for (let day = 0; day < 60; day += 1) daily.push(...byDay.life.live(1, 4));
  expect(daily).toEqual(events);
  expect(stateOf(byDay)).toBe(stateOf(inOneGo));
  expect(worldOf(4).life.live(60, 4)).not.toEqual(events);
});

test('a seed and a start make the same company, to the millisecond of every change', () => {
  expect(stateOf(worldOf(5, 1_500))).toBe(stateOf(worldOf(5, 1_500)));
});

test('in some months everything happens that a provisioning system trips over', () => {
  const world = worldOf(1, 250);
  const events = world.life.live(180, 4);
  expect([...new Set(events.map(({ kind }) => kind))].sort()).toEqual([...LIFE_KINDS].sort());
  const people = [...world.company.all()];
  const today = world.company.today();
  expect(people.some(({ hireDate }) => (hireDate ?? '') > today)).toBe(true);
  expect(
    people.some(
      (each) => employmentOn(each)?.status === TERMINATED && employmentOn(each, today)?.status !== TERMINATED,
    ),
  ).toBe(true);
  expect(people.some(({ originalHireDate }) => originalHireDate !== null)).toBe(true);
});

test('by the control API: a year of days, none at weekends, and the changes are in the feed', async () => {
  const box = await openSandbox({ employees: 100 });
  const { today, totals, events, people } = await box.control('POST', '/life', { days: 7, pace: 20 });
  expect(today).toBe('2026-11-09');
  const days = new Set(events.map(({ day }: LifeEvent) => day));
  expect([...days].sort()).toEqual(['2026-11-03', '2026-11-04', '2026-11-05', '2026-11-06', '2026-11-09']);
  expect(Object.values<number>(totals).reduce((sum, count) => sum + count, 0)).toBe(events.length);
  expect((await box.bamboo('/v1/employees')).json.meta.total).toBe(people);
  const { employees } = (await box.bamboo('/v1/employees/changed?since=2026-11-02T12:00:00Z')).json;
  expect(Object.keys(employees).sort()).toEqual(
    [
      ...new Set(Object.keys(employees).concat(events.map(({ employeeId }: { employeeId: string }) => employeeId))),
    ].sort(),
  );
  expect(box.sandbox.live(1)).toBeInstanceOf(Array);
});

test.each([{ days: 0 }, { days: 1.5 }, { days: 4_000 }, { pace: -1 }, { months: 3 }])('%j is refused', async (body) => {
  const box = await openSandbox({ employees: 1 });
  await expect(box.control('POST', '/life', body)).rejects.toThrow(/400|is a|unknown/);
});
