/** How a portal's calls are spread; it travels with the lane from worker to worker. */
export interface PaceState {
  /** Calls a minute, as far as it is known. */
  readonly limit: number | null;
  /** Calls by the quarter second in which they began: pairs of epoch milliseconds and count. */
  readonly spent: readonly (readonly [number, number])[];
}

const SLOT_MS = 250;
/** A little longer than the minute that LearnUpon counts: its clock sees a call later than ours. */
const WINDOW_MS = 60_000 + SLOT_MS;
const THROTTLED_MS = 5_000;
const MOST_THROTTLED_MS = 60_000;
/** A limit that LearnUpon never named is tried a little higher after a good minute. */
const GROWTH = 1.05;
/** Fewer calls than that went well before a 429: then it says nothing about the limit. */
const LEAST_GUESS = 60;

interface Left {
  readonly value: number;
  readonly at: number;
  readonly expired: number;
}

/**
 * Says how many calls may begin now. In any window of a minute it lets no more begin than the limit, which holds whether
 * LearnUpon counts calendar minutes or rolling ones. The limit is learned: from what a success says is left, or, where
 * nothing is said, from how many calls went well before a 429. While no limit is known there is none.
 */
export class Pace {
  private limit: number | null;
  /** When a limit that LearnUpon did not name was set last. */
  private guessedAt: number | undefined;
  private readonly slots = new Map<number, number>();
  /** Calls that have left the window since the beginning. */
  private expired = 0;
  private inFlight = 0;
  private left: Left | undefined;
  private throttles = 0;
  private pausedUntil = 0;

  constructor(
    private readonly now: () => number,
    state?: PaceState | null,
  ) {
    this.limit = state?.limit ?? null;
    for (const [at, count] of state?.spent ?? []) this.slots.set(at, count);
  }

  /** Calls that may begin now. */
  available(): number {
    if (this.now() < this.pausedUntil) return 0;
    const used = this.used();
    this.grow();
    return Math.max(0, Math.floor(Math.min((this.limit ?? Number.POSITIVE_INFINITY) - used, this.leftNow())));
  }

  /** Milliseconds until a call may begin; 0 when one may begin now. */
  waitMs(): number {
    const now = this.now();
    if (now < this.pausedUntil) return this.pausedUntil - now;
    if (this.available() > 0) return 0;
    const oldest = Math.min(...this.slots.keys());
    const untilExpired = oldest + SLOT_MS + WINDOW_MS - now;
    const untilForgotten = this.left === undefined ? untilExpired : this.left.at + WINDOW_MS - now;
    return Math.max(1, Math.min(untilExpired, untilForgotten) + 1);
  }

  begin(): void {
    const slot = Math.floor(this.now() / SLOT_MS) * SLOT_MS;
    this.slots.set(slot, (this.slots.get(slot) ?? 0) + 1);
    this.inFlight += 1;
    if (this.left !== undefined) this.left = { ...this.left, value: this.left.value - 1 };
  }

  /** A call ended; `remaining` is what LearnUpon says is left of this minute. */
  end(remaining?: number): void {
    this.inFlight -= 1;
    if (remaining === undefined) return;
    this.throttles = 0;
    this.guessedAt = undefined;
    this.limit = Math.max(this.limit ?? 0, remaining + 1);
    this.used();
    // Calls in flight may or may not be counted in what is left.
    this.left = { value: remaining - this.inFlight, at: this.now(), expired: this.expired };
  }

  /** LearnUpon answered 429: somebody else spends too, or the limit was not known. The call itself ends with `end`. */
  throttled(retryAfterMs?: number): void {
    if (this.left === undefined && (this.limit === null || this.guessedAt !== undefined)) {
      this.limit = Math.max(LEAST_GUESS, this.used() - this.inFlight);
      this.guessedAt = this.now();
    }
    this.throttles += 1;
    const pause = retryAfterMs ?? Math.min(MOST_THROTTLED_MS, THROTTLED_MS * 2 ** (this.throttles - 1));
    this.pausedUntil = Math.max(this.pausedUntil, this.now() + pause);
  }

  state(): PaceState {
    this.used();
    return { limit: this.limit, spent: [...this.slots] };
  }

  private grow(): void {
    if (this.limit === null || this.guessedAt === undefined || this.now() - this.guessedAt < WINDOW_MS) return;
    this.limit = Math.ceil(this.limit * GROWTH);
    this.guessedAt = this.now();
    this.throttles = 0;
  }

  private used(): number {
    const oldest = this.now() - WINDOW_MS - SLOT_MS;
    let used = 0;
    for (const [at, count] of this.slots) {
      if (at > oldest) used += count;
      else if (this.slots.delete(at)) this.expired += count;
    }
    return used;
  }

  /** What LearnUpon said is left, less what has begun since, and more what no longer counts. */
  private leftNow(): number {
    if (this.left === undefined || this.now() - this.left.at > WINDOW_MS) return Number.POSITIVE_INFINITY;
    return this.left.value + this.expired - this.left.expired;
  }
}
