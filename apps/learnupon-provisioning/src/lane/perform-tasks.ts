import { LearnUponError, type LearnUponClient, type LearnUponUser } from '@portico/learnupon-client';
import type { ReasonCode } from '@portico/contracts';
import type { Operation } from '@portico/provisioning-plan';
import type { LaneContext } from './lane-context.js';
import type { Task } from './plan-cells.js';
import { troubleOf, type Trouble } from './trouble.js';

export type Outcome =
  | {
      readonly state: 'done';
      readonly resultId?: string;
      /** It was so before: nothing was changed. */
      readonly wasSo?: boolean;
    }
  | {
      readonly state: 'refused';
      readonly reason: ReasonCode;
      readonly detail: string;
      /** The mirror that it shows to be stale. */
      readonly stale?: Stale;
    }
  /** Never sent, or certainly without effect: it is planned again. */
  | { readonly state: 'unsent' }
  /** It may have happened. */
  | { readonly state: 'doubt'; readonly detail: string }
  /** Was in doubt, and did not happen. */
  | { readonly state: 'absent' }
  /** What a check by id found; nothing where the account is gone. */
  | { readonly state: 'checked'; readonly user: LearnUponUser | undefined };

export interface EndedTask {
  readonly task: Task;
  readonly outcome: Outcome;
}

export interface Performed {
  readonly ended: readonly EndedTask[];
  /** Why the lane has to stop, if it has to. */
  readonly trouble: Trouble | undefined;
}

const MARGIN_MS = 250;
/** Failures in a row after which the portal is left alone for a while. */
const MOST_FAILURES = 3;

/** The refusals that concern one person; all others concern the portal. */
const REFUSALS: Partial<Record<LearnUponError['code'], ReasonCode>> = {
  'exists-in-realm': 'refused-exists',
  // In this very portal, though the mirror does not show it.
  exists: 'refused-other',
  'duplicate-invite': 'refused-duplicate-invite',
  'top-level-admin': 'top-level-admin',
  'licences-full': 'licences-full',
  invalid: 'refused-invalid',
  refused: 'refused-other',
  'not-found': 'refused-other',
};

type Stale = 'users' | 'invites' | 'groups';

/** LearnUpon knows something that the mirror does not show. */
const STALE: Partial<Record<LearnUponError['code'], Stale>> = {
  exists: 'users',
  'not-found': 'users',
  'duplicate-invite': 'invites',
};

const call = async (client: LearnUponClient, operation: Operation, password: () => string): Promise<Outcome> => {
  switch (operation.kind) {
    case 'create': {
      const { kind: _, identifier: __, signIn, ...user } = operation;
      const first = signIn === 'password' ? { changePasswordOnFirstLogin: true } : {};
      const { id } = await client.createUser({ ...user, ...first, password: password() });
      return { state: 'done', resultId: id };
    }
    case 'invite': {
      const { kind: _, ...invite } = operation;
      const { id } = await client.createInvite(invite);
      return { state: 'done', resultId: id };
    }
    case 'update':
      await client.updateUser(operation.accountId, operation.changes);
      return { state: 'done' };
    case 'enable':
      await client.updateUser(operation.accountId, { ...operation.changes, enabled: true });
      return { state: 'done' };
    case 'disable':
      await client.updateUser(operation.accountId, { enabled: false });
      return { state: 'done' };
    case 'join-group': {
      const wasSo = (await client.joinGroup(operation.groupId, operation.accountId)) === 'already';
      return { state: 'done', ...(wasSo ? { wasSo } : {}) };
    }
    case 'leave-group':
      await client.leaveGroup(operation.groupId, operation.accountId);
      return { state: 'done' };
    case 'cancel-invite':
      await client.cancelInvite(operation.inviteId);
      return { state: 'done' };
    case 'check':
      return { state: 'checked', user: await client.getUser(operation.accountId) };
  }
};

const staleBy = ({ code }: LearnUponError, operation: Operation): Stale | undefined => {
  // Its person was faster, and has an account.
  if (operation.kind === 'cancel-invite') return 'invites';
  const stale = STALE[code];
  return stale !== undefined && 'groupId' in operation ? 'groups' : stale;
};

const outcomeOf = (error: LearnUponError, operation: Operation): Outcome => {
  if (error.mayHaveHappened) return { state: 'doubt', detail: error.message };
  const reason = REFUSALS[error.code];
  if (reason === undefined) return { state: 'unsent' };
  const stale = staleBy(error, operation);
  return { state: 'refused', reason, detail: error.message, ...(stale === undefined ? {} : { stale }) };
};

/**
 * Makes the calls of a batch, some at once. No call begins that could outlast the lease, and none after one that showed
 * that the portal is in trouble; those are handed back unsent.
 */
export const performTasks = async (
  context: LaneContext,
  tasks: readonly Task[],
  leaseEndsAt: number,
): Promise<Performed> => {
  const { client, lease, settings, signal, newPassword } = context;
  const ended: EndedTask[] = [];
  let next = 0;
  let failures = 0;
  let trouble: Trouble | undefined;

  const mayBegin = (): boolean => {
    const timeLeft = leaseEndsAt - performance.now();
    return trouble === undefined && !signal.aborted && timeLeft > settings.callTimeoutSeconds * 1_000 + MARGIN_MS;
  };
  const perform = async (task: Task): Promise<Outcome> => {
    try {
      const outcome = await call(client, task.operation, newPassword);
      failures = 0;
      return outcome;
    } catch (error) {
      if (!(error instanceof LearnUponError)) throw error;
      const found = troubleOf(error, lease);
      if (found === undefined) failures = 0;
      else if (found.kind !== 'unreachable' || ++failures >= MOST_FAILURES) trouble ??= found;
      return outcomeOf(error, task.operation);
    }
  };
  const work = async (): Promise<void> => {
    for (let task = tasks[next++]; task !== undefined; task = tasks[next++]) {
      ended.push({ task, outcome: mayBegin() ? await perform(task) : { state: 'unsent' } });
    }
  };

  await Promise.all(Array.from({ length: Math.min(settings.concurrency, tasks.length) }, work));
  return { ended, trouble };
};
