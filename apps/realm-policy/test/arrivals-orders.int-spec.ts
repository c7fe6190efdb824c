import type { Cause, EmployeeChangedV1 } from '@portico/contracts';
import fc from 'fast-check';
import { admin, outcomeOf, startBench, type TestBench } from './database.js';
import { arriveAt, carriedTotals, person, published, readOf, realTotals, waitingIn, work } from './arrivals.js';
import { ada, written } from './examples.js';

let bench: TestBench;
let arrive: ReturnType<typeof arriveAt>;
beforeEach(async () => {
  bench = await startBench();
  await bench.realm.apply(admin, { document: written() });
  await bench.redecide();
  arrive = arriveAt(bench);
});
afterEach(() => bench.close());

const forget = () => bench.sql('truncate access, access_history, employee_revision, arrival, arriving_cause, taken');

const facts = fc.record({
  department: fc.constantFrom('Sales', 'Legal', null),
  lastDay: fc.constantFrom(null, null, '2026-03-01'),
  unconfirmed: fc.subarray(['department', 'location']),
});
type Facts = typeof facts extends fc.Arbitrary<infer Value> ? Value : never;

const changesOf = ({ department, lastDay, unconfirmed }: Facts): Partial<EmployeeChangedV1> => ({
  employment: { state: 'employed', hireDate: '2024-01-08', lastDay, evidence: 'test' },
  fields: { ...ada().fields, department, location: 'Cork' },
  unconfirmed,
});

/** Reads one after the other, each of some people; every message says what it overtook, as ingestion does. */
const messagesOf = (reads: readonly ReadonlyMap<string, Facts>[]): EmployeeChangedV1[] => {
  const earlier = new Map<string, Cause[]>();
  return reads.flatMap((people, index) => {
    const cause = readOf(`r${index}`, people.size);
    return [...people].map(([id, found]) => {
      const overtook = earlier.get(id) ?? [];
      earlier.set(id, [cause, ...overtook].slice(0, 4));
      return person(id, cause, { ...changesOf(found), revision: index + 1, overtook });
    });
  });
};

const idsOf = (...ids: string[]) => fc.subarray(ids, { minLength: 1 });
const readOfSome = (...ids: string[]): fc.Arbitrary<ReadonlyMap<string, Facts>> =>
  idsOf(...ids).chain((some) =>
    fc.tuple(...some.map(() => facts)).map((all) => new Map(some.map((id, n) => [id, all[n]!]))),
  );

/** Reads that touch the same people again and again. */
const overlapping = fc.array(readOfSome('1', '2', '3', '4', '5'), { minLength: 1, maxLength: 4 });
/** Reads of different people each. */
const disjoint = fc.tuple(
  readOfSome('1', '2', '3', '4', '5', '6'),
  readOfSome('7', '8', '9'),
  readOfSome('10', '11', '12', '13'),
);

/** The messages in any order, each once or more often, in batches, and which of them the stream lost to a newer one. */
const deliveryOf = (reads: fc.Arbitrary<readonly ReadonlyMap<string, Facts>[]>) =>
  reads.map(messagesOf).chain((messages) =>
    fc
      .record({
        lost: fc.subarray(messages.filter(({ employeeId, revision }) => isOvertaken(messages, employeeId, revision))),
        twice: fc.subarray(messages),
        size: fc.integer({ min: 1, max: 5 }),
        chunk: fc.integer({ min: 1, max: 4 }),
        works: fc.infiniteStream(fc.integer({ min: 0, max: 2 })),
      })
      .chain(({ lost, twice, ...rest }) => {
        const kept = messages.filter((message) => !lost.includes(message));
        const all = [...kept, ...twice.filter((message) => kept.includes(message))];
        return fc
          .shuffledSubarray(all, { minLength: all.length })
          .map((delivered) => ({ ...rest, kept, batches: inBatches(delivered, rest.size) }));
      }),
  );

const isOvertaken = (messages: readonly EmployeeChangedV1[], id: string, revision: number): boolean =>
  messages.some((other) => other.employeeId === id && other.revision > revision);

const inBatches = <T>(items: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));

const endState = async () =>
  Object.fromEntries(Object.entries(await bench.decisions()).map(([id, decision]) => [id, outcomeOf(decision)]));

/**
 * Who waits for the bound. A revision that comes after a newer one was counted as overtaken; where its read was whole by
 * that, it waits by itself, and is history only.
 */
const waitingInVain = () =>
  bench.sql(
    `select employee_id, arrival.revision from arrival left join access using (tenant, employee_id)
     where facts is not null and arrival.revision > coalesce(employee_revision, 0)`,
  );

/** As they were made, one by one, waiting for nobody. */
const inOrder = async (messages: readonly EmployeeChangedV1[]) => {
  await forget();
  for (const { overtook: _, cause, ...message } of messages) {
    await arrive({ ...message, cause: { ...cause, totals: { joiners: 1, movers: 0, leavers: 0 } } });
  }
  const state = await endState();
  await forget();
  return state;
};

it('whatever order people come in, however often, and whoever is overtaken: nobody new waits for the bound, and the end is the same', async () => {
  await fc.assert(
    fc.asyncProperty(deliveryOf(overlapping), async ({ kept, batches, chunk, works }) => {
      const expected = await inOrder(kept);
      const worker = bench.gather({ chunk });
      for (const batch of batches) {
        await arrive(...batch);
        for (let left = works.next().value; left > 0; left -= 1) await worker.runChunk(['shared']);
      }
      await work(worker);
      expect(await waitingInVain()).toEqual([]);
      await work(bench.gather({ waitMs: 0, chunk }));
      expect(await waitingIn(bench)).toEqual([]);
      expect(await endState()).toEqual(expected);
    }),
    { numRuns: 150 },
  );
});

it('the totals on every decision of a read are the same, and what its decisions really do to each portal', async () => {
  await fc.assert(
    fc.asyncProperty(deliveryOf(disjoint), async ({ kept, batches, chunk, works }) => {
      const expected = await inOrder(kept);
      const worker = bench.gather({ chunk });
      for (const batch of batches) {
        await arrive(...batch);
        for (let left = works.next().value; left > 0; left -= 1) await worker.runChunk(['shared']);
      }
      await work(worker);
      expect(await endState()).toEqual(expected);
      await expectTrueTotals();
    }),
    { numRuns: 100 },
  );
});

it('so they are where several workers take batches and chunks at once', async () => {
  await fc.assert(
    fc.asyncProperty(deliveryOf(disjoint), async ({ kept, batches, chunk }) => {
      const expected = await inOrder(kept);
      const workers = [bench.gather({ chunk }), bench.gather({ chunk })];
      await allAtOnce(batches, workers);
      // A batch that held everybody of a read, beside another with some of them again, leaves these to the bound.
      await work(bench.gather({ waitMs: 0 }));
      expect(await waitingIn(bench)).toEqual([]);
      expect(await endState()).toEqual(expected);
      await expectTrueTotals();
    }),
    { numRuns: 60 },
  );
});

it('nobody is lost where nobody is waited for, and several workers take batches and chunks at once', async () => {
  await fc.assert(
    fc.asyncProperty(deliveryOf(overlapping), async ({ kept, batches, chunk }) => {
      const expected = await inOrder(kept);
      const workers = [bench.gather({ waitMs: 0, chunk }), bench.gather({ waitMs: 0, chunk })];
      await allAtOnce(batches, workers);
      expect(await waitingIn(bench)).toEqual([]);
      expect(await endState()).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});

/** Workers look for work for as long as batches come in, and then until there is none. */
const allAtOnce = async (
  batches: readonly Parameters<typeof arrive>[],
  workers: readonly ReturnType<typeof bench.gather>[],
) => {
  let isArriving = true;
  const busy = workers.map(async (worker) => {
    while (isArriving) await worker.runChunk(['shared']);
  });
  await Promise.all(batches.map((batch) => arrive(...batch))).finally(() => (isArriving = false));
  await Promise.all(busy);
  await Promise.all(workers.map(work));
};

const expectTrueTotals = async () => {
  const events = await published(bench);
  const real = realTotals(events);
  expect(carriedTotals(events)).toEqual(Object.fromEntries(Object.entries(real).map(([id, totals]) => [id, [totals]])));
};
