import type { Switches } from './switches.js';

export type ChangeAction = 'Inserted' | 'Updated' | 'Deleted';

export interface Change {
  readonly employeeId: number;
  readonly action: ChangeAction;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The latest change of each employee, those deleted too. */
export class ChangeFeed {
  private readonly changes = new Map<number, Change>();

  constructor(private readonly switches: Switches) {}

  record(employeeId: number, action: ChangeAction, at: number): void {
    this.changes.set(employeeId, { employeeId, action, at });
  }

  actionOf(employeeId: number): ChangeAction | undefined {
    return this.changes.get(employeeId)?.action;
  }

  /** Changes at or after (or only after, by switch) the second of `since`, the oldest first. */
  since(since: number): Change[] {
    const second = Math.floor(since / 1000);
    const first = this.switches.sinceInclusive ? second : second + 1;
    const found = [...this.changes.values()].filter(({ at }) => Math.floor(at / 1000) >= first);
    return found.sort((one, other) => one.at - other.at);
  }
}
