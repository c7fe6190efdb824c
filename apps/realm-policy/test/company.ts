import type { EmployeeChangedV1 } from '@portico/contracts';
import { ada } from './examples.js';

/** The same numbers for the same seed (mulberry32). */
export const randomOf = (seed: number) => {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    pick: <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)]!,
    chance: (share: number) => next() < share,
  };
};
export type Random = ReturnType<typeof randomOf>;

export const DEPARTMENTS = ['Sales', 'Legal', 'Engineering', 'Finance'];
export const LOCATIONS = ['Cork', 'Oslo', 'Rome'];

const employmentOf = (random: Random): EmployeeChangedV1['employment'] => {
  const evidence = 'made up';
  if (random.chance(0.05)) return { state: 'left', hireDate: '2024-01-08', lastDay: '2026-02-01', evidence };
  if (random.chance(0.05)) return { state: 'expected', hireDate: '2026-03-09', lastDay: null, evidence };
  if (random.chance(0.05)) return { state: 'employed', hireDate: '2024-01-08', lastDay: '2026-03-06', evidence };
  if (random.chance(0.05)) return { state: 'unknown', hireDate: null, lastDay: null, evidence };
  return { state: 'employed', hireDate: '2024-01-08', lastDay: null, evidence };
};

/** Somebody, with gaps: an address that is missing or wrong, fields that were not confirmed or never known. */
export const somebody = (random: Random, employeeId: string, changes: Partial<EmployeeChangedV1> = {}) => {
  const known = {
    firstName: random.pick(['Ada', 'Bo', 'Cy']),
    lastName: random.pick(['Moss', 'Reed']),
    workEmail: random.chance(0.05) ? random.pick([null, 'no address']) : `e${employeeId}@acme.example`,
    department: random.pick(DEPARTMENTS),
    location: random.pick(LOCATIONS),
    division: random.chance(0.3) ? null : random.pick(['EMEA', 'APAC', 'Legal']),
    jobTitle: random.pick(['Clerk', 'Lead']),
  };
  const fields = Object.fromEntries(Object.entries(known).filter(() => !random.chance(0.01)));
  const unconfirmed = ['department', 'location', 'workEmail', 'lastName'].filter(() => random.chance(0.03));
  return ada({ employeeId, employment: employmentOf(random), fields, unconfirmed, ...changes });
};
