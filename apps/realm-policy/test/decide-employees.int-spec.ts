import type { EmployeeChangedV1 } from '@portico/contracts';
import fc from 'fast-check';
import { sqlOf } from '@portico/database';
import { admin, outcomeOf, startBench, type TestBench } from './database.js';
import { ada, withPortals, written, portal } from './examples.js';

let bench: TestBench;
beforeEach(async () => {
  bench = await startBench();
  await bench.realm.apply(admin, { document: written() });
  await bench.redecide();
});
afterEach(() => bench.close());

const arrive = (...employees: EmployeeChangedV1[]) =>
  bench.employees.decide(employees.map((employee) => ({ employee, traceparent: undefined })));

const accessOf = async (id = '109') =>
  Object.fromEntries((await bench.decisions())[id]!.event.portals.map(({ portal: name, access }) => [name, access]));

describe('an employee that changed', () => {
  it('is decided for every portal at once, and the cause travels along', async () => {
    await arrive(ada());
    const { event, ...row } = (await bench.decisions())['109']!;
    expect(row).toMatchObject({ employeeRevision: 1, policyVersion: 1, pool: 'shared', dueOn: null });
    expect(event).toMatchObject({
      tenant: 'acme',
      employeeId: '109',
      revision: row.revision,
      today: '2026-03-02',
      leaver: false,
      cause: ada().cause,
      portals: [
        { portal: 'academy', access: 'granted', learner: { customData: { Department: 'Sales' } } },
        { portal: 'emea', access: 'granted' },
        { portal: 'legal', access: 'withheld', reason: 'not-in-audience' },
      ],
    });
  });

  it('is no news again when the decision comes out the same', async () => {
    await arrive(ada());
    const before = (await bench.decisions())['109']!;
    await arrive(ada({ revision: 2, fields: { ...ada().fields, location: 'Dublin' } }));
    const after = (await bench.decisions())['109']!;
    expect(after).toEqual({ ...before, employeeRevision: 2 });
  });

  it('gets a newer revision with every change, also while the clock stands still', async () => {
    await arrive(ada());
    const first = (await bench.decisions())['109']!.revision;
    await arrive(ada({ revision: 2, fields: { ...ada().fields, lastName: 'Reed' } }));
    expect((await bench.decisions())['109']!.revision).toBe(first + 1);
  });

  it('keeps what was while a field is unknown, and says since when', async () => {
    await arrive(ada());
    bench.clock.advance({ hours: 1 });
    await arrive(ada({ revision: 2, unconfirmed: ['department'] }));
    bench.clock.advance({ hours: 1 });
    await arrive(ada({ revision: 3, unconfirmed: ['department', 'location'] }));
    const { event } = (await bench.decisions())['109']!;
    expect(event.portals[1]).toMatchObject({
      portal: 'emea',
      access: 'granted',
      reason: 'audience-unknown',
      keptSince: '2026-03-02T13:00:00Z',
    });
  });

  it('is not stored where its tenant has no realm, and stops nobody', async () => {
    const { strangers } = await arrive(ada({ tenant: 'nobody' }), ada());
    expect([...strangers]).toEqual(['nobody']);
    expect(await bench.decisions('nobody')).toEqual({});
    expect(Object.keys(await bench.decisions())).toEqual(['109']);
  });

  it('is decided by each tenant on its own policy', async () => {
    const other = { ...admin, tenant: 'other' };
    const document = { ...withPortals({ ...portal('academy', 'false'), topLevel: true }), tenant: 'other' };
    await bench.realm.apply(other, { document });
    await arrive(ada(), ada({ tenant: 'other' }));
    expect((await bench.decisions('other'))['109']!.event.portals).toMatchObject([{ access: 'withheld' }]);
    expect(await accessOf()).toMatchObject({ academy: 'granted' });
  });
});

const value = fc.constantFrom('Sales', 'Legal', 'Oslo', 'Cork', null);
const change = fc.record({
  state: fc.constantFrom('expected', 'employed', 'employed', 'left', 'unknown'),
  lastDay: fc.constantFrom(null, null, '2026-03-02', '2026-03-01'),
  fields: fc.dictionary(fc.constantFrom('department', 'location', 'division', 'lastName', 'workEmail'), value, {
    noNullPrototype: true,
  }),
  unconfirmed: fc.subarray(['department', 'location', 'division']),
});

/** The revisions of a few people, each a change on top of the one before. */
const histories = fc
  .array(fc.array(change, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 })
  .map((people) =>
    people.flatMap((changes, person) =>
      changes.map(({ state, lastDay, fields, unconfirmed }, index) =>
        ada({
          employeeId: String(person),
          revision: index + 1,
          employment: { state, lastDay, hireDate: '2026-03-05', evidence: 'test' },
          fields: { firstName: 'Ada', workEmail: 'ada@acme.example', ...fields },
          unconfirmed,
        }),
      ),
    ),
  );

/** The same events in any order, each once or twice, in batches of any size. */
const deliveries = histories.chain((events) =>
  fc
    .tuple(
      fc.shuffledSubarray(events, { minLength: events.length }),
      fc.subarray(events),
      fc.integer({ min: 1, max: 6 }),
    )
    .chain(([all, twice, size]) =>
      fc
        .shuffledSubarray([...all, ...twice], { minLength: all.length + twice.length })
        .map((delivered) => ({ events, batches: chunk(delivered, size) })),
    ),
);

const chunk = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));

const forget = () => sqlOf(bench.orm.em.fork())('truncate access, employee_revision, taken');

const endState = async () =>
  Object.fromEntries(Object.entries(await bench.decisions()).map(([id, decision]) => [id, outcomeOf(decision)]));

it('whatever order events come in, and however often, the end state is the same', async () => {
  await fc.assert(
    fc.asyncProperty(deliveries, async ({ events, batches }) => {
      await forget();
      for (const event of events) await arrive(event);
      const expected = await endState();
      await forget();
      for (const batch of batches) await arrive(...batch);
      expect(await endState()).toEqual(expected);
    }),
    { numRuns: 150 },
  );
});

it('ends the same when batches of the same people are decided at once', async () => {
  await fc.assert(
    fc.asyncProperty(deliveries, async ({ events, batches }) => {
      await forget();
      for (const event of events) await arrive(event);
      const expected = await endState();
      await forget();
      await Promise.all(batches.map((batch) => arrive(...batch)));
      expect(await endState()).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});
