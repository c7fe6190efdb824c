import type { LearnerEventName } from '@portico/contracts';
import type { Sql } from '@portico/messaging';
import type { Operation, Realm } from '@portico/provisioning-plan';
import { endAttempts, type EndedAttempt } from '../persistence/attempts.js';
import { saveCellOutcomes } from '../persistence/cell-outcomes.js';
import { countEffects } from '../persistence/effects.js';
import { hintClaimants, hintGuests, wakeHinted } from '../persistence/hints.js';
import { holdLane, noteOnLane } from '../persistence/lanes.js';
import { leaveLearnerEvents, type LearnerEventRow } from '../persistence/outbox.js';
import { inTransaction } from '@portico/database';
import { cellAfter } from './cell-after.js';
import type { LaneContext } from './lane-context.js';
import { recordMirror } from './mirror-after.js';
import type { EndedTask, Outcome } from './perform-tasks.js';
import type { Task } from './plan-cells.js';

const EVENT_OF: Record<Exclude<Operation['kind'], 'check'>, LearnerEventName> = {
  create: 'created',
  invite: 'invited',
  update: 'updated',
  enable: 'enabled',
  disable: 'disabled',
  'join-group': 'group-joined',
  'leave-group': 'group-left',
  'cancel-invite': 'invite-cancelled',
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
  if (outcome.state === 'done' && outcome.wasSo === true) return [];
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

type Refused = Extract<Outcome, { state: 'refused' }>;

/** Whoever waited for this portal to have the person at the right address, or to say that the realm has them elsewhere. */
const isSettlingHome = ({ task: { operation }, outcome }: EndedTask): boolean => {
  if (operation.kind === 'create') {
    return outcome.state === 'done' || (outcome.state === 'refused' && outcome.reason === 'refused-exists');
  }
  return outcome.state === 'done' && 'changes' in operation && operation.changes.email !== undefined;
};

/** Where a new address waits until nobody can accept an invite to the old one. */
const isEndingInvite = ({ task: { operation }, outcome }: EndedTask): boolean =>
  (operation.kind === 'cancel-invite' && outcome.state === 'done') ||
  (operation.kind === 'invite' && (outcome.state === 'absent' || outcome.state === 'refused'));

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
  const cells = ended.map(({ task, outcome }) => cellAfter(task, outcome, realm));
  const events = ended.flatMap((one) => eventOf(context, one, at));
  const effects = events.map(({ event }) => event.event);
  const settled = ended.filter((one) => isEndingInvite(one) || (!realm.allowsDuplicates && isSettlingHome(one)));
  const settledIds = settled.map(({ task }) => task.subject.employeeId);
  const [guests, claimants] = await Promise.all([
    hintGuests(sql, lease, settledIds),
    ended.some(isFreeingIdentifier) ? hintClaimants(sql, lease) : [],
    endAttempts(sql, lease, attempts, at),
    saveCellOutcomes(sql, lease, cells),
    leaveLearnerEvents(sql, events),
    countEffects(sql, lease, effects),
    noteOnLane(sql, lease, {
      areLicencesFull: isRefused(ended, ({ reason }) => reason === 'licences-full'),
      areUsersStale: isRefused(ended, ({ stale }) => stale === 'users'),
      areInvitesStale: isRefused(ended, ({ stale }) => stale === 'invites'),
      areGroupsStale: isRefused(ended, ({ stale }) => stale === 'groups'),
    }),
  ]);
  await wakeHinted(sql, lease, [...guests, ...claimants]);
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
    await Promise.all([recordMirror(sql, context, ended), recordEnded(sql, context, realm, ended)]);
  });
};
