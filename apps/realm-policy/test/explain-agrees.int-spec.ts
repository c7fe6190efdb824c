import type { DecisionFlip, EmployeeChangedV1, PortalAccess } from '@portico/contracts';
import { DEPARTMENTS, LOCATIONS, randomOf, somebody, type Random } from './company.js';
import { admin, startBench, type Decision, type TestBench } from './database.js';
import { portal, withPortals } from './examples.js';

const PEOPLE = 2_500;
const PORTALS = 20;

const rule = (random: Random): string => {
  const one = () =>
    random.pick([
      () => `department == "${random.pick(DEPARTMENTS)}"`,
      () => `location in ["${random.pick(LOCATIONS)}", "${random.pick(LOCATIONS)}"]`,
      () => `!division.startsWith("${random.pick(['E', 'A', 'L'])}")`,
      () => `jobTitle != "${random.pick(['Clerk', 'Lead'])}"`,
    ])();
  return random.pick([() => one(), () => `${one()} && ${one()}`, () => `${one()} || ${one()} && ${one()}`])();
};
const policy = (random: Random) =>
  withPortals(
    ...Array.from({ length: PORTALS }, (_, index) => ({
      ...portal(`portal-${index}`, index === 0 ? 'true' : rule(random)),
      topLevel: index === 0,
      ...(random.chance(0.1) ? { mode: 'off' } : {}),
      ...(random.chance(0.1) ? { ramp: 50 } : {}),
      ...(random.chance(0.2) ? { leaving: { action: 'expire', graceDays: 10 } } : {}),
      ...(random.chance(0.2) ? { start: { from: 'hire-date', days: -7 } } : {}),
      exclude: [{ employee: String(index), reason: 'asked', until: '2026-04-01' }],
    })),
  );

let bench: TestBench;
beforeEach(async () => (bench = await startBench()));
afterEach(() => bench.close());

const decideAll = async (people: readonly EmployeeChangedV1[]) => {
  for (let first = 0; first < people.length; first += 500) {
    const batch = people.slice(first, first + 500).map((employee) => ({ employee, traceparent: undefined }));
    await bench.employees.decide(batch);
  }
};

const brief = ({
  portal: name,
  access,
  reason,
  keptSince,
}: Pick<PortalAccess, 'portal' | 'access' | 'reason' | 'keptSince'>) =>
  `${name} ${access} ${reason} ${keptSince ?? ''}`;

/** Explains everybody; gives how many cells there were, and the flips of the record that they name. */
const explainAll = async (decisions: Record<string, Decision>, at?: string) => {
  let cells = 0;
  const flips: { employeeId: string; portal: string; flip: DecisionFlip }[] = [];
  for (const [employeeId, { event }] of Object.entries(decisions)) {
    const answer = await bench.explain.explain(admin, { employeeId, ...(at === undefined ? {} : { at }) });
    expect(answer.cells.map(brief)).toEqual(event.portals.map(brief));
    cells += answer.cells.length;
    for (const { portal: name, flip } of answer.cells) if (flip) flips.push({ employeeId, portal: name, flip });
  }
  return { cells, flips };
};

it('explain and plan agree for 100,000 random cells, and flipping the named value flips it', async () => {
  const random = randomOf(7);
  await bench.realm.apply(admin, { document: policy(random) });
  await bench.redecide();
  const people = Array.from({ length: PEOPLE }, (_, index) => somebody(random, String(index)));
  await decideAll(people);
  const first = await bench.decisions();

  bench.clock.set('2026-03-09T09:00:00Z');
  const moment = { revision: 2, recordedAt: '2026-03-09T08:00:00Z' };
  const newest = people.map((person) => (random.chance(0.5) ? somebody(random, person.employeeId, moment) : person));
  await decideAll(newest.filter(({ revision }) => revision === 2));
  await bench.realm.apply(admin, { document: policy(random) });
  await bench.redecide();
  const second = await bench.decisions();

  const past = await explainAll(first, '2026-03-05');
  const present = await explainAll(second);
  expect(past.cells + present.cells).toBeGreaterThanOrEqual(100_000);

  const known = new Map(newest.map((person) => [person.employeeId, person]));
  const flippable = present.flips.filter(({ flip }) =>
    ['department', 'location', 'division', 'jobTitle'].includes(flip.field),
  );
  expect(flippable.length).toBeGreaterThan(1_000);
  const tried = new Map(flippable.map((one) => [one.employeeId, one]));
  const changed = [...tried.values()].map(({ employeeId, flip }): EmployeeChangedV1 => {
    const person = known.get(employeeId)!;
    return {
      ...person,
      revision: 3,
      recordedAt: '2026-03-09T09:00:00Z',
      fields: { ...person.fields, [flip.field]: flip.to },
      unconfirmed: person.unconfirmed.filter((field) => field !== flip.field),
    };
  });
  await decideAll(changed);
  const third = await bench.decisions();
  const became = [...tried.values()].map(({ employeeId, portal: name, flip }) => {
    const cell = third[employeeId]!.event.portals.find((one) => one.portal === name);
    return [employeeId, name, flip, cell?.access, cell?.reason];
  });
  expect(became).toEqual(
    [...tried.values()].map(({ employeeId, portal: name, flip }) => [
      employeeId,
      name,
      flip,
      flip.becomes,
      flip.reason,
    ]),
  );
}, 600_000);
