/** Days by number, 0 is 1970-01-01. Temporal's answers, at a twentieth of its cost: rules ask for a million of them. */
const { floor } = Math;
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export interface CalendarDay {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
}

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
const daysIn = (year: number, month: number): number =>
  month === 2 && isLeap(year) ? 29 : (MONTH_DAYS[month - 1] ?? 0);

/** The number that some digits of a text stand for; NaN where one of them is no digit. */
const digits = (text: string, from: number, to: number): number => {
  let number = 0;
  for (let at = from; at < to; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
};

/** The parts of a `YYYY-MM-DD` that exists in the calendar; `undefined` for anything else. */
export const parseDay = (text: string): CalendarDay | undefined => {
  if (text.length !== 10 || text.charAt(4) !== '-' || text.charAt(7) !== '-') return undefined;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  return year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)
    ? { year, month, day }
    : undefined;
};

/** @see https://howardhinnant.github.io/date_algorithms.html: years begin in March, so that a leap day is a last day. */
export const toDayNumber = ({ year, month, day }: CalendarDay): number => {
  const y = month <= 2 ? year - 1 : year;
  const era = floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + floor(yearOfEra / 4) - floor(yearOfEra / 100) + dayOfYear - 719_468;
};

const fromDayNumber = (number: number): CalendarDay => {
  const z = number + 719_468;
  const era = floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = floor(
    (dayOfEra - floor(dayOfEra / 1460) + floor(dayOfEra / 36_524) - floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + floor(yearOfEra / 4) - floor(yearOfEra / 100));
  const shifted = floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - floor((153 * shifted + 2) / 5) + 1,
  };
};

const format = ({ year, month, day }: CalendarDay): string | undefined =>
  year < 0 || year > 9999
    ? undefined
    : `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;

/** Whole days from one to the other; `undefined` where one of them is no day. */
export const daysBetween = (from: string, to: string): number | undefined => {
  const [one, other] = [parseDay(from), parseDay(to)];
  return one && other && toDayNumber(other) - toDayNumber(one);
};

/** `undefined` where that is no day of the years 0 to 9999. */
export const shiftDay = (text: string, days: number): string | undefined => {
  const day = parseDay(text);
  return day && format(fromDayNumber(toDayNumber(day) + days));
};

/** The same day some months on, or the last one of its month: a year after 29 February is 28 February. */
export const shiftMonths = (text: string, months: number): string | undefined => {
  const day = parseDay(text);
  if (day === undefined) return undefined;
  const count = day.year * 12 + day.month - 1 + months;
  const year = floor(count / 12);
  const month = count - year * 12 + 1;
  return format({ year, month, day: Math.min(day.day, daysIn(year, month)) });
};

const [FIRST_DAY, LAST_DAY] = ['0000-01-01', '9999-12-31'];

/**
 * The calendar ends with the year 9999, and people write its last day for "never": a day beyond it is that one.
 * @throws RangeError where the text is no day.
 */
export const addDays = (text: string, days: number): string => {
  if (days === 0) return text;
  if (parseDay(text) === undefined) throw new RangeError(`"${text}" is no day`);
  return shiftDay(text, days) ?? (days > 0 ? LAST_DAY : FIRST_DAY);
};
