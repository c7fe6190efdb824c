import { addDays } from './clock.js';
import type { Company } from './company.js';
import { employmentOn, isActive, jobOn, TERMINATED, type Employee } from './employee.js';
import { drawJob, drawName, type AddressBook, type Newcomer } from './generate-company.js';
import { PEOPLES, PREFERRED_NAMES, type Name } from './names.js';
import { DEPARTMENTS, PLACES, SHIRT_SIZES } from './places.js';
import type { Random } from './random.js';

/** What the makers of events work with: one company, on one day. */
export interface Today {
  readonly company: Company;
  readonly random: Random;
  readonly addresses: AddressBook;
  readonly day: string;
  /** Everybody with a record, this morning. */
  readonly people: readonly Employee[];
}

/** What came of it; undefined where there was nobody whom it could happen to. */
export type Happening = { readonly employeeId: number; readonly about: string } | undefined;

const TRIES = 40;

/** Somebody whom it fits. */
const somebody = ({ random, people, company }: Today, fits: (employee: Employee) => boolean): Employee | undefined => {
  for (let attempt = 0; attempt < TRIES && people.length > 0; attempt += 1) {
    const employee = people[random.below(people.length)];
    if (employee && company.find(employee.id) && fits(employee)) return employee;
  }
  return undefined;
};

const hasStarted = ({ hireDate }: Employee, day: string): boolean => hireDate !== null && hireDate <= day;

const works =
  ({ day }: Today) =>
  (employee: Employee): boolean =>
    hasStarted(employee, day) && isActive(employmentOn(employee, day)) && !isEnding(employee);

const isEnding = (employee: Employee): boolean => employmentOn(employee)?.status === TERMINATED;

const hasLeft =
  ({ day }: Today) =>
  (employee: Employee): boolean =>
    employmentOn(employee, day)?.status === TERMINATED && isEnding(employee);

const freeAddress = ({ company, addresses }: Today, newcomer: Newcomer): string => {
  let address = addresses.draw(newcomer);
  while (company.ownerOfWorkEmail(address) !== undefined) address = addresses.draw(newcomer);
  return address;
};

const asName = (written: string): Name => {
  const ascii = written
    .normalize('NFD')
    .replace(/[^a-z]/gi, '')
    .toLowerCase();
  return [written, ascii || 'person'];
};

const addressNamed = ({ firstName, lastName }: Employee): Newcomer => ({
  first: asName(firstName),
  last: asName(lastName),
  preferredName: null,
});

const manager = (today: Today): number | null => somebody(today, works(today))?.id ?? null;

const takeOn = (today: Today, newcomer: Newcomer, workEmail: string | null, hireDate: string): Employee => {
  const { random, company } = today;
  const { place, department, jobTitle } = drawJob(random);
  return company.hire(
    {
      employeeNumber: String(500_000 + random.below(400_000)),
      firstName: newcomer.first[0],
      lastName: newcomer.last[0],
      preferredName: newcomer.preferredName,
      workEmail,
      homeEmail: random.chance(0.5) ? `${newcomer.first[1]}${random.below(100_000)}@mail.example` : null,
      country: place.country,
      state: place.state,
      custom: {
        customCostCentre: `CC-${100 + random.below(40)}`,
        customShirtsize: random.pick([...SHIRT_SIZES, null]),
      },
    },
    { location: place.location, division: place.division, department, jobTitle, managerId: manager(today) },
    hireDate,
    random.pick(['Full-Time', 'Full-Time', 'Full-Time', 'Part-Time', 'Contractor', 'Intern']),
  );
};

/** Somebody starts today, or in some weeks: then often without an address yet. */
export const hire = (today: Today): Happening => {
  const { random, day } = today;
  const newcomer = drawName(random);
  const startsLater = random.chance(0.4);
  const hireDate = startsLater ? addDays(day, 1 + random.below(45)) : day;
  const workEmail = startsLater && random.chance(0.4) ? null : freeAddress(today, newcomer);
  const { id } = takeOn(today, newcomer, workEmail, hireDate);
  return { employeeId: id, about: `from ${hireDate}${workEmail === null ? ', no address yet' : ''}` };
};

/** A row of today; or one dated ahead, or back, as they are entered too. */
const effectiveDay = ({ random, day }: Today, { hireDate }: Employee): string => {
  const die = random.below(10);
  if (die < 6) return day;
  if (die < 9) return addDays(day, 1 + random.below(30));
  const back = addDays(day, -1 - random.below(20));
  return hireDate !== null && back < hireDate ? day : back;
};

/** Another department or place. */
export const move = (today: Today): Happening => {
  const employee = somebody(today, works(today));
  if (!employee) return undefined;
  const { random, company } = today;
  const department = random.pick(DEPARTMENTS);
  const date = effectiveDay(today, employee);
  const place = random.chance(0.2) ? random.pick(PLACES) : undefined;
  const where = place ? { location: place.location, division: place.division } : {};
  company.move(employee.id, { department: department.name, jobTitle: random.pick(department.titles), ...where }, date);
  return { employeeId: employee.id, about: `to ${department.name} from ${date}` };
};

/** Another title in the same department, or another manager. */
export const promote = (today: Today): Happening => {
  const employee = somebody(today, works(today));
  if (!employee) return undefined;
  const { random, company, day } = today;
  const department = DEPARTMENTS.find(({ name }) => name === jobOn(employee, day)?.department);
  const date = effectiveDay(today, employee);
  if (department && random.chance(0.6)) {
    const jobTitle = random.pick(department.titles);
    company.move(employee.id, { jobTitle }, date);
    return { employeeId: employee.id, about: `${jobTitle} from ${date}` };
  }
  const managerId = somebody(today, (other) => works(today)(other) && other.id !== employee.id)?.id ?? null;
  company.move(employee.id, { managerId }, date);
  return { employeeId: employee.id, about: `reports to ${managerId ?? 'nobody'} from ${date}` };
};

/** Another preferred name. */
export const rename = (today: Today): Happening => {
  const employee = somebody(today, works(today));
  if (!employee) return undefined;
  const preferredName = today.random.chance(0.2) ? null : today.random.pick(PREFERRED_NAMES);
  today.company.change(employee.id, { preferredName });
  return { employeeId: employee.id, about: preferredName ?? 'no preferred name' };
};

/** Another surname, and mostly another address. */
export const marry = (today: Today): Happening => {
  const employee = somebody(today, works(today));
  if (!employee) return undefined;
  const { random, company } = today;
  const [last] = random.pick(random.pick(PEOPLES).last);
  const lastName = random.chance(0.25) ? `${employee.lastName}-${last}` : last;
  const keeps = employee.workEmail === null || random.chance(0.15);
  const workEmail = keeps ? employee.workEmail : freeAddress(today, addressNamed({ ...employee, lastName }));
  company.change(employee.id, { lastName, workEmail });
  return { employeeId: employee.id, about: `${lastName}, ${workEmail ?? 'no address'}` };
};

/** The last day is today, ahead, or was the other day. */
export const leave = (today: Today): Happening => {
  const employee = somebody(today, works(today));
  if (!employee) return undefined;
  const { random, company } = today;
  const kinds = ['Termination (Voluntary)', 'Termination (Involuntary)', 'End of contract'] as const;
  const final = employmentOn(employee);
  const wanted = effectiveDay(today, employee);
  const date = final && wanted < final.effectiveFrom ? final.effectiveFrom : wanted;
  company.terminate(employee.id, date, random.pick(kinds));
  return { employeeId: employee.id, about: `last day ${date}` };
};

/** A leaver comes back, with the old address where it is still theirs. */
export const rehire = (today: Today): Happening => {
  const employee = somebody(today, hasLeft(today));
  if (!employee) return undefined;
  const { random, company, day } = today;
  const { department, jobTitle } = drawJob(random);
  company.rehire(employee.id, day, { department, jobTitle, managerId: manager(today) });
  if (employee.workEmail === null)
    company.change(employee.id, { workEmail: freeAddress(today, addressNamed(employee)) });
  return { employeeId: employee.id, about: `again from ${day}` };
};

/** A leaver's address is taken from them and given to somebody new of that name. */
export const recycle = (today: Today): Happening => {
  const leaver = somebody(today, (employee) => hasLeft(today)(employee) && employee.workEmail !== null);
  if (!leaver?.workEmail) return undefined;
  const address = leaver.workEmail;
  today.company.change(leaver.id, { workEmail: null });
  const { id } = takeOn(today, addressNamed(leaver), address, today.day);
  return { employeeId: id, about: `has ${address}, which was employee ${leaver.id}'s` };
};

/** Whoever works without an address gets one. */
export const giveAddress = (today: Today): Happening => {
  const employee = somebody(today, (each) => works(today)(each) && each.workEmail === null);
  if (!employee) return undefined;
  const workEmail = freeAddress(today, addressNamed(employee));
  today.company.change(employee.id, { workEmail });
  return { employeeId: employee.id, about: workEmail };
};

/** A value of the company's own. */
export const correct = (today: Today): Happening => {
  const employee = somebody(today, works(today));
  if (!employee) return undefined;
  const customCostCentre = `CC-${100 + today.random.below(40)}`;
  today.company.change(employee.id, { custom: { customCostCentre } });
  return { employeeId: employee.id, about: customCostCentre };
};

/** Somebody who was to start does not: the record goes. */
export const withdraw = (today: Today): Happening => {
  const employee = somebody(today, ({ hireDate }) => hireDate !== null && hireDate > today.day);
  if (!employee) return undefined;
  today.company.remove(employee.id);
  return { employeeId: employee.id, about: `was to start on ${employee.hireDate ?? ''}` };
};

/** An end that was ahead is called off. */
export const stay = (today: Today): Happening => {
  const { day, company } = today;
  const employee = somebody(
    today,
    (each) => isEnding(each) && isActive(employmentOn(each, day)) && hasStarted(each, day),
  );
  const end = employee && employmentOn(employee);
  if (!employee || !end) return undefined;
  company.edit(employee.id, (record) => {
    record.employments = record.employments.filter(({ id }) => id !== end.id);
  });
  return { employeeId: employee.id, about: `not leaving on ${end.date}` };
};

/** The record of somebody who left long ago is deleted. */
export const forget = (today: Today): Happening => {
  const employee = somebody(today, hasLeft(today));
  if (!employee) return undefined;
  today.company.remove(employee.id);
  return { employeeId: employee.id, about: 'the record is deleted' };
};
