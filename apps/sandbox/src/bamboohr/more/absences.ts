import { addDays } from '../../world/clock.js';
import { employmentOn, isActive, type Employee } from '../../world/employee.js';

/** A holiday that somebody asked for. */
export interface Absence {
  readonly id: number;
  readonly employee: Employee;
  readonly start: string;
  readonly end: string;
  readonly typeId: number;
  readonly status: 'approved' | 'requested' | 'denied';
}

export const VACATION = {
  id: 78,
  name: 'Vacation',
  units: 'days',
  color: '56afdd',
  icon: 'airplane',
  source: 'internal',
};
export const SICKNESS = { id: 79, name: 'Sick', units: 'days', color: 'd47f53', icon: 'medical', source: 'internal' };
export const TIME_OFF_TYPES = [VACATION, SICKNESS];

const LENGTH_DAYS = 5;

const statusOf = (id: number): Absence['status'] => {
  if (id % 10 === 0) return 'requested';
  return id % 23 === 0 ? 'denied' : 'approved';
};

/** Everybody takes a week a year, at a time of their own: made up from the employee's number. */
const absenceIn = (employee: Employee, year: number): Absence => {
  const { id } = employee;
  const start = addDays(`${year}-01-01`, (id * 37) % 355);
  const typeId = id % 5 === 0 ? SICKNESS.id : VACATION.id;
  return {
    id: id * 100 + (year % 100),
    employee,
    start,
    end: addDays(start, LENGTH_DAYS - 1),
    typeId,
    status: statusOf(id),
  };
};

const yearOf = (day: string): number => Number(day.slice(0, 4));

/** Of those employed at the time, from five years ago to the end of next year. */
export const absencesBetween = (
  employees: Iterable<Employee>,
  start: string,
  end: string,
  today: string,
): readonly Absence[] => {
  const first = Math.max(yearOf(start) - 1, yearOf(today) - 5);
  const last = Math.min(yearOf(end), yearOf(today) + 1);
  const found: Absence[] = [];
  for (const employee of employees) {
    for (let year = first; year <= last; year += 1) {
      const absence = absenceIn(employee, year);
      const isEmployed = employee.hireDate !== null && employee.hireDate <= absence.start;
      const overlaps = absence.start <= end && absence.end >= start;
      if (overlaps && isEmployed && isActive(employmentOn(employee, absence.start))) found.push(absence);
    }
  }
  return found.sort((one, other) => (one.start === other.start ? one.id - other.id : one.start < other.start ? -1 : 1));
};
