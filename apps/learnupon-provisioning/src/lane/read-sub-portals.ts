import { inTransaction, sqlOf } from '@portico/database';
import { LearnUponError, type LearnUponPortal } from '@portico/learnupon-client';
import { holdLane } from '../persistence/lanes.js';
import { leaveOperationEvent } from '../persistence/outbox.js';
import { arePortalsDue, markPortalsRead, savePortals } from '../persistence/seen-portals.js';
import type { LaneContext } from './lane-context.js';
import { untilReady } from './until-ready.js';

/** A key that may not list sub-portals is no trouble: what they are is good to know, and not needed. */
const listPortals = async ({ client }: LaneContext): Promise<readonly LearnUponPortal[] | undefined> => {
  try {
    return await client.listPortals();
  } catch (error) {
    if (error instanceof LearnUponError && (error.code === 'forbidden' || error.code === 'not-found')) return undefined;
    throw error;
  }
};

/** Now and then the top-level portal says which sub-portals there are, and how many licences they have left. */
export const readSubPortals = async (context: LaneContext): Promise<void> => {
  const { orm, lease, settings, clock } = context;
  if (!lease.topLevel || !(await arePortalsDue(sqlOf(orm.em.fork()), lease, settings.mirrorMaxAgeSeconds))) return;
  await untilReady(context);
  const portals = await listPortals(context);
  await inTransaction(orm, async (sql) => {
    await holdLane(sql, lease, settings.leaseSeconds);
    await markPortalsRead(sql, lease);
    for (const { subdomain, title } of await savePortals(sql, lease, portals ?? [])) {
      const { tenant, portal } = lease;
      await leaveOperationEvent(sql, `discovered:${tenant}:${subdomain}:${lease.number}`, {
        tenant,
        portal,
        event: 'portal.discovered',
        at: clock.now().toString(),
        message: `${portal} has a sub-portal "${title}" (${subdomain}) that the realm does not name`,
        details: { subdomain, title },
      });
    }
  });
};
