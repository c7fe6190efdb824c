const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** `undefined` for what is no day of the calendar. */
export const dayOf = (text: string): Temporal.PlainDate | undefined => {
  try {
    return DAY.test(text) ? Temporal.PlainDate.from(text, { overflow: 'reject' }) : undefined;
  } catch {
    return undefined;
  }
};

/** The last millisecond of a day in a time zone. */
export const endOfDay = (day: Temporal.PlainDate, timeZone: string): Temporal.Instant =>
  day.add({ days: 1 }).toZonedDateTime(timeZone).toInstant().subtract({ milliseconds: 1 });

/** A moment as it is written in RFC 3339; `undefined` for anything else. */
export const instantOf = (text: string): Temporal.Instant | undefined => {
  try {
    return Temporal.Instant.from(text);
  } catch {
    return undefined;
  }
};
