/** So many calls a minute and key, which drain evenly. Numbers of the real service are unpublished. */
export class LeakyBucket {
  private readonly levels = new Map<string, { level: number; at: number }>();

  constructor(private readonly now: () => number) {}

  /** @returns whole seconds until the next call is let through, or 0 when this one is */
  take(key: string, perMinute: number): number {
    if (perMinute === 0) return 0;
    const now = this.now();
    const known = this.levels.get(key) ?? { level: 0, at: now };
    const level = Math.max(0, known.level - ((now - known.at) * perMinute) / 60_000);
    if (level + 1 > perMinute) {
      this.levels.set(key, { level, at: now });
      return Math.max(1, Math.ceil(((level + 1 - perMinute) * 60) / perMinute));
    }
    this.levels.set(key, { level: level + 1, at: now });
    return 0;
  }
}
