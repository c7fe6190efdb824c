/** The sandbox's clock: it runs with the real one, ahead of it by what it was moved. */
export class SandboxClock {
  private offsetMs = 0;
  private heldAt: number | undefined;
  private readonly listeners: (() => void)[] = [];
  private readonly days = new Map<string, { day: string; from: number; until: number }>();

  constructor(startsAt?: string) {
    if (startsAt !== undefined) this.set(Temporal.Instant.from(startsAt).epochMilliseconds);
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.heldAt ?? Date.now() + this.offsetMs;
  }

  /** Time stands still while the work is done, so that how fast it is done leaves no trace in what it makes. */
  hold<Made>(work: () => Made): Made {
    if (this.heldAt !== undefined) return work();
    this.heldAt = this.now();
    try {
      return work();
    } finally {
      const now = this.heldAt;
      this.heldAt = undefined;
      this.set(now);
    }
  }

  private set(epochMs: number): void {
    if (this.heldAt === undefined) this.offsetMs = epochMs - Date.now();
    else this.heldAt = epochMs;
  }

  /** The day (YYYY-MM-DD) in an IANA time zone. */
  today(timeZone: string): string {
    const now = this.now();
    const known = this.days.get(timeZone);
    if (known && now >= known.from && now < known.until) return known.day;
    const date = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timeZone).toPlainDate();
    const startOf = (day: Temporal.PlainDate): number => day.toZonedDateTime(timeZone).epochMilliseconds;
    const entry = { day: date.toString(), from: startOf(date), until: startOf(date.add({ days: 1 })) };
    this.days.set(timeZone, entry);
    return entry.day;
  }

  /** @throws RangeError when the instant is before now: what happened can't be undone by the clock. */
  moveTo(instant: Temporal.Instant): void {
    if (instant.epochMilliseconds < this.now())
      throw new RangeError('the clock only goes forward: give an instant after its "now"');
    this.set(instant.epochMilliseconds);
    for (const listener of this.listeners) listener();
  }

  /** Told whenever the clock is moved. */
  onMoved(listener: () => void): void {
    this.listeners.push(listener);
  }
}

/** `2026-11-02T10:00:00+00:00`, as BambooHR writes a moment. */
export const offsetTimestamp = (epochMs: number): string => `${new Date(epochMs).toISOString().slice(0, 19)}+00:00`;

/** `2026-11-02T10:00:00Z`, as LearnUpon writes a moment. */
export const zuluTimestamp = (epochMs: number): string => `${new Date(epochMs).toISOString().slice(0, 19)}Z`;

export const addDays = (day: string, days: number): string => Temporal.PlainDate.from(day).add({ days }).toString();
