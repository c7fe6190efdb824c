import { addEffects, type EffectTotals } from '@portico/access-policy';
import type { AccessDecidedV1, Cause, EmployeeChangedV1 } from '@portico/contracts';
import { sqlOf } from '@portico/database';
import type { DecideGathered } from '../src/decide-gathered.js';
import type { TestBench } from './database.js';
import { ada } from './examples.js';

/** The cause of a read that changed so many people. */
export const readOf = (id: string, people: number): Cause => ({
  kind: 'read',
  id,
  totals: { joiners: people, movers: 0, leavers: 0, people },
});

export const person = (id: string, cause: Cause, changes: Partial<EmployeeChangedV1> = {}): EmployeeChangedV1 => ({
  ...ada({ employeeId: id, cause }),
  ...changes,
});

export const inDepartment = (department: string) => ({ fields: { ...ada().fields, department, location: 'Cork' } });

export const arriveAt =
  (bench: TestBench) =>
  (...employees: EmployeeChangedV1[]) =>
    bench.employees.decide(employees.map((employee) => ({ employee, traceparent: undefined })));

/** Decides what can be decided; answers how many chunks that took. */
export const work = async (worker: DecideGathered): Promise<number> => {
  let chunks = 0;
  while (await worker.runChunk(['shared', 'big'])) chunks += 1;
  return chunks;
};

export const waitingIn = async (bench: TestBench): Promise<string[]> =>
  (
    await sqlOf(bench.orm.em.fork())<{ id: string }>(
      'select distinct employee_id as id from arrival where facts is not null order by 1',
    )
  ).map(({ id }) => id);

/** Every decision that was ever published, oldest first. */
export const published = async (bench: TestBench): Promise<AccessDecidedV1[]> =>
  (
    await sqlOf(bench.orm.em.fork())<{ event: AccessDecidedV1 }>(
      `select event, revision from access where revision > 0
       union all select event, revision from access_history order by revision`,
    )
  ).map(({ event }) => event);

const asDecided = (portals: AccessDecidedV1['portals']) => portals as unknown as Parameters<typeof addEffects>[1];

/** What the decisions of each cause really do to each portal, each compared with the one before of that person. */
export const realTotals = (events: readonly AccessDecidedV1[]): Record<string, EffectTotals> => {
  const totals: Record<string, EffectTotals> = {};
  for (const ofPerson of Map.groupBy(events, ({ employeeId }) => employeeId).values()) {
    for (const [index, { portals, cause }] of ofPerson.entries()) {
      addEffects((totals[cause.id] ??= {}), asDecided(ofPerson[index - 1]?.portals ?? []), asDecided(portals));
    }
  }
  return totals;
};

/** The totals that the decisions of each cause carry, each once. */
export const carriedTotals = (events: readonly AccessDecidedV1[]): Record<string, unknown[]> =>
  Object.fromEntries(
    [...Map.groupBy(events, ({ cause }) => cause.id)].map(([id, ofCause]) => [
      id,
      [...new Set(ofCause.map(({ cause }) => JSON.stringify(cause.totals.portals)))].map((text) => JSON.parse(text)),
    ]),
  );
