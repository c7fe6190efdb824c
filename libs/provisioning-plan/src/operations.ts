import type { Actual, Account, Cell, CellPlan, Hindrance, Learner, Operation, Reason } from './facts.js';

export const createOf = (learner: Learner): Extract<Operation, { kind: 'create' }> => {
  const { identifier, email, username, firstName, lastName, language, customData } = learner;
  return { kind: 'create', identifier, email, username, firstName, lastName, language, customData };
};

export const inviteOf = (learner: Learner, email: string): Extract<Operation, { kind: 'invite' }> => ({
  kind: 'invite',
  email,
  firstName: learner.firstName,
  lastName: learner.lastName,
});

export const linkedAccount = ({ link, accounts }: Cell): Account | undefined =>
  link && accounts.find(({ accountId }) => accountId === link.accountId);

const stateOf = ({ listed, enabled }: Account): Actual => (listed ? (enabled ? 'active' : 'disabled') : 'unknown');

/** What the mirror shows of this cell. */
export const actualOf = (cell: Cell): Actual => {
  if (cell.link !== undefined) {
    const account = linkedAccount(cell);
    return account === undefined ? 'unknown' : stateOf(account);
  }
  if (cell.invites.some(({ inviteId, status }) => inviteId === cell.inviteId && status === 'sent')) return 'invited';
  const account = cell.accounts.find(({ ownerId }) => ownerId === undefined);
  return account === undefined ? 'none' : stateOf(account);
};

export const nothing = (cell: Cell, reason: Reason, actual: Actual = actualOf(cell)): CellPlan => ({
  portal: cell.portal,
  reason,
  actual,
});

export const perform = (cell: Cell, operation: Operation, actual: Actual = actualOf(cell)): CellPlan => ({
  portal: cell.portal,
  reason: 'waiting-for-lane',
  actual,
  operation,
});

/** Nothing, with what is in the way. */
export const held = (cell: Cell, hindrance: Hindrance, actual: Actual = actualOf(cell)): CellPlan => ({
  portal: cell.portal,
  actual,
  ...hindrance,
});
