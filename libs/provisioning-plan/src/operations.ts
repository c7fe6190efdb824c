import { givenCustomData, type FittedData } from './custom-data.js';
import type { Actual, Account, Cell, CellPlan, Create, Hindrance, Learner, Operation, Reason } from './facts.js';
import { isGiven } from './ownership.js';

const givenName = (learner: Learner): Pick<Create, 'firstName' | 'lastName'> => ({
  ...(isGiven(learner, 'firstName') ? { firstName: learner.firstName } : {}),
  ...(isGiven(learner, 'lastName') ? { lastName: learner.lastName } : {}),
});

/** What tells the account is always given, whoever owns it afterwards. */
export const createOf = (
  learner: Learner,
  { data }: Pick<FittedData, 'data'> = { data: learner.customData },
): Create => {
  const { identifier, email, username, language, timeZone, userType, signIn } = learner;
  const isTold = (field: 'email' | 'username'): boolean => field === identifier || isGiven(learner, field);
  return {
    kind: 'create',
    identifier,
    email: isTold('email') ? email : null,
    username: isTold('username') ? username : null,
    ...givenName(learner),
    language: isGiven(learner, 'language') ? language : null,
    customData: givenCustomData(learner, data),
    ...(timeZone !== undefined && timeZone !== null && isGiven(learner, 'timeZone') ? { timeZone } : {}),
    ...(userType !== undefined && isGiven(learner, 'userType') ? { userType } : {}),
    ...(signIn === undefined ? {} : { signIn }),
  };
};

export const inviteOf = (learner: Learner, email: string): Extract<Operation, { kind: 'invite' }> => ({
  kind: 'invite',
  email,
  ...givenName(learner),
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
export const hindered = (cell: Cell, hindrance: Hindrance, actual: Actual = actualOf(cell)): CellPlan => ({
  portal: cell.portal,
  actual,
  ...hindrance,
});
