import { eventually } from '@portico/testing';
import { inDepartment, person, readOf, work } from './arrivals.js';
import { admin } from './database.js';
import { portal, withPortals, written } from './examples.js';
import { at, ids, leave, moversOf, sales, startGated, type Gated } from './gated.js';

let bench: Gated['bench'];
let arrive: Gated['arrive'];
let apply: Gated['apply'];
let employ: Gated['employ'];
let holdsIn: Gated['holdsIn'];
let heldIn: Gated['heldIn'];
let isGranted: Gated['isGranted'];
beforeEach(async () => {
  ({ bench, arrive, apply, employ, holdsIn, heldIn, isGranted } = await startGated());
});
afterEach(() => bench.close());

const carried = async () => Object.values(await bench.decisions()).map(({ event }) => event.cause.totals.portals);
const named = (id: string) => ({ fields: { ...sales.fields, lastName: `Moss ${id}` } });

describe('a policy', () => {
  const narrow = withPortals({ ...portal('academy', 'department == "Legal"'), topLevel: true });

  it('that takes access from many is held', async () => {
    await employ(25);
    await apply(narrow);
    expect(await holdsIn('academy')).toMatchObject({ 25: { kind: 'policy', id: 'policy-2', people: 25, of: 25 } });
  });

  it('that comes between counting and deciding is counted before anybody is decided by it', async () => {
    await employ(25);
    for (const id of ids(25)) await arrive(person(id, moversOf('moved', 25), { ...named(id), ...at(2) }));
    const worker = bench.gather({ chunk: 10 });
    // Counted in three chunks, and nobody loses anything.
    for (const _ of [1, 2, 3]) expect(await worker.runChunk(['shared'])).toBe(true);
    await bench.realm.apply(admin, { document: narrow });
    await work(worker);
    expect(await heldIn('academy')).toHaveLength(25);
  });

  it('that comes amid the counting of a read is counted from the first', async () => {
    await employ(25);
    for (const id of ids(25)) await arrive(person(id, moversOf('moved', 25), { ...named(id), ...at(2) }));
    const worker = bench.gather({ chunk: 10 });
    // Those of the first two chunks would lose access, and of the third nobody is left to.
    for (const _ of [1, 2]) await worker.runChunk(['shared']);
    await bench.realm.apply(admin, { document: narrow });
    await work(worker);
    expect(await heldIn('academy')).toHaveLength(25);
  });

  it('that is counted anew on another day weighs as before', async () => {
    const gate = { people: 20, percent: 50 };
    await apply(written({ gate }));
    const everybody = ids(1_300).map((id) =>
      person(id, readOf('first', 1_300), Number(id) % 13 < 6 ? sales : inDepartment('Legal')),
    );
    await arrive(...everybody);
    const some = withPortals({ ...portal('academy', 'department == "Legal"'), topLevel: true });
    await bench.realm.apply(admin, { document: { ...some, gate } });
    for (const _ of [1, 2, 3]) await bench.people.runChunk(['shared']);
    bench.clock.set('2026-03-03T12:00:00Z');
    await bench.redecide();
    expect(await heldIn('academy')).toEqual([]);
    expect(await isGranted('13', 'academy')).toBe(false);
  });

  it('that comes while a day is decided is counted too', async () => {
    await apply(withPortals({ ...portal('academy', 'today < "2027-01-01"'), topLevel: true }));
    await arrive(...ids(25).map((id) => person(id, readOf('first', 25), sales)));
    bench.clock.set('2026-03-03T12:00:00Z');
    await bench.people.requestDue(['shared']);
    await bench.people.runChunk(['shared']);
    await bench.realm.apply(admin, { document: narrow });
    await bench.redecide();
    expect(await heldIn('academy')).toHaveLength(25);
  });

  it('that takes the place of one that is half done counts whom that one held', async () => {
    const gate = { people: 20, percent: 50 };
    await apply(written({ gate }));
    // Nine of thirteen lose access: of those whom the second finds left it takes a third.
    const everybody = ids(1_300).map((id) =>
      person(id, readOf('first', 1_300), Number(id) % 13 < 9 ? sales : inDepartment('Legal')),
    );
    await arrive(...everybody);
    const some = (title: string) => ({
      ...withPortals({ ...portal('academy', 'department == "Legal"'), topLevel: true, title }),
      gate,
    });
    await bench.realm.apply(admin, { document: some('one') });
    // Two chunks of counting, and one of a thousand people.
    for (const _ of [1, 2, 3]) await bench.people.runChunk(['shared']);
    const held = (await heldIn('academy')).length;
    await apply(some('two'));
    expect([held, (await heldIn('academy')).length]).toEqual([692, 900]);
  });

  it('that shuts a portal takes nothing, and holds nobody', async () => {
    await employ(25);
    const shut = withPortals({ ...portal('academy', 'true'), topLevel: true, mode: 'off' });
    const { id } = await bench.whatIfs.start(admin, { document: shut });
    const foretold = await eventually(
      'the what-if to end',
      async () => (await bench.whatIfs.get(admin, { id })).result,
    );
    const [academy] = foretold.portals.filter((one) => one.portal === 'academy');
    expect(academy).toMatchObject({ withheld: 25 });
    expect(academy).not.toHaveProperty('held');
    await apply(shut);
    expect(await heldIn('academy')).toEqual([]);
    expect(JSON.stringify(await carried())).not.toContain('"held"');
  });

  it('that comes back to a portal takes from those who had access when it was left', async () => {
    await employ(300);
    await apply(withPortals({ ...portal('academy', 'true'), topLevel: true, mode: 'off' }));
    await arrive(...leave('end', ids(25)));
    await apply(written());
    expect(await isGranted('1', 'academy')).toBe(false);
    expect(await heldIn('academy')).toEqual([]);
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
    expect(JSON.stringify(await carried())).not.toContain('"held"');
  });

  it('that ends access in a portal that is off has its number confirmed too', async () => {
    await employ(25);
    const shut = (mode: string) => withPortals({ ...portal('academy', 'true'), topLevel: true, mode });
    await apply(shut('off'));
    expect(await bench.ending.end(admin, { portal: 'academy' })).toMatchObject({ cells: 25, people: 25, disables: 0 });
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
