import { eventually } from '@portico/testing';
import { inDepartment, person, readOf, work } from './arrivals.js';
import { admin } from './database.js';
import { portal, withPortals, written } from './examples.js';
import { at, ids, leave, moversOf, sales, startGated, type Gated } from './gated.js';

let it_: Gated;
beforeEach(async () => {
  it_ = await startGated();
});
afterEach(() => it_.bench.close());

const carried = async () => Object.values(await it_.bench.decisions()).map(({ event }) => event.cause.totals.portals);
const named = (id: string) => ({ fields: { ...sales.fields, lastName: `Moss ${id}` } });

describe('a policy', () => {
  const narrow = withPortals({ ...portal('academy', 'department == "Legal"'), topLevel: true });

  it('that takes access from many is held', async () => {
    await it_.employ(25);
    await it_.apply(narrow);
    expect(await it_.holdsIn('academy')).toMatchObject({ 25: { kind: 'policy', id: 'policy-2', people: 25, of: 25 } });
  });

  it('that comes between counting and deciding is counted before anybody is decided by it', async () => {
    await it_.employ(25);
    for (const id of ids(25)) await it_.arrive(person(id, moversOf('moved', 25), { ...named(id), ...at(2) }));
    const worker = it_.bench.gather({ chunk: 10 });
    // Counted in three chunks, and nobody loses anything.
    for (const _ of [1, 2, 3]) expect(await worker.runChunk(['shared'])).toBe(true);
    await it_.bench.realm.apply(admin, { document: narrow });
    await work(worker);
    expect(await it_.heldIn('academy')).toHaveLength(25);
  });

  it('that comes amid the counting of a read is counted from the first', async () => {
    await it_.employ(25);
    for (const id of ids(25)) await it_.arrive(person(id, moversOf('moved', 25), { ...named(id), ...at(2) }));
    const worker = it_.bench.gather({ chunk: 10 });
    // Those of the first two chunks would lose access, and of the third nobody is left to.
    for (const _ of [1, 2]) await worker.runChunk(['shared']);
    await it_.bench.realm.apply(admin, { document: narrow });
    await work(worker);
    expect(await it_.heldIn('academy')).toHaveLength(25);
  });

  it('that is counted anew on another day weighs as before', async () => {
    const gate = { people: 20, percent: 50 };
    await it_.apply(written({ gate }));
    const everybody = ids(1_300).map((id) =>
      person(id, readOf('first', 1_300), Number(id) % 13 < 6 ? sales : inDepartment('Legal')),
    );
    await it_.arrive(...everybody);
    const some = withPortals({ ...portal('academy', 'department == "Legal"'), topLevel: true });
    await it_.bench.realm.apply(admin, { document: { ...some, gate } });
    for (const _ of [1, 2, 3]) await it_.bench.people.runChunk(['shared']);
    it_.bench.clock.set('2026-03-03T12:00:00Z');
    await it_.bench.redecide();
    expect(await it_.heldIn('academy')).toEqual([]);
    expect(await it_.isGranted('13', 'academy')).toBe(false);
  });

  it('that comes while a day is decided is counted too', async () => {
    await it_.apply(withPortals({ ...portal('academy', 'today < "2027-01-01"'), topLevel: true }));
    await it_.arrive(...ids(25).map((id) => person(id, readOf('first', 25), sales)));
    it_.bench.clock.set('2026-03-03T12:00:00Z');
    await it_.bench.people.requestDue(['shared']);
    await it_.bench.people.runChunk(['shared']);
    await it_.bench.realm.apply(admin, { document: narrow });
    await it_.bench.redecide();
    expect(await it_.heldIn('academy')).toHaveLength(25);
  });

  it('that takes the place of one that is half done counts whom that one held', async () => {
    const gate = { people: 20, percent: 50 };
    await it_.apply(written({ gate }));
    // Nine of thirteen lose access: of those whom the second finds left it takes a third.
    const everybody = ids(1_300).map((id) =>
      person(id, readOf('first', 1_300), Number(id) % 13 < 9 ? sales : inDepartment('Legal')),
    );
    await it_.arrive(...everybody);
    const some = (title: string) => ({
      ...withPortals({ ...portal('academy', 'department == "Legal"'), topLevel: true, title }),
      gate,
    });
    await it_.bench.realm.apply(admin, { document: some('one') });
    // Two chunks of counting, and one of a thousand people.
    for (const _ of [1, 2, 3]) await it_.bench.people.runChunk(['shared']);
    const held = (await it_.heldIn('academy')).length;
    await it_.apply(some('two'));
    expect([held, (await it_.heldIn('academy')).length]).toEqual([692, 900]);
  });

  it('that shuts a portal takes nothing, and holds nobody', async () => {
    await it_.employ(25);
    const shut = withPortals({ ...portal('academy', 'true'), topLevel: true, mode: 'off' });
    const { id } = await it_.bench.whatIfs.start(admin, { document: shut });
    const foretold = await eventually(
      'the what-if to end',
      async () => (await it_.bench.whatIfs.get(admin, { id })).result,
    );
    const [academy] = foretold.portals.filter((one) => one.portal === 'academy');
    expect(academy).toMatchObject({ withheld: 25 });
    expect(academy).not.toHaveProperty('held');
    await it_.apply(shut);
    expect(await it_.heldIn('academy')).toEqual([]);
    expect(JSON.stringify(await carried())).not.toContain('"held"');
  });

  it('that comes back to a portal takes from those who had access when it was left', async () => {
    await it_.employ(300);
    await it_.apply(withPortals({ ...portal('academy', 'true'), topLevel: true, mode: 'off' }));
    await it_.arrive(...leave('end', ids(25)));
    await it_.apply(written());
    expect(await it_.isGranted('1', 'academy')).toBe(false);
    expect(await it_.heldIn('academy')).toEqual([]);
  });

  it('that comes back to a portal is held for those who had access when it was left', async () => {
    await it_.employ(25);
    await it_.apply(withPortals({ ...portal('academy', 'true'), topLevel: true, mode: 'off' }));
    await it_.apply(narrow);
    expect(await it_.heldIn('academy')).toHaveLength(25);
  });

  it('that ends access for everybody passes, for its number was confirmed', async () => {
    await it_.employ(25);
    await it_.bench.ending.end(admin, { portal: 'emea', confirm: 25 });
    await it_.bench.redecide();
    expect(await it_.isGranted('1', 'emea')).toBe(false);
    expect(await it_.heldIn('emea')).toEqual([]);
    expect(JSON.stringify(await carried())).not.toContain('"held"');
  });

  it('that ends access in a portal that is off has its number confirmed too', async () => {
    await it_.employ(25);
    const shut = (mode: string) => withPortals({ ...portal('academy', 'true'), topLevel: true, mode });
    await it_.apply(shut('off'));
    expect(await it_.bench.ending.end(admin, { portal: 'academy' })).toMatchObject({
      cells: 25,
      people: 25,
      disables: 0,
    });
  });

  it('says how wide the gate is', async () => {
    await it_.employ(25, { gate: { people: 2, percent: 50 } });
    await it_.arrive(...leave('few', ['1', '2', '3']));
    expect(await it_.heldIn('academy')).toEqual([]);
    await it_.arrive(...leave('many', ids(25).slice(3, 15)));
    expect(await it_.heldIn('academy')).toHaveLength(12);
  });

  it('with a gate that is none is refused, with every fault', async () => {
    const refused = it_.bench.realm.apply(admin, {
      document: written({ gate: { people: -1, percent: 101, days: 3 } }),
    });
    await expect(refused).rejects.toMatchObject({
      code: 'invalid',
      faults: [{ path: 'gate.days' }, { path: 'gate.people' }, { path: 'gate.percent' }],
    });
  });
});
