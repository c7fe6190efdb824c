/** What a call is taken to need before the portal has answered one. */
const FIRST_MS = 100;
/** How much the newest call counts. */
const WEIGHT = 1 / 16;

/** How long a portal takes to answer, so that a lane plans no more calls than it has time for. */
export class Tempo {
  private milliseconds = FIRST_MS;

  answeredIn(milliseconds: number): void {
    this.milliseconds += (milliseconds - this.milliseconds) * WEIGHT;
  }

  /** Calls that end within a time when so many are in flight at once; at least those. */
  callsWithin(milliseconds: number, concurrency: number): number {
    return concurrency * Math.max(1, Math.floor(milliseconds / Math.max(1, this.milliseconds)));
  }
}
