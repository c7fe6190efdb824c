import {
  countUserPages,
  loadAcceptedAddresses,
  loadLaneState,
  loadToReadBack,
  dirtyExpired,
  nextDueMs,
  usersDueMs,
} from '../persistence/lane-state.js';
import { sqlOf } from '@portico/database';
import { goOnWatching, watchPortals } from '../persistence/watch.js';
import { announceConvergence } from '../persistence/convergence.js';
import { todayOf, type LaneContext } from './lane-context.js';
import { readBackGroups, readGroups } from './read-groups.js';
import { observeSwitch } from './observe-switch.js';
import { performTasks } from './perform-tasks.js';
import { planCells } from './plan-cells.js';
import { findAccounts, readAccounts, readInvites, readUsers } from './read-portal.js';
import { readSubPortals } from './read-sub-portals.js';
import { recordOutcomes } from './record-outcomes.js';
import { settleDoubts } from './settle-doubts.js';
import type { Trouble } from './trouble.js';

/** Cells that are planned, called and recorded together. */
const BATCH = 256;
/** After which the next lane has its turn: short, so that somebody's one cell does not wait behind somebody's million. */
const TURN_MS = 500;
/** No address of anybody: it costs one small answer to see whether the portal is there again. */
const NOBODY = { email: 'nobody@portico.invalid' };

export interface Turn {
  /** Milliseconds until there is something to do again, without new work. */
  readonly dueInMs: number;
  /** Milliseconds until a call may begin. */
  readonly pauseMs: number;
  readonly trouble?: Trouble;
}

/** Whatever must be known of the portal before the next cells are planned. */
const readWhatIsDue = async (context: LaneContext): Promise<void> => {
  const { orm, lease, settings } = context;
  const sql = sqlOf(orm.em.fork());
  const state = await loadLaneState(sql, lease, settings);
  const none = { users: false, invites: false, creates: [] };
  const needed = state.hasDoubts ? await settleDoubts(context, state.invitesReadable) : none;
  const isListShorter = needed.creates.length > 0 && needed.creates.length > (await countUserPages(sql, lease));
  if (state.areUsersStale || needed.users || isListShorter) await readUsers(context);
  else if (needed.creates.length > 0) await findAccounts(context, needed.creates);
  if (state.areInvitesStale || needed.invites) await lookAtInvites(context);
  if (state.areGroupsStale || state.areMembersUnread) await readGroups(context, !state.areGroupsStale);
};

const lookAtInvites = async (context: LaneContext): Promise<void> => {
  await readInvites(context);
  await findAccepted(context);
};

/** An accepted invite is an account that no list of this portal has shown yet. */
const findAccepted = async (context: LaneContext): Promise<void> => {
  const { orm, lease } = context;
  const sql = sqlOf(orm.em.fork());
  const addresses = await loadAcceptedAddresses(sql, lease);
  if (addresses.length === 0) return;
  if (addresses.length > (await countUserPages(sql, lease))) return readUsers(context);
  const wanted = addresses.map((email) => ({ identifier: 'email' as const, email, username: null }));
  return findAccounts(context, wanted);
};

/** Reads back what was written: account by account or as pages, whichever is less. Answers whether there was something. */
const readBack = async (context: LaneContext): Promise<boolean> => {
  const { orm, lease, settings } = context;
  const sql = sqlOf(orm.em.fork());
  const { accountIds, invites } = await loadToReadBack(sql, lease, settings.settleSeconds);
  if (accountIds.length > 0) {
    await (accountIds.length <= (await countUserPages(sql, lease))
      ? readAccounts(context, accountIds)
      : readUsers(context));
  }
  if (invites) await lookAtInvites(context);
  const groups = await readBackGroups(context);
  return accountIds.length > 0 || invites || groups;
};

/** A portal that is off: who is there is read, for as long as somebody's leaving elsewhere hangs on it. */
const lookOn = async (context: LaneContext): Promise<Turn> => {
  const { orm, lease, settings } = context;
  const sql = sqlOf(orm.em.fork());
  if (!(await goOnWatching(sql, lease))) return { dueInMs: settings.mirrorMaxAgeSeconds * 1_000, pauseMs: 0 };
  const { areUsersStale } = await loadLaneState(sql, lease, settings);
  if (areUsersStale) await readUsers(context);
  return { dueInMs: await usersDueMs(sql, lease, settings), pauseMs: 0 };
};

/**
 * One turn of a lane: reads what is due, and plans, calls and records batch after batch until there is nothing left, the
 * pace is used up, the portal is in trouble, or it is another lane's turn.
 */
export const serveLane = async (context: LaneContext): Promise<Turn> => {
  const { orm, lease, settings, pace, signal } = context;
  const sql = sqlOf(orm.em.fork());
  const endsAt = performance.now() + TURN_MS;
  if (lease.failures > 0 || lease.quarantine !== null) await context.client.findUser(NOBODY);
  if (lease.mode === 'off') return lookOn(context);
  await dirtyExpired(sql, lease, todayOf(context));
  await readSubPortals(context);

  while (!signal.aborted && performance.now() < endsAt) {
    await readWhatIsDue(context);
    const allowed = lease.mode === 'observe' ? BATCH : Math.min(BATCH, pace.available());
    if (allowed < 1) return { dueInMs: 0, pauseMs: pace.waitMs() };

    // What is left of the lease is counted from before it is renewed: rather too short than too long.
    const leaseEndsAt = performance.now() + settings.leaseSeconds * 1_000;
    const { planned, tasks, realm, toWatch } = await planCells(context, allowed);
    await watchPortals(sql, lease.tenant, toWatch);
    if (tasks.length > 0) {
      const { ended, trouble } = await performTasks(context, tasks, leaseEndsAt);
      await recordOutcomes(context, realm, ended);
      await observeSwitch(context, ended);
      if (trouble !== undefined) return { dueInMs: 0, pauseMs: 0, trouble };
    }
    if (planned > 0 || (await readBack(context))) continue;
    await announceConvergence(context);
    return { dueInMs: await nextDueMs(sql, lease, settings), pauseMs: 0 };
  }
  return { dueInMs: 0, pauseMs: 0 };
};
