import type { LearnerEventName, ReasonCode } from '@portico/contracts';
import { normaliseLabel, type LearnUponUser } from '@portico/learnupon-client';
import type { Sql } from '@portico/messaging';
import { refusalKey, type Operation, type Realm } from '@portico/provisioning-plan';
import { endAttempts, type EndedAttempt } from '../persistence/attempts.js';
import { saveCellOutcomes, type CellOutcome } from '../persistence/cell-outcomes.js';
import { countEffects } from '../persistence/effects.js';
import { holdLane, noteOnLane } from '../persistence/lanes.js';
import {
  changeAccounts,
  forgetAccounts,
  markCancelled,
  saveAccounts,
  saveInvites,
  type AccountChange,
  type MirroredAccount,
  type MirroredInvite,
} from '../persistence/mirror.js';
import { leaveLearnerEvents, type LearnerEventRow } from '../persistence/outbox.js';
import { dirtyClaimants, dirtyGuests } from '../persistence/plans.js';
import { inTransaction } from '@portico/database';
import type { LaneContext } from './lane-context.js';
import type { EndedTask, Outcome } from './perform-tasks.js';
import type { Task } from './plan-cells.js';

/** After which a refusal that policy waits out is tried again. */
const REFUSED_WAIT_SECONDS = 86_400;

const EVENT_OF: Record<Exclude<Operation['kind'], 'check'>, LearnerEventName> = {
  create: 'created',
  invite: 'invited',
  update: 'updated',
  enable: 'enabled',
  disable: 'disabled',
  'cancel-invite': 'invite-cancelled',
};

const normalised = (data: Readonly<Record<string, string | null>>) =>
  Object.fromEntries(Object.entries(data).map(([label, value]) => [normaliseLabel(label), value]));

const createdAccount = (operation: Extract<Operation, { kind: 'create' }>, id: string): MirroredAccount => ({
  id,
  email: operation.email,
  username: operation.username,
  firstName: operation.firstName,
  lastName: operation.lastName,
  language: operation.language,
  enabled: true,
  userType: 'learner',
  accountExpires: null,
  customData: normalised(operation.customData),
});

const changeOf = (operation: Operation): AccountChange[] => {
  switch (operation.kind) {
    case 'update':
    case 'enable': {
      const { accountId: id, changes, kind } = operation;
      const customData = changes.customData && normalised(changes.customData);
      const written = { ...changes, ...(customData === undefined ? {} : { customData }) };
      return [{ id, changes: written, ...(kind === 'enable' ? { enabled: true } : {}) }];
    }
    case 'disable':
      return [{ id: operation.accountId, changes: {}, enabled: false }];
    default:
      return [];
  }
};

/** What a cell is after a call that had its effect. */
const doneCell = ({ operation, subject }: Task, resultId: string | undefined): CellOutcome => {
  const { employeeId, policyReason, priority } = subject;
  const written = { employeeId, applied: JSON.stringify(operation), isUnverified: true, refusal: null };
  switch (operation.kind) {
    case 'create':
      return { ...written, reason: 'converged', actual: 'active', accountId: resultId, origin: 'created' };
    case 'update':
    case 'enable':
      return { ...written, reason: 'converged', actual: 'active' };
    case 'disable':
      return { ...written, reason: policyReason, actual: 'disabled' };
    case 'invite':
      // A create that was refused would be refused again: that stays known.
      return {
        employeeId,
        isUnverified: true,
        reason: 'waiting-for-accept',
        actual: 'invited',
        inviteId: resultId,
      };
    default:
      return { employeeId, reason: 'waiting-for-lane', actual: 'none', inviteId: null, priority };
  }
};

const refusedCell = ({ operation, subject }: Task, realm: Realm, reason: ReasonCode): CellOutcome => {
  const { employeeId, priority, whenRefused } = subject;
  const cell = { employeeId, reason, actual: null, priority };
  // Concerns everybody: the lane remembers it.
  if (reason === 'licences-full') return cell;
  const isWaitedOut = reason === 'refused-exists' && whenRefused === 'wait';
  return {
    ...cell,
    refusal: { reason, key: refusalKey(realm, reason, operation) },
    ...(isWaitedOut ? { refusalSeconds: REFUSED_WAIT_SECONDS } : {}),
  };
};

const cellOf = (task: Task, outcome: Outcome, realm: Realm): CellOutcome => {
  const { employeeId, priority } = task.subject;
  switch (outcome.state) {
    case 'done':
      return doneCell(task, outcome.resultId);
    case 'refused':
      return refusedCell(task, realm, outcome.reason);
    case 'unsent':
    case 'absent':
      return { employeeId, reason: 'waiting-for-lane', actual: null, priority };
    case 'doubt':
      return { employeeId, reason: 'in-doubt', actual: 'unknown' };
    case 'checked':
      return outcome.user === undefined
        ? { employeeId, reason: 'waiting-for-lane', actual: 'none', accountId: null, origin: null, priority }
        : { employeeId, reason: 'waiting-for-lane', actual: null, priority };
  }
};

const attemptOf = ({ attemptId, operation }: Task, outcome: Outcome): EndedAttempt[] => {
  if (attemptId === undefined || outcome.state === 'checked') return [];
  const { state } = outcome;
  const detail = 'detail' in outcome ? outcome.detail : undefined;
  const resultId =
    state === 'done' ? (outcome.resultId ?? ('accountId' in operation ? operation.accountId : undefined)) : undefined;
  return [{ id: attemptId, state, resultId, detail }];
};

const eventOf = ({ lease }: LaneContext, { task, outcome }: EndedTask, at: string): LearnerEventRow[] => {
  const { operation, subject, attemptId } = task;
  if (operation.kind === 'check' || (outcome.state !== 'done' && outcome.state !== 'refused')) return [];
  const { tenant, portal } = lease;
  const { employeeId, cause, traceparent } = subject;
  const result = outcome.state === 'done' ? outcome.resultId : undefined;
  const accountId = operation.kind === 'create' ? result : 'accountId' in operation ? operation.accountId : undefined;
  const inviteId = operation.kind === 'invite' ? result : 'inviteId' in operation ? operation.inviteId : undefined;
  return [
    {
      id: `attempt:${tenant}:${portal}:${attemptId}`,
      traceparent,
      event: {
        tenant,
        portal,
        employeeId,
        event: outcome.state === 'done' ? EVENT_OF[operation.kind] : 'refused',
        at,
        cause,
        ...(outcome.state === 'refused' ? { reason: outcome.reason } : {}),
        ...(accountId === undefined ? {} : { accountId }),
        ...(inviteId === undefined ? {} : { inviteId }),
      },
    },
  ];
};

const recordMirror = async (sql: Sql, { lease }: LaneContext, ended: readonly EndedTask[]): Promise<void> => {
  const accounts: MirroredAccount[] = [];
  const invites: MirroredInvite[] = [];
  const changes: AccountChange[] = [];
  const gone: string[] = [];
  const cancelled: string[] = [];
  for (const { task, outcome } of ended) {
    const { operation } = task;
    if (outcome.state === 'checked' && operation.kind === 'check') {
      if (outcome.user === undefined) gone.push(operation.accountId);
      else accounts.push(outcome.user satisfies LearnUponUser);
    }
    if (outcome.state !== 'done') continue;
    changes.push(...changeOf(operation));
    if (operation.kind === 'create') accounts.push(createdAccount(operation, outcome.resultId ?? ''));
    if (operation.kind === 'invite') {
      invites.push({ id: outcome.resultId ?? '', email: operation.email, status: 'sent', createdAt: null });
    }
    if (operation.kind === 'cancel-invite') cancelled.push(operation.inviteId);
  }
  await saveAccounts(sql, lease, accounts);
  await changeAccounts(sql, lease, changes);
  await forgetAccounts(sql, lease, gone);
  await saveInvites(sql, lease, invites);
  await markCancelled(sql, lease, cancelled);
};

type Refused = Extract<Outcome, { state: 'refused' }>;

/** Whoever waited for this portal to have the person, or to say that the realm has them elsewhere. */
const isSettlingHome = ({ task, outcome }: EndedTask): boolean =>
  task.operation.kind === 'create' &&
  (outcome.state === 'done' || (outcome.state === 'refused' && outcome.reason === 'refused-exists'));

/** An account that has another identifier now, or is gone. */
const isFreeingIdentifier = ({ task: { operation }, outcome }: EndedTask): boolean => {
  if (outcome.state === 'checked') return outcome.user === undefined;
  if (outcome.state !== 'done' || !('changes' in operation)) return false;
  return operation.changes.email !== undefined || operation.changes.username !== undefined;
};

const isRefused = (ended: readonly EndedTask[], test: (refusal: Refused) => boolean): boolean =>
  ended.some(({ outcome }) => outcome.state === 'refused' && test(outcome));

/** What ended calls mean for their cells and for whoever follows them. The mirror is another matter. */
export const recordEnded = async (
  sql: Sql,
  context: LaneContext,
  realm: Realm,
  ended: readonly EndedTask[],
): Promise<void> => {
  if (ended.length === 0) return;
  const { lease, clock } = context;
  const attempts = ended.flatMap(({ task, outcome }) => attemptOf(task, outcome));
  const at = clock.now().toString();
  await endAttempts(sql, lease, attempts, at);
  const cells = ended.map(({ task, outcome }) => {
    const cell = cellOf(task, outcome, realm);
    return task.wasInDoubt ? { ...cell, priority: task.subject.priority } : cell;
  });
  await saveCellOutcomes(sql, lease, cells);
  const events = ended.flatMap((one) => eventOf(context, one, at));
  await leaveLearnerEvents(sql, events);
  await countEffects(
    sql,
    lease,
    events.map(({ event }) => event.event),
  );
  const settled = realm.allowsDuplicates ? [] : ended.filter(isSettlingHome);
  await dirtyGuests(
    sql,
    lease,
    settled.map(({ task }) => task.subject.employeeId),
  );
  if (ended.some(isFreeingIdentifier)) await dirtyClaimants(sql, lease);
  await noteOnLane(sql, lease, {
    areLicencesFull: isRefused(ended, ({ reason }) => reason === 'licences-full'),
    areUsersStale: isRefused(ended, ({ stale }) => stale === 'users'),
    areInvitesStale: isRefused(ended, ({ stale }) => stale === 'invites'),
  });
};

/** What calls came to, with everything that follows from it, in one transaction and only while the lease holds. */
export const recordOutcomes = async (
  context: LaneContext,
  realm: Realm,
  ended: readonly EndedTask[],
): Promise<void> => {
  if (ended.length === 0) return;
  const { orm, lease, settings } = context;
  await inTransaction(orm, async (sql) => {
    await holdLane(sql, lease, settings.leaseSeconds);
    await recordMirror(sql, context, ended);
    await recordEnded(sql, context, realm, ended);
  });
};
