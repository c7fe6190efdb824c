import { normaliseLabel, type LearnUponUser } from '@portico/learnupon-client';
import type { Sql } from '@portico/messaging';
import type { Changes, Operation } from '@portico/provisioning-plan';
import { countLook, loadDoubts, markUnreadable, type Doubt } from '../persistence/doubts.js';
import { holdLane } from '../persistence/lanes.js';
import { saveAccounts } from '../persistence/mirror.js';
import { followAccounts } from '../persistence/read-back.js';
import { loadRealm } from '../persistence/realms.js';
import { partition } from '../persistence/group-by.js';
import { inTransaction, sqlOf } from '@portico/database';
import { todayOf, type LaneContext } from './lane-context.js';
import type { Outcome } from './perform-tasks.js';
import { recordMemberships } from './mirror-after.js';
import { recordEnded } from './record-outcomes.js';

/** A complete list that was read, and whether what it lacks is evidence. */
export interface ListEvidence {
  readonly kind: 'users' | 'invites';
  readonly begunAt: string;
  readonly isCredible: boolean;
}

/** Lists without the effect, after which it did not happen. */
const ENOUGH_LISTS = 2;

const listFor = ({ kind }: Operation): ListEvidence['kind'] | undefined => {
  if (kind === 'create') return 'users';
  return kind === 'invite' || kind === 'cancel-invite' ? 'invites' : undefined;
};

const seen = ({ resultId, operation, isMoot }: Doubt): Outcome | undefined => {
  if (isMoot) return { state: 'absent' };
  if (resultId === null) return undefined;
  return operation.kind === 'cancel-invite' ? { state: 'done' } : { state: 'done', resultId };
};

/** A search for single accounts is a look for those that were created. */
const isLookedFor = ({ operation }: Doubt, list: ListEvidence | undefined): boolean =>
  listFor(operation) === (list?.kind ?? 'users');

const idsOf = (doubts: readonly Doubt[]): number[] => doubts.map(({ attemptId }) => attemptId);

const endDoubts = async (
  sql: Sql,
  context: LaneContext,
  doubts: readonly Doubt[],
  outcomeOf: (doubt: Doubt) => Outcome | undefined,
): Promise<void> => {
  const ended = doubts.flatMap((doubt) => {
    const outcome = outcomeOf(doubt);
    const { operation, attemptId } = doubt;
    return outcome === undefined ? [] : [{ task: { operation, attemptId, subject: doubt, wasInDoubt: true }, outcome }];
  });
  if (ended.length === 0) return;
  const { lease, settings, logger } = context;
  const realm = await loadRealm(sql, lease.tenant, settings.mirrorMaxAgeSeconds, todayOf(context));
  await recordMemberships(sql, context, ended);
  await recordEnded(sql, context, realm, ended);
  const done = ended.filter(({ outcome }) => outcome.state === 'done').length;
  logger.info(
    { tenant: lease.tenant, portal: lease.portal, done, absent: ended.length - done },
    'calls without an answer are settled',
  );
};

/** In the transaction that saved what was read: what shows is done; what two lists lack never happened. */
export const settleFromMirror = async (sql: Sql, context: LaneContext, list?: ListEvidence): Promise<void> => {
  const { lease, settings } = context;
  const doubts = await loadDoubts(sql, lease, settings.settleSeconds, list?.begunAt);
  const without = doubts.filter((doubt) => seen(doubt) === undefined && isLookedFor(doubt, list));
  const [counted, looked] = partition(without, (doubt) => doubt.isSettled && list?.isCredible === true);
  const [absent, stillOpen] = partition(counted, ({ listsWithout }) => listsWithout + 1 >= ENOUGH_LISTS);
  const isAbsent = new Set(absent);
  await endDoubts(
    sql,
    context,
    doubts,
    (doubt) => seen(doubt) ?? (isAbsent.has(doubt) ? { state: 'absent' } : undefined),
  );
  await countLook(sql, lease, idsOf(stillOpen), true);
  await countLook(sql, lease, idsOf(looked), false);
};

const hasChanges = (user: LearnUponUser, { customData = {}, ...fields }: Changes): boolean =>
  Object.entries(fields).every(([name, value]) => user[name as keyof LearnUponUser] === value) &&
  Object.entries(customData).every(([label, value]) => (user.customData[normaliseLabel(label)] ?? null) === value);

/** Whether an account is as an update would have made it. */
const shows = (user: LearnUponUser, operation: Operation): boolean => {
  switch (operation.kind) {
    case 'disable':
      return !user.enabled;
    case 'enable':
      return user.enabled && hasChanges(user, operation.changes);
    case 'update':
      return hasChanges(user, operation.changes);
    default:
      return false;
  }
};

type GroupOperation = Extract<Operation, { readonly groupId: string }>;

interface Look {
  readonly isDone: boolean;
  readonly user?: LearnUponUser;
}

const isUpdate = ({ operation }: Doubt): boolean => 'accountId' in operation;

/** An account by its id, with whether it is as the call would have made it. */
const lookAtAccount = async ({ client }: LaneContext, operation: Operation, accountId: string): Promise<Look> => {
  const user = await client.getUser(accountId);
  return { isDone: user !== undefined && shows(user, operation), ...(user === undefined ? {} : { user }) };
};

const lookAtGroups = async ({ client }: LaneContext, operation: GroupOperation): Promise<Look> => {
  const isIn = (await client.listGroupsOf(operation.accountId)).includes(operation.groupId);
  return { isDone: isIn === (operation.kind === 'join-group') };
};

/** Looks at one account at once, and again when time has passed; then what does not show did not happen. */
const settleUpdate = async (context: LaneContext, doubt: Doubt): Promise<void> => {
  const { orm, lease, settings } = context;
  const { operation } = doubt;
  if (!('accountId' in operation)) return;
  const { isDone, user } =
    'groupId' in operation
      ? await lookAtGroups(context, operation)
      : await lookAtAccount(context, operation, operation.accountId);
  await inTransaction(orm, async (sql) => {
    await holdLane(sql, lease, settings.leaseSeconds);
    if (user !== undefined) await followAccounts(sql, lease, [user.id], await saveAccounts(sql, lease, [user]));
    const outcome: Outcome | undefined = isDone ? { state: 'done' } : doubt.isSettled ? { state: 'absent' } : undefined;
    if (outcome === undefined) await countLook(sql, lease, [doubt.attemptId], false);
    else await endDoubts(sql, context, [doubt], () => outcome);
  });
};

export interface NeededLists {
  readonly users: boolean;
  readonly invites: boolean;
  /** E-mail addresses and user names to look for one by one, instead of the list. */
  readonly creates: readonly Extract<Operation, { kind: 'create' }>[];
}

/**
 * Settles what can be settled now, and says what must be read for the rest: once soon, to see an effect, and again when
 * the settling time is over, to be sure of its absence.
 */
export const settleDoubts = async (context: LaneContext, invitesReadable: boolean): Promise<NeededLists> => {
  const { orm, lease, settings } = context;
  const doubts = await loadDoubts(sqlOf(orm.em.fork()), lease, settings.settleSeconds);
  for (const doubt of doubts) {
    if (isUpdate(doubt) && doubt.isDue) await settleUpdate(context, doubt);
  }
  const listed = doubts.filter((doubt) => !isUpdate(doubt) && doubt.isDue);
  const needs = (kind: ListEvidence['kind']) => listed.filter(({ operation }) => listFor(operation) === kind);
  const invites = needs('invites');
  if (!invitesReadable) {
    await markUnreadable(
      sqlOf(orm.em.fork()),
      lease,
      invites.map(({ employeeId }) => employeeId),
    );
  }
  const users = needs('users');
  return {
    users: users.some(({ isSettled }) => isSettled),
    invites: invitesReadable && invites.length > 0,
    creates: users.flatMap(({ isSettled, operation }) =>
      !isSettled && operation.kind === 'create' ? [operation] : [],
    ),
  };
};
