import type { Employee } from '../world/employee.js';
import type { Snapshot } from './snapshot.js';

/** Follows from the number of the employee: nobody writes it here. Null for some. */
export const birthDateOf = ({ id }: Employee): string | null => {
  if (id % 11 === 0) return null;
  const day = Temporal.PlainDate.from('1962-01-01').add({ days: (id * 7919) % 15_000 });
  return day.toString();
};

/** In full years on the company's day; an integer that get-employee writes as a text. */
export const ageOf = ({ company, employee }: Snapshot): string | null => {
  const born = birthDateOf(employee);
  if (born === null) return null;
  const [year, rest] = [Number(born.slice(0, 4)), born.slice(5)];
  const today = company.today();
  return String(Number(today.slice(0, 4)) - year - (today.slice(5) < rest ? 1 : 0));
};

/** An amount and its currency: `11.00 USD`. */
export const payRateOf = ({ id }: Employee): string => `${11 + (id % 60)}.00 USD`;

export const payScheduleOf = ({ id }: Employee): string => String(18_346 + (id % 2));
