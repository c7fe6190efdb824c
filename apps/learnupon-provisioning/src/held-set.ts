import type { HeldView } from '@portico/contracts';
import { momentOf } from '@portico/database';
import { lastDayOf } from '@portico/provisioning-plan';
import { createHash } from 'node:crypto';
import type { HeldCell } from './persistence/holds.js';

/** By number where ids are numbers, and the same in every database. */
const inOrder = (id: string): string => id.padStart(64, '0') + id;

export const isAfter = (id: string, other: string): boolean => inOrder(id) > inOrder(other);

/** As the plan takes it once it is approved. */
const takingOf = (cell: HeldCell, today: string): Omit<HeldView, 'employeeId' | 'since'> => {
  const { leaving, expiresOn, accountId, inviteId } = cell;
  if (accountId === null) return { takes: 'cancel-invite', ...(inviteId === null ? {} : { inviteId }) };
  const lastDay = lastDayOf({ today }, { leaving, ...(expiresOn === null ? {} : { expiresOn }) });
  return lastDay === undefined ? { takes: 'disable', accountId } : { takes: 'expire', accountId, expiresOn: lastDay };
};

/** What would be done to whom, in the order of their ids. */
export const heldViews = (cells: readonly HeldCell[], today: string): HeldView[] =>
  cells
    .map((cell) => ({ cell, place: inOrder(cell.employeeId) }))
    .sort((one, other) => (one.place > other.place ? 1 : -1))
    .map(({ cell }) => ({ employeeId: cell.employeeId, ...takingOf(cell, today), since: momentOf(cell.since) }));

const lineOf = ({ employeeId, takes, expiresOn, accountId, inviteId }: HeldView): string =>
  JSON.stringify([employeeId, takes, expiresOn, accountId, inviteId]);

/** Of exactly these people and what would be done to them, in whatever order they come. */
export const digestOf = (held: readonly HeldView[]): string => {
  // By code units, which no locale and no collation changes.
  const lines = held.map(lineOf).sort((one, other) => (one < other ? -1 : 1));
  return `sha256:${createHash('sha256').update(lines.join('\n')).digest('hex')}`;
};
