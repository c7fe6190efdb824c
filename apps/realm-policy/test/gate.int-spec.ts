import * as fc from 'fast-check';
import type { AccessHold, Cause } from '@portico/contracts';
import { arriveAt, inDepartment, person, readOf, work } from './arrivals.js';
import { admin, startBench, type TestBench } from './database.js';
import { portal, withPortals, written } from './examples.js';

let bench: TestBench;
let arrive: ReturnType<typeof arriveAt>;
beforeEach(async () => {
  bench = await startBench();
  arrive = arriveAt(bench);
});
afterEach(() => bench.close());

const apply = async (document: Record<string, unknown>) => {
  await bench.realm.apply(admin, { document });
  await bench.redecide();
};
const ids = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1));
const sales = inDepartment('Sales');
const left = {
  employment: { state: 'left', hireDate: '2024-01-08', lastDay: '2026-02-27', evidence: 'status' },
} as const;
const leaversOf = (id: string, people: number): Cause => ({
  kind: 'read',
  id,
  totals: { joiners: 0, movers: 0, leavers: people, people },
});
const at = (revision: number) => ({ revision });

/** A realm of so many people, all of them in Sales. */
const employ = async (count: number, changes: Record<string, unknown> = {}) => {
  await apply(written(changes));
  await arrive(...ids(count).map((id) => person(id, readOf('first', count), sales)));
};
const leave = (cause: string, who: readonly string[], revision = 2) =>
  who.map((id) => person(id, leaversOf(cause, who.length), { ...sales, ...left, ...at(revision) }));

const holdsIn = async (name: string): Promise<Record<string, AccessHold | undefined>> =>
  Object.fromEntries(
    Object.entries(await bench.decisions()).map(([id, { event }]) => [
      id,
      event.portals.find((one) => one.portal === name)?.hold,
    ]),
  );
const heldIn = async (name: string) =>
  Object.entries(await holdsIn(name)).flatMap(([id, hold]) => (hold === undefined ? [] : [id]));
const isGranted = async (id: string, name: string) =>
  (await bench.decisions())[id]?.event.portals.some((one) => one.portal === name && one.access === 'granted');

describe('a read that takes access from many', () => {
  it('is held in each portal by itself, with how many of how many', async () => {
    await employ(25);
    await arrive(person('26', readOf('second', 1), inDepartment('Legal')));
    await arrive(...leave('end', ids(21)));
    const hold = { kind: 'read', id: 'end', people: 21 };
    expect(await holdsIn('academy')).toMatchObject({ 1: { ...hold, of: 26 }, 21: { ...hold, of: 26 } });
    expect(await holdsIn('emea')).toMatchObject({ 1: { ...hold, of: 25 } });
    expect(await heldIn('academy')).toHaveLength(21);
    expect((await holdsIn('academy'))['22']).toBeUndefined();
    expect(await heldIn('legal')).toEqual([]);
  });

  it('passes where it is not more than twenty, or not more than a tenth', async () => {
    await employ(25);
    await arrive(...leave('end', ids(20)));
    expect(await heldIn('academy')).toEqual([]);
    await arrive(...ids(400).map((id) => person(`9${id}`, readOf('more', 400), sales)));
    await arrive(
      ...leave(
        'many',
        ids(30).map((id) => `9${id}`),
      ),
    );
    expect(await heldIn('academy')).toEqual([]);
  });

  it('is held as a whole when its people come one by one, in chunks', async () => {
    await employ(25);
    for (const one of leave('end', ids(22)).reverse()) await arrive(one);
    await work(bench.gather({ chunk: 5 }));
    const holds = Object.values(await holdsIn('academy')).filter((hold) => hold !== undefined);
    expect(holds).toEqual(Array.from({ length: 22 }, () => ({ kind: 'read', id: 'end', people: 22, of: 25 })));
  });

  it('is held from the first of them where most are missing', async () => {
    await employ(25);
    const all = leave('end', ids(22));
    await arrive(...all.slice(0, 3));
    await work(bench.gather({ waitMs: 0 }));
    expect(await holdsIn('academy')).toMatchObject({ 1: { people: 22, of: 25 }, 3: { people: 22, of: 25 } });
    await arrive(...all.slice(3));
    await work(bench.gather({ waitMs: 0 }));
    expect(await heldIn('academy')).toHaveLength(22);
  });

  it.each([1, 2, 3, 4])('is held alike in whatever order and how often its people come (seed %i)', async (seed) => {
    await employ(30);
    const all = leave('end', ids(25));
    const messages = fc.sample(fc.shuffledSubarray([...all, ...all], { minLength: 50 }), { seed, numRuns: 1 }).flat();
    while (messages.length > 0) {
      await arrive(...messages.splice(0, 1 + (messages.length % 7)));
      await work(bench.gather({ chunk: 4 }));
    }
    const holds = Object.values(await holdsIn('academy')).filter((hold) => hold !== undefined);
    expect(holds).toEqual(Array.from({ length: 25 }, () => ({ kind: 'read', id: 'end', people: 25, of: 30 })));
  });

  it('is held where people moved out of the audience, and nobody left', async () => {
    await employ(25);
    const moved = (id: string) => person(id, readOf('moved', 22), { ...inDepartment('Legal'), ...at(2) });
    await arrive(...ids(22).map(moved));
    expect(await heldIn('emea')).toHaveLength(22);
    expect(await heldIn('academy')).toEqual([]);
  });
});

describe('what is held', () => {
  beforeEach(async () => {
    await employ(25);
    await arrive(...leave('end', ids(22)));
  });

  it('stays held by that cause when a smaller one changes it', async () => {
    await arrive(person('1', leaversOf('later', 1), { ...inDepartment('Legal'), ...left, ...at(3) }));
    expect((await holdsIn('academy'))['1']).toEqual({ kind: 'read', id: 'end', people: 22, of: 25 });
  });

  it('stays held when the policy changes, and when older news come late', async () => {
    await apply(written({ gate: { people: 500 } }));
    await arrive(person('2', readOf('late', 1), { ...sales, ...at(1) }));
    expect(await heldIn('academy')).toHaveLength(22);
  });

  it('is free when access is granted again, and taken by a small cause then', async () => {
    await arrive(person('1', readOf('back', 1), { ...sales, ...at(3) }));
    expect(await isGranted('1', 'academy')).toBe(true);
    expect((await holdsIn('academy'))['1']).toBeUndefined();
    await arrive(...leave('alone', ['1'], 4));
    expect(await isGranted('1', 'academy')).toBe(false);
    expect((await holdsIn('academy'))['1']).toBeUndefined();
  });

  it('is explained, as it is and as it will be', async () => {
    const explained = async (at?: string) =>
      (await bench.explain.explain(admin, { employeeId: '1', portal: 'academy', ...(at && { at }) })).cells;
    const hold = { kind: 'read', id: 'end', people: 22, of: 25 };
    expect(await explained()).toMatchObject([{ access: 'withheld', reason: 'left', hold }]);
    expect(await explained('2027-01-01')).toMatchObject([{ access: 'withheld', hold }]);
    expect((await bench.explain.explain(admin, { employeeId: '23', portal: 'academy' })).cells).not.toMatchObject([
      { hold: expect.anything() },
    ]);
  });

  it('is news to nobody when the same comes again', async () => {
    const before = await bench.decisions();
    await arrive(...leave('end', ids(22)));
    await work(bench.gathered);
    expect(await bench.decisions()).toEqual(before);
  });

  it('is held when its portal was off meanwhile', async () => {
    const off = { learnupon: { portals: [{ ...portal('academy', 'true'), topLevel: true, mode: 'off' }] } };
    await apply(written(off));
    expect(await heldIn('academy')).toEqual([]);
    await apply(written());
    expect(await heldIn('academy')).toHaveLength(22);
  });
});

describe('a policy', () => {
  const narrow = withPortals({ ...portal('academy', 'department == "Legal"'), topLevel: true });

  it('that takes access from many is held', async () => {
    await employ(25);
    await apply(narrow);
    expect(await holdsIn('academy')).toMatchObject({ 25: { kind: 'policy', id: 'policy-2', people: 25, of: 25 } });
  });

  it('that comes back to a portal is held for those who had access when it was left', async () => {
    await employ(25);
    await apply(withPortals({ ...portal('academy', 'true'), topLevel: true, mode: 'off' }));
    await apply(narrow);
    expect(await heldIn('academy')).toHaveLength(25);
  });

  it('that ends access for everybody passes, for its number was confirmed', async () => {
    await employ(25);
    await bench.ending.end(admin, { portal: 'emea', confirm: 25 });
    await bench.redecide();
    expect(await isGranted('1', 'emea')).toBe(false);
    expect(await heldIn('emea')).toEqual([]);
  });

  it('says how wide the gate is', async () => {
    await employ(25, { gate: { people: 2, percent: 50 } });
    await arrive(...leave('few', ['1', '2', '3']));
    expect(await heldIn('academy')).toEqual([]);
    await arrive(...leave('many', ids(25).slice(3, 15)));
    expect(await heldIn('academy')).toHaveLength(12);
  });

  it('with a gate that is none is refused, with every fault', async () => {
    const refused = bench.realm.apply(admin, { document: written({ gate: { people: -1, percent: 101, days: 3 } }) });
    await expect(refused).rejects.toMatchObject({
      code: 'invalid',
      faults: [{ path: 'gate.days' }, { path: 'gate.people' }, { path: 'gate.percent' }],
    });
  });
});

test('people who stop on one day are held like others', async () => {
  await apply(written());
  const until = { employment: { state: 'employed', hireDate: '2024-01-08', lastDay: '2026-03-04', evidence: 'none' } };
  const seasonal = (id: string) => person(id, readOf('first', 25), { ...sales, ...until } as object);
  await arrive(...ids(25).map(seasonal));
  bench.clock.set('2026-03-05T12:00:00Z');
  await bench.redecide();
  expect(await holdsIn('academy')).toMatchObject({ 1: { kind: 'date', people: 25, of: 25 } });
});
