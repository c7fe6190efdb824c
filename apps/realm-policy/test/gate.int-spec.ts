import * as fc from 'fast-check';
import { inDepartment, person, readOf, work } from './arrivals.js';
import { admin } from './database.js';
import { portal, written } from './examples.js';
import { at, ids, leave, moversOf, sales, startGated, type Gated } from './gated.js';

let it_: Gated;
beforeEach(async () => {
  it_ = await startGated();
});
afterEach(() => it_.bench.close());

describe('a read that takes access from many', () => {
  it('is held in each portal by itself, with how many of how many', async () => {
    await it_.employ(25);
    await it_.arrive(person('26', readOf('second', 1), inDepartment('Legal')));
    await it_.arrive(...leave('end', ids(21)));
    const hold = { kind: 'read', id: 'end', people: 21 };
    expect(await it_.holdsIn('academy')).toMatchObject({ 1: { ...hold, of: 26 }, 21: { ...hold, of: 26 } });
    expect(await it_.holdsIn('emea')).toMatchObject({ 1: { ...hold, of: 25 } });
    expect(await it_.heldIn('academy')).toHaveLength(21);
    expect((await it_.holdsIn('academy'))['22']).toBeUndefined();
    expect(await it_.heldIn('legal')).toEqual([]);
  });

  it('passes where it is not more than twenty, or not more than a tenth', async () => {
    await it_.employ(25);
    await it_.arrive(...leave('end', ids(20)));
    expect(await it_.heldIn('academy')).toEqual([]);
    it_.bench.clock.set('2026-03-04T12:00:00Z');
    await it_.arrive(...ids(400).map((id) => person(`9${id}`, readOf('more', 400), sales)));
    await it_.arrive(
      ...leave(
        'many',
        ids(30).map((id) => `9${id}`),
      ),
    );
    expect(await it_.heldIn('academy')).toEqual([]);
  });

  it('is held as a whole when its people come one by one, in chunks', async () => {
    await it_.employ(25);
    for (const one of leave('end', ids(22)).reverse()) await it_.arrive(one);
    await work(it_.bench.gather({ chunk: 5 }));
    const holds = Object.values(await it_.holdsIn('academy')).filter((hold) => hold !== undefined);
    expect(holds).toEqual(Array.from({ length: 22 }, () => ({ kind: 'read', id: 'end', people: 22, of: 25 })));
  });

  it('is held from the first of them where most are missing', async () => {
    await it_.employ(25);
    const all = leave('end', ids(22));
    await it_.arrive(...all.slice(0, 3));
    await work(it_.bench.gather({ waitMs: 0 }));
    expect(await it_.holdsIn('academy')).toMatchObject({ 1: { people: 22, of: 25 }, 3: { people: 22, of: 25 } });
    await it_.arrive(...all.slice(3));
    await work(it_.bench.gather({ waitMs: 0 }));
    expect(await it_.heldIn('academy')).toHaveLength(22);
  });

  it.each([1, 2, 3, 4])('is held alike in whatever order and how often its people come (seed %i)', async (seed) => {
    await it_.employ(30);
    const all = leave('end', ids(25));
    const messages = fc.sample(fc.shuffledSubarray([...all, ...all], { minLength: 50 }), { seed, numRuns: 1 }).flat();
    while (messages.length > 0) {
      await it_.arrive(...messages.splice(0, 1 + (messages.length % 7)));
      await work(it_.bench.gather({ chunk: 4 }));
    }
    const holds = Object.values(await it_.holdsIn('academy')).filter((hold) => hold !== undefined);
    expect(holds).toEqual(Array.from({ length: 25 }, () => ({ kind: 'read', id: 'end', people: 25, of: 30 })));
  });

  it('is held where it comes in parts, on whatever reads, within a day', async () => {
    await it_.employ(30);
    await it_.arrive(...leave('one', ids(15)));
    await it_.arrive(...leave('two', ids(20).slice(15)));
    expect(await it_.heldIn('academy')).toEqual([]);
    await it_.arrive(...leave('three', ids(23).slice(20)));
    expect(await it_.holdsIn('academy')).toMatchObject({ 21: { id: 'three', people: 23, of: 30 }, 23: { people: 23 } });
    expect(await it_.heldIn('academy')).toEqual(['21', '22', '23']);
    it_.bench.clock.set('2026-03-03T12:00:01Z');
    await it_.arrive(...leave('four', ['25']));
    expect(await it_.isGranted('25', 'academy')).toBe(false);
    expect((await it_.holdsIn('academy'))['25']).toBeUndefined();
  });

  it('passes again when the clock of the business was set back', async () => {
    await it_.employ(30);
    it_.bench.clock.set('2027-03-02T12:00:00Z');
    await it_.arrive(...leave('ahead', ids(15)));
    it_.bench.clock.set('2026-03-02T12:00:00Z');
    await it_.arrive(...leave('now', ids(25).slice(15)));
    expect(await it_.heldIn('academy')).toEqual([]);
  });

  it('counts what another is about to take', async () => {
    await it_.employ(60);
    const worker = it_.bench.gather({ chunk: 10 });
    const slow = leave('slow', ids(18));
    for (const one of slow) await it_.arrive(one);
    // Counted and judged in two chunks, and nobody has lost anything.
    for (const _ of [1, 2]) await worker.runChunk(['shared']);
    await it_.arrive(...leave('quick', ids(28).slice(18)));
    expect(await it_.holdsIn('academy')).toMatchObject({ 28: { id: 'quick', people: 28, of: 60 } });
    await work(worker);
    expect(await it_.heldIn('academy')).toHaveLength(10);
    expect(await it_.isGranted('1', 'academy')).toBe(false);
  });

  it('is held where an end of employment is not all that the missing may bring', async () => {
    await it_.employ(45);
    const moved = ids(40).map((id) => person(id, moversOf('moved', 40), { ...inDepartment('Legal'), ...at(2) }));
    await it_.arrive(...moved.slice(0, 15));
    await work(it_.bench.gather({ waitMs: 0 }));
    expect(await it_.heldIn('emea')).toHaveLength(15);
    await it_.arrive(...moved.slice(15));
    await work(it_.bench.gather({ waitMs: 0 }));
    expect(await it_.heldIn('emea')).toHaveLength(40);
  });

  it('is held where people moved out of the audience, and nobody left', async () => {
    await it_.employ(25);
    const moved = (id: string) => person(id, readOf('moved', 22), { ...inDepartment('Legal'), ...at(2) });
    await it_.arrive(...ids(22).map(moved));
    expect(await it_.heldIn('emea')).toHaveLength(22);
    expect(await it_.heldIn('academy')).toEqual([]);
  });
});

describe('what is held', () => {
  beforeEach(async () => {
    await it_.employ(25);
    await it_.arrive(...leave('end', ids(22)));
  });

  it('stays held by that cause when a smaller one changes it', async () => {
    await it_.arrive(...leave('later', ['1'], 3).map((one) => ({ ...one, ...inDepartment('Legal') })));
    expect((await it_.holdsIn('academy'))['1']).toEqual({ kind: 'read', id: 'end', people: 22, of: 25 });
  });

  it('stays held when the policy changes, and when older news come late', async () => {
    await it_.apply(written({ gate: { people: 500 } }));
    await it_.arrive(person('2', readOf('late', 1), { ...sales, ...at(1) }));
    expect(await it_.heldIn('academy')).toHaveLength(22);
  });

  it('is free when access is granted again, and taken by a small cause then', async () => {
    await it_.arrive(person('1', readOf('back', 1), { ...sales, ...at(3) }));
    expect(await it_.isGranted('1', 'academy')).toBe(true);
    expect((await it_.holdsIn('academy'))['1']).toBeUndefined();
    await it_.arrive(...leave('alone', ['1'], 4));
    expect(await it_.isGranted('1', 'academy')).toBe(false);
    expect((await it_.holdsIn('academy'))['1']).toBeUndefined();
  });

  it('is explained, as it is and as it will be', async () => {
    const explained = async (at?: string) =>
      (await it_.bench.explain.explain(admin, { employeeId: '1', portal: 'academy', ...(at && { at }) })).cells;
    const hold = { kind: 'read', id: 'end', people: 22, of: 25 };
    expect(await explained()).toMatchObject([{ access: 'withheld', reason: 'left', hold }]);
    expect(await explained('2027-01-01')).toMatchObject([{ access: 'withheld', hold }]);
    expect((await it_.bench.explain.explain(admin, { employeeId: '23', portal: 'academy' })).cells).not.toMatchObject([
      { hold: expect.anything() },
    ]);
  });

  it('is news to nobody when the same comes again', async () => {
    const before = await it_.bench.decisions();
    await it_.arrive(...leave('end', ids(22)));
    await work(it_.bench.gathered);
    expect(await it_.bench.decisions()).toEqual(before);
  });

  it('is held when its portal was off meanwhile', async () => {
    const off = { learnupon: { portals: [{ ...portal('academy', 'true'), topLevel: true, mode: 'off' }] } };
    await it_.apply(written(off));
    expect(await it_.heldIn('academy')).toEqual([]);
    await it_.apply(written());
    expect(await it_.heldIn('academy')).toHaveLength(22);
  });
});

test('people who stop on one day are held like others', async () => {
  await it_.apply(written());
  const until = { employment: { state: 'employed', hireDate: '2024-01-08', lastDay: '2026-03-04', evidence: 'none' } };
  const seasonal = (id: string) => person(id, readOf('first', 25), { ...sales, ...until } as object);
  await it_.arrive(...ids(25).map(seasonal));
  it_.bench.clock.set('2026-03-05T12:00:00Z');
  await it_.bench.redecide();
  expect(await it_.holdsIn('academy')).toMatchObject({ 1: { kind: 'date', people: 25, of: 25 } });
});
