/** How often a target was called, and how it went. `byCall` has keys such as `GET /users`. */
export interface CallCounts {
  reads: number;
  writes: number;
  /** Answered 429 or 503, by the budget or a fault. */
  throttled: number;
  /** Any other answer from 400 on. */
  refused: number;
  /** Connections dropped by a fault, before or after the effect. */
  dropped: number;
  byCall: Record<string, number>;
}

const emptyCounts = (): CallCounts => ({ reads: 0, writes: 0, throttled: 0, refused: 0, dropped: 0, byCall: {} });

/** Counts of calls: of BambooHR, and of each portal. */
export class CallLog {
  private readonly counts = new Map<string, CallCounts>();

  of(target: string): CallCounts {
    const known = this.counts.get(target);
    if (known) return known;
    const counts = emptyCounts();
    this.counts.set(target, counts);
    return counts;
  }

  record(target: string, method: string, pattern: string, status: number | 'dropped'): void {
    const counts = this.of(target);
    // A report is asked for by POST and writes nothing.
    if (method === 'GET' || method === 'HEAD' || pattern.startsWith('/reports')) counts.reads += 1;
    else counts.writes += 1;
    const call = `${method} ${pattern}`;
    counts.byCall[call] = (counts.byCall[call] ?? 0) + 1;
    if (status === 'dropped') counts.dropped += 1;
    else if (status === 429 || status === 503) counts.throttled += 1;
    else if (status >= 400) counts.refused += 1;
  }

  clear(): void {
    this.counts.clear();
  }
}
