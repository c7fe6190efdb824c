import type { AccessDecidedV1 } from '@portico/contracts';
import { momentOf } from '@portico/database';
import type { Sql } from '@portico/messaging';
import { heldDecisions, openHolds, type Hold } from './persistence/holds.js';
import { leaveOperationEvent } from './persistence/outbox.js';

const announce = (sql: Sql, { tenant, portal, causeId, kind, people, of, openedAt }: Hold): Promise<void> => {
  const at = momentOf(openedAt);
  return leaveOperationEvent(sql, `hold-opened:${tenant}:${portal}:${causeId}:${openedAt}`, {
    tenant,
    portal,
    event: 'hold.opened',
    at,
    message: `${kind} ${causeId} takes access in ${portal} from up to ${people} of ${of}: what it takes there waits for an approval`,
    details: { causeId, kind, people, of },
  });
};

/** After the cells of these decisions are recorded, in the same transaction: tells of holds that began with them. */
export const announceHolds = async (sql: Sql, decisions: readonly AccessDecidedV1[]): Promise<void> => {
  const held = heldDecisions(decisions);
  if (held.length === 0) return;
  for (const hold of await openHolds(sql, held)) await announce(sql, hold);
};
