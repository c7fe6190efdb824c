import { inTransaction } from '@portico/database';
import { eventually } from '@portico/testing';
import { admin, startBench, type TestBench } from './database.js';
import { arriveAt, carriedTotals, inDepartment, person, published, readOf, waitingIn, work } from './arrivals.js';
import { written } from './examples.js';

let bench: TestBench;
let arrive: ReturnType<typeof arriveAt>;
beforeEach(async () => {
  bench = await startBench();
  await bench.realm.apply(admin, { document: written() });
  await bench.redecide();
  arrive = arriveAt(bench);
});
afterEach(() => bench.close());

const [sales, legal] = [inDepartment('Sales'), inDepartment('Legal')];
const none = { granted: 0, changed: 0, withheld: 0 };
const decidedIds = async () => Object.keys(await bench.decisions());

describe('a read whose people come in one batch', () => {
  it('is decided at once, with its totals per portal', async () => {
    const cause = readOf('r1', 3);
    await arrive(person('1', cause, sales), person('2', cause, sales), person('3', cause, legal));
    const events = await published(bench);
    expect(events.map((event) => event.cause)).toEqual(
      Array.from({ length: 3 }, () => ({
        ...cause,
        totals: {
          ...cause.totals,
          portals: {
            academy: { ...none, granted: 3 },
            emea: { ...none, granted: 2 },
            legal: { ...none, granted: 1 },
          },
        },
      })),
    );
    expect(await work(bench.gathered)).toBe(0);
  });

  it('of another sender, that counts no people, is decided as it comes', async () => {
    await arrive(person('1', { kind: 'read', id: 'old', totals: { joiners: 9, movers: 0, leavers: 0 } }));
    expect(await decidedIds()).toEqual(['1']);
  });
});

describe('a read whose people come one by one', () => {
  it('counts each of them once, known or not, with the newest revision that has come', async () => {
    await arrive(person('1', readOf('r1', 1), sales));
    const cause = readOf('r2', 3);
    await arrive({ ...person('1', cause, legal), revision: 5 }, { ...person('2', cause, sales), revision: 7 });
    const waiting = { employees: 2, decisions: 1, maxEmployeeRevision: 7, employeeRevisionSum: '12', undecided: 2 };
    expect(await bench.policy.status(admin)).toMatchObject(waiting);
    await bench.sql('update access set policy_version = 0');
    expect(await bench.policy.status(admin)).toMatchObject(waiting);
    await bench.sql(`update access set policy_version = 1, due_on = '2026-03-01'`);
    expect(await bench.policy.status(admin)).toMatchObject(waiting);
  });

  it('gives a status of one moment: what is decided while it is made is still undecided in it', async () => {
    await arrive(person('1', readOf('r1', 3), sales));
    const before = await bench.policy.status(admin);
    const { status } = await inTransaction(bench.orm, async (sql) => {
      await sql('lock table arriving_cause in access exclusive mode');
      const asked = bench.policy.status(admin);
      await eventually('it to wait', async () => {
        const [row] = await bench.sql<{ waits: boolean }>(
          `select exists (select from pg_locks where not granted and relation = 'arriving_cause'::regclass) as waits`,
        );
        return row?.waits;
      });
      await sql('delete from arriving_cause');
      return { status: asked };
    });
    expect(await status).toEqual(before);
  });

  it('waits for the last of them, says so, and then carries the totals of the whole', async () => {
    const cause = readOf('r1', 3);
    await arrive(person('1', cause, sales));
    await arrive(person('2', cause, legal), person('1', cause, sales));
    expect(await work(bench.gathered)).toBe(0);
    expect(await decidedIds()).toEqual([]);
    expect(await bench.policy.status(admin)).toMatchObject({
      undecided: 2,
      maxEmployeeRevision: 1,
      gathering: [{ cause: { kind: 'read', id: 'r1' }, people: 3, arrived: 2 }],
    });
    await arrive(person('3', cause, sales));
    expect(await bench.policy.status(admin)).toMatchObject({ undecided: 3, gathering: [] });
    await work(bench.gathered);
    const portals = { academy: { ...none, granted: 3 }, emea: { ...none, granted: 2 }, legal: { ...none, granted: 1 } };
    expect(carriedTotals(await published(bench))).toEqual({ r1: [portals] });
    expect(await bench.policy.status(admin)).toMatchObject({ undecided: 0, gathering: [], decisions: 3 });
  });

  it('delays no change of its own beside it, and its people come out as of their newest revision', async () => {
    const cause = readOf('r1', 2);
    await arrive(person('1', cause, sales));
    await arrive(person('2', readOf('live', 1), legal));
    await arrive(person('1', readOf('newer', 1), { ...legal, revision: 2 }));
    expect(await decidedIds()).toEqual(['1', '2']);
    await arrive(person('3', cause, sales));
    await work(bench.gathered);
    expect((await bench.decisions())['1']).toMatchObject({
      employeeRevision: 2,
      event: {
        cause: { id: 'newer' },
        portals: [{ access: 'granted' }, { access: 'withheld' }, { access: 'granted' }],
      },
    });
    expect(carriedTotals(await published(bench))['r1']).toEqual([
      { academy: { ...none, granted: 1 }, emea: { ...none, granted: 1 }, legal: none },
    ]);
  });

  it('does not wait for somebody whose newer revision overtook the one of this read', async () => {
    const [cause, newer] = [readOf('r1', 3), readOf('r2', 1)];
    await arrive(person('2', newer, { ...sales, revision: 2, overtook: [cause] }));
    expect(await decidedIds()).toEqual(['2']);
    await arrive(person('1', cause, sales));
    expect(await decidedIds()).toEqual(['2']);
    await arrive(person('3', cause, sales));
    await work(bench.gathered);
    expect(await decidedIds()).toEqual(['1', '2', '3']);
    expect(carriedTotals(await published(bench))['r1']).toMatchObject([{ emea: { granted: 2 } }]);
  });

  it('is whole in a batch with those who overtook it', async () => {
    const cause = readOf('r1', 2);
    await arrive(
      person('1', cause, sales),
      person('2', readOf('r2', 1), { ...sales, revision: 2, overtook: [readOf('r0', 1), cause] }),
    );
    expect(await decidedIds()).toEqual(['1', '2']);
  });

  it('is not waited for by those who know it already, as after a move between pools', async () => {
    const cause = readOf('r1', 3);
    await arrive(person('1', cause, sales), person('2', cause, sales), person('3', cause, sales));
    await arrive(person('2', readOf('r2', 1), { ...legal, revision: 2, overtook: [cause] }));
    await arrive(person('1', cause, { ...sales, revision: 7 }));
    await arrive(person('2', readOf('r2', 1), { ...legal, revision: 8, overtook: [cause] }));
    expect(await waitingIn(bench)).toEqual([]);
    expect(await bench.policy.status(admin)).toMatchObject({ maxEmployeeRevision: 8, undecided: 0, gathering: [] });
  });

  it('takes the newer revision of somebody who waits, as after a move meanwhile', async () => {
    const cause = readOf('r1', 2);
    await arrive(person('1', cause, sales));
    await arrive(person('1', cause, { ...sales, revision: 7 }));
    await arrive(person('2', cause, { ...sales, revision: 7 }));
    await work(bench.gathered);
    expect(await bench.policy.status(admin)).toMatchObject({ maxEmployeeRevision: 7, undecided: 0, decisions: 2 });
  });
});

describe('somebody of a read who does not come', () => {
  const cause = readOf('r1', 3);
  const portals = (granted: number) => ({
    academy: { ...none, granted },
    emea: { ...none, granted },
    legal: none,
  });

  it('is waited for no longer than the bound', async () => {
    await arrive(person('1', cause, sales), person('2', cause, sales));
    const patient = bench.gather({ waitMs: 60_000 });
    expect(await work(patient)).toBe(0);
    await work(bench.gather({ waitMs: 0 }));
    expect(carriedTotals(await published(bench))).toEqual({ r1: [portals(2)] });
    expect(await bench.policy.status(admin)).toMatchObject({ undecided: 0, gathering: [] });
  });

  it('is decided soon who comes after all, with the totals of everybody up to then, and once', async () => {
    await arrive(person('1', cause, sales), person('2', cause, sales));
    await work(bench.gather({ waitMs: 0 }));
    await arrive(person('3', cause, sales), person('1', cause, sales));
    await work(bench.gathered);
    await arrive(person('3', cause, sales));
    expect(await work(bench.gathered)).toBe(0);
    expect(carriedTotals(await published(bench))).toEqual({ r1: [portals(2), portals(3)] });
  });

  it('is of the next round where the others are being decided', async () => {
    const worker = bench.gather({ waitMs: 0, chunk: 1 });
    await arrive(person('2', cause, sales), person('3', cause, sales));
    for (const _ of ['2', '3', 'nobody', '2']) await worker.runChunk(['shared']);
    await arrive(person('1', cause, sales));
    await arrive(person('4', cause, sales));
    await work(worker);
    expect(carriedTotals(await published(bench))).toEqual({ r1: [portals(2), portals(4)] });
    expect(await waitingIn(bench)).toEqual([]);
  });

  it('leaves nothing behind where all of them were overtaken', async () => {
    await arrive(person('1', readOf('r2', 1), { ...sales, revision: 2, overtook: [cause] }));
    await work(bench.gather({ waitMs: 0 }));
    expect(await bench.policy.status(admin)).toMatchObject({ undecided: 0, gathering: [], decisions: 1 });
  });
});

describe('whoever decides them', () => {
  it('goes on after a crash, between counting and deciding too', async () => {
    const cause = readOf('r1', 25);
    const ids = Array.from({ length: 25 }, (_, index) => String(100 + index));
    for (const id of ids) await arrive(person(id, cause, sales));
    for (let chunk = 0; chunk < 12; chunk += 1) {
      const died = bench.gather({ chunk: 4 });
      expect(await died.runChunk(['shared'])).toBe(true);
    }
    const before = await decidedIds();
    expect(before.length).toBeGreaterThan(0);
    expect(before.length).toBeLessThan(25);
    await work(bench.gather({ chunk: 4 }));
    expect(await decidedIds()).toEqual(ids);
    expect(carriedTotals(await published(bench))).toEqual({
      r1: [{ academy: { ...none, granted: 25 }, emea: { ...none, granted: 25 }, legal: none }],
    });
  });

  it('is of the pool of the tenant', async () => {
    await arrive(person('1', readOf('r1', 2), sales));
    await arrive(person('2', readOf('r1', 2), sales));
    expect(await bench.gathered.runChunk(['big'])).toBe(false);
    expect(await bench.gathered.runChunk(['shared'])).toBe(true);
  });

  it('delays no other tenant where the work of one fails', async () => {
    const other = { ...admin, tenant: 'other' };
    await bench.realm.apply(other, { document: { ...written(), tenant: 'other' } });
    const two = (tenant: string) => ['1', '2'].map((id) => person(id, readOf('r1', 2), { ...sales, tenant }));
    for (const employee of [...two('acme'), ...two('other')]) await arrive(employee);
    await bench.sql(
      `update realm set version = 9, document = jsonb_set(document, '{learnupon,portals,0,audience}', '"no rule"')
       where tenant = 'acme'`,
    );
    await expect(bench.gathered.runChunk(['shared'])).rejects.toThrow('the realm of acme must be applied again');
    await bench.gathered.runChunk(['shared']);
    expect(Object.keys(await bench.decisions('other'))).toEqual(['1', '2']);
    expect(await waitingIn(bench)).toEqual(['1', '2']);
  });
});
