const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Counts of the last `size` slots of `slotMs` each. */
class Window {
  private readonly counts: number[];
  private slot = 0;
  private total = 0;

  constructor(
    private readonly size: number,
    private readonly slotMs: number,
  ) {
    this.counts = Array.from({ length: size }, () => 0);
  }

  used(now: number): number {
    const slot = Math.floor(now / this.slotMs);
    if (slot - this.slot >= this.size) {
      this.counts.fill(0);
      this.total = 0;
      this.slot = slot;
    }
    while (this.slot < slot) {
      this.slot += 1;
      this.total -= this.counts[this.slot % this.size] ?? 0;
      this.counts[this.slot % this.size] = 0;
    }
    return this.total;
  }

  count(): void {
    const index = this.slot % this.size;
    this.counts[index] = (this.counts[index] ?? 0) + 1;
    this.total += 1;
  }
}

export interface BudgetLeft {
  readonly minute: number;
  readonly week: number;
}

/** One portal's allowance of calls: so many a minute (of the calendar, or rolling), so many in a rolling week. */
export class RateBudget {
  private readonly calendarMinute = new Window(1, MINUTE_MS);
  private readonly rollingMinute = new Window(60, 1_000);
  private readonly week = new Window(7 * 24, HOUR_MS);

  /** `null` limits nothing, and then no rate headers are sent. */
  constructor(
    public perMinute: number | null,
    public perWeek: number | null,
  ) {}

  /** Takes one call; `undefined` when none is left. */
  take(now: number, window: 'calendar' | 'rolling'): BudgetLeft | undefined {
    const minute = this.left(this.perMinute, Math.max(0, this.minuteWindow(window).used(now)));
    const week = this.left(this.perWeek, this.week.used(now));
    if (minute <= 0 || week <= 0) return undefined;
    this.count(now);
    return { minute: minute - 1, week: week - 1 };
  }

  /** Milliseconds until a call of this minute is free again. */
  freeIn(now: number): number {
    return MINUTE_MS - (now % MINUTE_MS);
  }

  private minuteWindow(window: 'calendar' | 'rolling'): Window {
    return window === 'rolling' ? this.rollingMinute : this.calendarMinute;
  }

  private count(now: number): void {
    for (const window of [this.calendarMinute, this.rollingMinute, this.week]) {
      window.used(now);
      window.count();
    }
  }

  private left(limit: number | null, used: number): number {
    return limit === null ? Number.MAX_SAFE_INTEGER : limit - used;
  }
}
