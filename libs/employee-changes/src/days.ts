const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * A day as evidence: `null` is known to be empty, `undefined` is unknown. What is no day of the calendar is unknown.
 */
export const dayOf = (value: string | null | undefined): string | null | undefined => {
  if (value === null || value === undefined) return value;
  return isDay(value) ? value : undefined;
};

const isDay = (value: string): boolean => {
  if (!DAY.test(value)) return false;
  try {
    Temporal.PlainDate.from(value, { overflow: 'reject' });
    return true;
  } catch {
    return false;
  }
};

/** The day after, `YYYY-MM-DD`. */
export const nextDay = (day: string): string => Temporal.PlainDate.from(day).add({ days: 1 }).toString();
