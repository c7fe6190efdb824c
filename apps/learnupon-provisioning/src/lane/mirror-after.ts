import { normaliseLabel, type LearnUponUser } from '@portico/learnupon-client';
import type { Sql } from '@portico/messaging';
import type { Operation } from '@portico/provisioning-plan';
import { writeMemberships, type WrittenMembership } from '../persistence/memberships.js';
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
import type { LaneContext } from './lane-context.js';
import type { EndedTask } from './perform-tasks.js';

const normalised = (data: Readonly<Record<string, string | null>>) =>
  Object.fromEntries(Object.entries(data).map(([label, value]) => [normaliseLabel(label), value]));

const createdAccount = (operation: Extract<Operation, { kind: 'create' }>, id: string): MirroredAccount => ({
  id,
  email: operation.email,
  username: operation.username,
  firstName: operation.firstName ?? '',
  lastName: operation.lastName ?? '',
  language: operation.language,
  timeZone: operation.timeZone ?? null,
  enabled: true,
  userType: operation.userType ?? 'learner',
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

const membershipsOf = ({ task: { operation, subject }, outcome }: EndedTask): WrittenMembership[] => {
  if (outcome.state !== 'done') return [];
  if (operation.kind === 'leave-group') return [{ ...operation, kind: 'leave' }];
  if (operation.kind !== 'join-group') return [];
  const { groupId, accountId } = operation;
  return [{ kind: 'join', groupId, accountId, ...(outcome.wasSo ? {} : { employeeId: subject.employeeId }) }];
};

/** Also where a call was in doubt and what it did was seen: the membership is Portico's. */
export const recordMemberships = (sql: Sql, { lease }: LaneContext, ended: readonly EndedTask[]): Promise<void> =>
  writeMemberships(sql, lease, ended.flatMap(membershipsOf));

/** The mirror follows what calls did, until they are read back. */
export const recordMirror = async (sql: Sql, context: LaneContext, ended: readonly EndedTask[]): Promise<void> => {
  const { lease } = context;
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
  await Promise.all([
    saveAccounts(sql, lease, accounts),
    changeAccounts(sql, lease, changes),
    forgetAccounts(sql, lease, gone),
    saveInvites(sql, lease, invites),
    markCancelled(sql, lease, cancelled),
    recordMemberships(sql, context, ended),
  ]);
};
