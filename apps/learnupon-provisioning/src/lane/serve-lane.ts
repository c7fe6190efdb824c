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
import { isAsLeased, isLaneWaiting } from '../persistence/lanes.js';
import { goOnWatching } from '../persistence/watch.js';
import { announceConvergence } from '../persistence/convergence.js';
import { todayOf, type LaneContext } from './lane-context.js';
import { readBackGroups, readGroups } from './read-groups.js';
import { findAccounts, readAccounts, readInvites, readUsers } from './read-portal.js';
import { readSubPortals } from './read-sub-portals.js';
import { settleDoubts } from './settle-doubts.js';
import type { Trouble } from './trouble.js';
import { mostCells, workOff, type TurnTime } from './work-off.js';

/** After which the next lane has its turn: short, so that somebody's one cell does not wait behind somebody's million. */
const TURN_MS = 500;
/** How long a turn is at most where no lane waits: what it came to is seen by others at its end. */
const LONGEST_TURN_MS = 5_000;
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

/** A turn goes on for as long as its portal is configured as it was, and no other lane waits for its own. */
const turnTime = ({ orm, lease, pools, signal }: LaneContext): TurnTime => {
  const sql = sqlOf(orm.em.fork());
  const begunAt = performance.now();
  const isOwn = async (spentMs: number): Promise<boolean> =>
    !signal.aborted && (await isAsLeased(sql, lease)) && (spentMs < TURN_MS || !(await isLaneWaiting(sql, pools)));
  return {
    mayPlan: async (aheadMs = 0) => {
      const spentMs = performance.now() - begunAt + aheadMs;
      return spentMs < LONGEST_TURN_MS && isOwn(spentMs);
    },
    mayCall: () => isOwn(performance.now() - begunAt),
  };
};

/**
 * One turn of a lane: reads what is due, and plans, calls and records until there is nothing left, the pace is used up, the
 * portal is in trouble, or it is another lane's turn.
 */
export const serveLane = async (context: LaneContext): Promise<Turn> => {
  const { orm, lease, settings, pace } = context;
  const sql = sqlOf(orm.em.fork());
  const turn = turnTime(context);
  if (lease.failures > 0 || lease.quarantine !== null) await context.client.findUser(NOBODY);
  if (lease.mode === 'off') return lookOn(context);
  await dirtyExpired(sql, lease, todayOf(context));
  await readSubPortals(context);

  while (await turn.mayPlan()) {
    await readWhatIsDue(context);
    const limit = mostCells(context);
    if (limit < 1) return { dueInMs: 0, pauseMs: pace.waitMs() };
    const { planned, trouble } = await workOff(context, limit, turn);
    if (trouble !== undefined) return { dueInMs: 0, pauseMs: 0, trouble };
    if (planned > 0 || (await readBack(context))) continue;
    await announceConvergence(context);
    return { dueInMs: await nextDueMs(sql, lease, settings), pauseMs: 0 };
  }
  return { dueInMs: 0, pauseMs: 0 };
};
