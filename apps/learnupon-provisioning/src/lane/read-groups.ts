import { inTransaction, sqlOf } from '@portico/database';
import type { LearnUponGroup } from '@portico/learnupon-client';
import { completeGroups, loadGroupsToRead, saveGroups } from '../persistence/groups.js';
import { holdLane } from '../persistence/lanes.js';
import { loadDueMemberships, saveMembers, settleMemberships } from '../persistence/memberships.js';
import { databaseTime } from '../persistence/read-back.js';
import type { LaneContext } from './lane-context.js';
import { pagesOf } from './pages.js';
import { untilReady } from './until-ready.js';

const readList = async (context: LaneContext): Promise<void> => {
  const { orm, client, lease, settings } = context;
  const groups: LearnUponGroup[] = [];
  for await (const page of pagesOf(context, (number) => client.listGroups(number))) groups.push(...page.groups);
  await inTransaction(orm, async (sql) => {
    await holdLane(sql, lease, settings.leaseSeconds);
    await saveGroups(sql, lease, groups);
  });
};

const readMembers = async (context: LaneContext, groupId: string): Promise<void> => {
  const { orm, client, lease, settings } = context;
  const begunAt = await databaseTime(sqlOf(orm.em.fork()));
  const seen: string[] = [];
  for await (const page of pagesOf(context, (number) => client.listMembers(groupId, number))) {
    seen.push(...page.userIds);
  }
  await inTransaction(orm, async (sql) => {
    await holdLane(sql, lease, settings.leaseSeconds);
    await saveMembers(sql, lease, { groupId, seen, begunAt }, settings.settleSeconds);
  });
};

/** Looks at one account's groups, for what was written there. */
const readGroupsOf = async (context: LaneContext, accountId: string): Promise<void> => {
  const { orm, client, lease, settings } = context;
  const begunAt = await databaseTime(sqlOf(orm.em.fork()));
  await untilReady(context);
  const seen = await client.listGroupsOf(accountId);
  await inTransaction(orm, async (sql) => {
    await holdLane(sql, lease, settings.leaseSeconds);
    await settleMemberships(sql, lease, { accountId, seen, begunAt }, settings.settleSeconds);
  });
};

/**
 * Reads the portal's groups, and the members of those that policy uses.
 * @param onlyUnread the list is recent enough: only groups that policy came to use since
 */
export const readGroups = async (context: LaneContext, onlyUnread: boolean): Promise<void> => {
  const { orm, lease, settings } = context;
  if (!onlyUnread) await readList(context);
  for (const id of await loadGroupsToRead(sqlOf(orm.em.fork()), lease, onlyUnread)) await readMembers(context, id);
  await inTransaction(orm, async (sql) => {
    await holdLane(sql, lease, settings.leaseSeconds);
    await completeGroups(sql, lease, !onlyUnread);
  });
};

/** Reads back what was written: account by account or group by group, whichever is less. Answers whether there was something. */
export const readBackGroups = async (context: LaneContext): Promise<boolean> => {
  const { orm, lease, settings } = context;
  const due = await loadDueMemberships(sqlOf(orm.em.fork()), lease, settings.settleSeconds);
  const { accountIds, groupIds, pages } = due;
  if (accountIds.length <= pages) for (const id of accountIds) await readGroupsOf(context, id);
  else for (const id of groupIds) await readMembers(context, id);
  return accountIds.length > 0;
};
