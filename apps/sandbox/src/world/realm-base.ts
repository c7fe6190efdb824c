import type { SandboxClock } from './clock.js';
import type { Mailbox } from './mailbox.js';
import type { PeopleIndex } from './people-index.js';
import type { Portal } from './portal.js';
import type { Random } from './random.js';
import type { Person } from './records.js';
import type { Switches } from './switches.js';

/** What every part of a realm stands on. */
export interface RealmBase {
  readonly clock: SandboxClock;
  readonly random: Random;
  readonly switches: Switches;
  readonly people: PeopleIndex;
  readonly mailbox: Mailbox;
  /** The top-level portal first, or wherever it was named; sub-portals come and go. */
  readonly portals: Portal[];
  readonly topLevel: Portal;
}

/** Numbers from `first` on, each once. */
export const counter = (first: number): (() => number) => {
  let next = first;
  return () => next++;
};

export const isTopLevelAdmin = ({ topLevel }: RealmBase, person: Person): boolean =>
  person.accounts.get(topLevel)?.userType === 'admin';

/** Whether a list shows by now what came about at a moment. */
export const isListed = ({ clock, switches }: RealmBase, createdAt: number): boolean =>
  switches.listLagSeconds === 0 || createdAt <= clock.now() - switches.listLagSeconds * 1_000;
