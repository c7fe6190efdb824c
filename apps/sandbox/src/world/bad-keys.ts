import type { Switches } from './switches.js';

/** Too many unknown keys, and everybody is refused for a while. */
export class BadKeys {
  private count = 0;
  private lockedUntil = 0;

  constructor(
    private readonly now: () => number,
    private readonly switches: Switches,
  ) {}

  get isLocked(): boolean {
    return this.now() < this.lockedUntil;
  }

  record(): void {
    const { badKeysBeforeLockout, lockoutSeconds } = this.switches;
    this.count += 1;
    if (badKeysBeforeLockout === 0 || this.count < badKeysBeforeLockout) return;
    this.count = 0;
    this.lockedUntil = this.now() + lockoutSeconds * 1_000;
  }

  /** A call with a good key. */
  forgive(): void {
    this.count = 0;
  }
}
