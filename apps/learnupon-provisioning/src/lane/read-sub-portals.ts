import { inTransaction, sqlOf } from '@portico/database';
import { LearnUponError, type LearnUponPortal } from '@portico/learnupon-client';
import { holdLane } from '../persistence/lanes.js';
import { leaveOperationEvent } from '../persistence/outbox.js';
import { arePortalsDue, markPortalsRead, savePortals } from '../persistence/seen-portals.js';
import type { LaneContext } from './lane-context.js';
import { untilReady } from './until-ready.js';

/** These concern every call of the portal. */
const isEveryCalls = ({ code }: LearnUponError): boolean => code === 'unauthorised' || code === 'rate-limited';

/** What sub-portals there are is good to know, and not needed: where it can't be read, nothing else waits for it. */
const listPortals = async ({ client, lease, logger }: LaneContext): Promise<readonly LearnUponPortal[] | undefined> => {
  try {
    return await client.listPortals();
  } catch (error) {
    if (!(error instanceof LearnUponError) || isEveryCalls(error)) throw error;
    const { tenant, portal } = lease;
    logger.warn({ tenant, portal, code: error.code }, 'the sub-portals could not be listed');
    return undefined;
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
    if (portals === undefined) return;
    for (const { subdomain, title } of await savePortals(sql, lease, portals)) {
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
