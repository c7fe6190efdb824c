/** Time of the business: days, due dates, revisions. Leases and timeouts use the real clock. */
export interface Clock {
  now(): Temporal.Instant;
  /** The day in an IANA time zone. */
  today(timeZone: string): Temporal.PlainDate;
}

/** Injection token of the `Clock`. */
export const CLOCK = Symbol('Clock');

const clockFrom = (now: () => Temporal.Instant): Clock => ({
  now,
  today: (timeZone) => now().toZonedDateTimeISO(timeZone).toPlainDate(),
});

export const systemClock: Clock = clockFrom(() => Temporal.Now.instant());

/** A clock for tests: it stands still until it is moved. */
export interface FixedClock extends Clock {
  set(instant: string | Temporal.Instant): void;
  advance(duration: Temporal.DurationLike | string): void;
}

export const fixedClock = (instant: string | Temporal.Instant): FixedClock => {
  let current = Temporal.Instant.from(instant);
  return {
    ...clockFrom(() => current),
    set: (next) => {
      current = Temporal.Instant.from(next);
    },
    // An Instant knows no days; in UTC each has 24 hours.
    advance: (duration) => {
      current = current.toZonedDateTimeISO('UTC').add(duration).toInstant();
    },
  };
};

/** The system's clock, moved by an offset that may change at any moment. */
export const offsetClock = (offsetMs: () => number): Clock =>
  clockFrom(() => Temporal.Now.instant().add({ milliseconds: offsetMs() }));
