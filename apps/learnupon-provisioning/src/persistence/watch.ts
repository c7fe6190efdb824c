import type { Sql } from '@portico/messaging';
import { wakeLanes, type LaneLease } from './lanes.js';

/**
 * Asks for reads of portals that are off, because somebody's leaving elsewhere hangs on who is there. In no transaction
 * with other work: whoever has that lane may wait for the very cells that another one holds.
 */
export const watchPortals = async (sql: Sql, tenant: string, portals: readonly string[]): Promise<void> => {
  if (portals.length === 0) return;
  const rows = await sql<{ portal: string }>(
    `update lane set watched = true from realm
     where lane.tenant = $1 and realm.tenant = $1 and realm.active and lane.portal = any($2::text[])
       and not lane.active and not lane.watched
     returning lane.portal`,
    [tenant, portals],
  );
  await wakeLanes(
    sql,
    rows.map(() => tenant),
    rows.map(({ portal }) => portal),
  );
};

/** Ends the watch when nobody hangs on this portal any more. Answers whether it goes on. */
export const goOnWatching = async (sql: Sql, { tenant, portal, number }: LaneLease): Promise<boolean> => {
  const ended = await sql(
    `update lane set watched = false
     where tenant = $1 and portal = $2 and lease_number = $3
       and not exists (select 1 from cell where cell.tenant = $1 and cell.blocked_portal = $2)
     returning 1`,
    [tenant, portal, number],
  );
  return ended.length === 0;
};
