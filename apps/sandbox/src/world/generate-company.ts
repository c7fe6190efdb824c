import { addDays, type SandboxClock } from './clock.js';
import type { Company } from './company.js';
import type { Employee } from './employee.js';
import { PEOPLES, PREFERRED_NAMES, type Name } from './names.js';
import { CLOSED_DEPARTMENT, DEPARTMENTS, PLACES, SHIRT_SIZES } from './places.js';
import type { Random } from './random.js';

export interface Newcomer {
  readonly first: Name;
  readonly last: Name;
  readonly preferredName: string | null;
}

export const drawName = (random: Random): Newcomer => {
  const people = random.pick(PEOPLES);
  return {
    first: random.pick(people.first),
    last: random.pick(people.last),
    preferredName: random.chance(0.12) ? random.pick(PREFERRED_NAMES) : null,
  };
};

/** Addresses of one company: the second ada.moss gets a number, so that no two people share one. */
export class AddressBook {
  private readonly taken = new Map<string, number>();

  constructor(private readonly domain: string) {}

  draw({ first, last }: Newcomer): string {
    const name = `${first[1]}.${last[1]}`;
    const count = (this.taken.get(name) ?? 0) + 1;
    this.taken.set(name, count);
    return `${name}${count === 1 ? '' : count}@${this.domain}`;
  }
}

export const drawJob = (random: Random): { place: (typeof PLACES)[number]; department: string; jobTitle: string } => {
  const department = random.pick(DEPARTMENTS);
  return { place: random.pick(PLACES), department: department.name, jobTitle: random.pick(department.titles) };
};

const DAY_MS = 86_400_000;

/** Out of each hundred, so many have left, are leaving, came back, changed jobs or will. */
const drawStory = (random: Random): 'left' | 'leaves' | 'returned' | 'moved' | 'moves' | 'works' => {
  const die = random.below(100);
  if (die < 6) return 'left';
  if (die < 7) return 'leaves';
  if (die < 8) return 'returned';
  if (die < 20) return 'moved';
  return die < 22 ? 'moves' : 'works';
};

const managerOf = (random: Random, staff: readonly Employee[]): number | null => {
  // The first eighth leads the rest, so that the tree is a few levels deep and has no loop.
  const leaders = Math.max(1, Math.floor(staff.length / 8));
  return staff[random.below(Math.min(leaders, staff.length))]?.id ?? null;
};

const liveThrough = (company: Company, employee: Employee, random: Random, today: string): void => {
  const { id } = employee;
  const story = drawStory(random);
  const past = addDays(today, -1 - random.below(300));
  const future = addDays(today, 2 + random.below(40));
  const other = random.pick(DEPARTMENTS);
  const job = { department: other.name, jobTitle: random.pick(other.titles) };
  if (story === 'left') company.terminate(id, past, 'Termination (Involuntary)', past);
  if (story === 'leaves') company.terminate(id, future);
  if (story === 'moved' && id % 3 === 0) company.move(id, { department: CLOSED_DEPARTMENT }, addDays(past, -1));
  if (story === 'moved') company.move(id, job, past);
  if (story === 'moves') company.move(id, job, future);
  if (story === 'returned') {
    company.terminate(id, past, 'Termination (Voluntary)', past);
    company.rehire(id, addDays(past, 1), job);
  }
};

/** A company of so many people, some with a history or a future. The same seed and day give the same company. */
export const generateCompany = (
  company: Company,
  count: number,
  random: Random,
  addresses: AddressBook,
  clock: SandboxClock,
): void => {
  const today = company.today();
  const staff: Employee[] = [];
  for (let index = 0; index < count; index += 1) {
    const newcomer = drawName(random);
    const { place, department, jobTitle } = drawJob(random);
    const startsSoon = random.chance(0.02);
    const hireDate = startsSoon ? addDays(today, 1 + random.below(30)) : addDays(today, -301 - random.below(2_500));
    const address = addresses.draw(newcomer);
    const hasWorkEmail = !random.chance(0.04);
    const home = `${newcomer.first[1]}${1_000 + index}@mail.example`;
    if (random.chance(0.03)) company.skipId();
    const employee = company.hire(
      {
        employeeNumber: random.chance(0.02) ? null : String(100_001 + index),
        firstName: newcomer.first[0],
        lastName: newcomer.last[0],
        preferredName: newcomer.preferredName,
        workEmail: hasWorkEmail ? address : null,
        homeEmail: random.chance(hasWorkEmail ? 0.3 : 0.7) ? home : null,
        country: place.country,
        state: place.state,
        custom: {
          customCostCentre: `CC-${100 + random.below(40)}`,
          customShirtsize: random.pick([...SHIRT_SIZES, null]),
        },
      },
      { location: place.location, division: place.division, department, jobTitle, managerId: managerOf(random, staff) },
      hireDate,
      random.pick(['Full-Time', 'Full-Time', 'Full-Time', 'Part-Time', 'Contractor', 'Intern']),
    );
    if (!startsSoon) liveThrough(company, employee, random, today);
    company.backdate(employee, clock.now() - DAY_MS - random.below(200 * DAY_MS));
    staff.push(employee);
  }
};
