import type { AccessHold, Cause } from '@portico/contracts';
import { arriveAt, inDepartment, person, readOf } from './arrivals.js';
import { admin, startBench } from './database.js';
import { written } from './examples.js';

export const ids = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1));
export const sales = inDepartment('Sales');
const left = {
  employment: { state: 'left', hireDate: '2024-01-08', lastDay: '2026-02-27', evidence: 'status' },
} as const;
export const at = (revision: number) => ({ revision });

const leaversOf = (id: string, people: number): Cause => ({
  kind: 'read',
  id,
  totals: { joiners: 0, movers: 0, leavers: people, people },
});
export const moversOf = (id: string, people: number): Cause => ({
  kind: 'read',
  id,
  totals: { joiners: 0, movers: people, leavers: 0, people },
});
export const leave = (cause: string, who: readonly string[], revision = 2) =>
  who.map((id) => person(id, leaversOf(cause, who.length), { ...sales, ...left, ...at(revision) }));

/** The use cases, and what they come to in one portal. */
export const startGated = async () => {
  const bench = await startBench();
  const arrive = arriveAt(bench);
  const apply = async (document: Record<string, unknown>) => {
    await bench.realm.apply(admin, { document });
    await bench.redecide();
  };
  const holdsIn = async (name: string): Promise<Record<string, AccessHold | undefined>> =>
    Object.fromEntries(
      Object.entries(await bench.decisions()).map(([id, { event }]) => [
        id,
        event.portals.find((one) => one.portal === name)?.hold,
      ]),
    );
  return {
    bench,
    arrive,
    apply,
    /** A realm of so many people, all of them in Sales. */
    employ: async (count: number, changes: Record<string, unknown> = {}) => {
      await apply(written(changes));
      await arrive(...ids(count).map((id) => person(id, readOf('first', count), sales)));
    },
    holdsIn,
    heldIn: async (name: string) =>
      Object.entries(await holdsIn(name)).flatMap(([id, hold]) => (hold === undefined ? [] : [id])),
    isGranted: async (id: string, name: string) =>
      (await bench.decisions())[id]?.event.portals.some((one) => one.portal === name && one.access === 'granted'),
  };
};
export type Gated = Awaited<ReturnType<typeof startGated>>;
