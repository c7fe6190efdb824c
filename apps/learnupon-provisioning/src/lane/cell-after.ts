import type { ReasonCode } from '@portico/contracts';
import { refusalKey, type Operation, type Realm } from '@portico/provisioning-plan';
import type { CellOutcome } from '../persistence/cell-outcomes.js';
import type { Outcome } from './perform-tasks.js';
import type { Task } from './plan-cells.js';

/** After which a refusal that policy waits out is tried again. */
const REFUSED_WAIT_SECONDS = 86_400;

/** What Portico knows to be its own doing in the account. */
const writtenBy = (operation: Operation): Pick<CellOutcome, 'written'> => {
  if (operation.kind === 'create') return { written: { userType: operation.userType } };
  if (!('changes' in operation)) return {};
  const { userType, accountExpires } = operation.changes;
  return { written: { userType, accountExpires } };
};

/** Only somebody who leaves gets a last day. */
const setsLastDay = (operation: Operation): boolean =>
  'changes' in operation && typeof operation.changes.accountExpires === 'string';

/** What a cell is after a call that had its effect. */
const doneCell = ({ operation, subject, isPartial, attemptId }: Task, resultId: string | undefined): CellOutcome => {
  const { employeeId, policyReason, priority } = subject;
  const next = isPartial === true ? { priority } : {};
  const written = {
    ...{ employeeId, appliedAttempt: attemptId, isUnverified: true, refusal: null },
    ...writtenBy(operation),
    ...next,
  };
  switch (operation.kind) {
    case 'create':
      return {
        ...written,
        reason: 'converged',
        actual: 'active',
        accountId: resultId,
        origin: 'created',
        isFresh: isPartial === true,
      };
    case 'update':
    case 'enable':
      return { ...written, reason: setsLastDay(operation) ? policyReason : 'converged', actual: 'active' };
    case 'join-group':
    case 'leave-group':
      // Groups are read back by themselves.
      return { employeeId, reason: 'converged', actual: 'active', refusal: null, ...next };
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

const outcomeCell = (task: Task, outcome: Outcome, realm: Realm): CellOutcome => {
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

/** What a cell is after a call. One that was in doubt is planned again: another thing may have become wanted. */
export const cellAfter = (task: Task, outcome: Outcome, realm: Realm): CellOutcome => {
  const { planned, wasInDoubt, subject } = task;
  const cell = outcomeCell(task, outcome, realm);
  return {
    ...cell,
    actual: cell.actual ?? planned?.actual ?? null,
    version: planned?.version,
    ...(wasInDoubt === true ? { priority: subject.priority } : {}),
  };
};
