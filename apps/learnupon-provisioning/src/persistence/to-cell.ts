import type { Cell, Link } from '@portico/provisioning-plan';
import type { CellRow } from './cell-rows.js';
import { toAccount, type AccountRow } from './people-accounts.js';
import type { InviteRow } from './people-invites.js';

const linkOf = ({ origin, fresh }: CellRow, accountId: string): Link =>
  fresh ? { accountId, origin, isFresh: true } : { accountId, origin };

const writtenOf = ({ writtenType, writtenExpiry }: CellRow): NonNullable<Cell['written']> => ({
  ...(writtenType === null ? {} : { userType: writtenType }),
  ...(writtenExpiry === null ? {} : { accountExpires: writtenExpiry }),
});

export const toCell = (row: CellRow, accounts: readonly AccountRow[], invites: readonly InviteRow[]): Cell => ({
  portal: row.portal,
  access: row.access,
  policyReason: row.policyReason,
  leaving: row.leaving,
  ...(row.learner === null ? {} : { learner: row.learner }),
  ...(row.expiresOn === null ? {} : { expiresOn: row.expiresOn }),
  ...(row.retainUntil === null ? {} : { retainUntil: row.retainUntil }),
  ...(row.isHeld ? { isHeld: true } : {}),
  ...(row.accountId === null ? {} : { link: linkOf(row, row.accountId) }),
  ...(row.writtenType === null && row.writtenExpiry === null ? {} : { written: writtenOf(row) }),
  ...(row.inviteId === null ? {} : { inviteId: row.inviteId }),
  ...(row.attempt === null ? {} : { attempt: row.attempt }),
  ...(row.refusalReason === null || row.refusalKey === null
    ? {}
    : { refusal: { reason: row.refusalReason, key: row.refusalKey } }),
  accounts: accounts.map(toAccount),
  invites,
});

/** In the lane's own portal, where a yes of a person counts too. */
export const hereCell = (
  row: CellRow,
  accounts: readonly AccountRow[],
  invites: readonly InviteRow[],
  confirmed: AccountRow | undefined,
): Cell => {
  if (confirmed === undefined) return toCell(row, accounts, invites);
  const { accountId } = confirmed;
  const all = accounts.some((account) => account.accountId === accountId) ? accounts : [...accounts, confirmed];
  return { ...toCell(row, all, invites), confirmedAccountId: accountId };
};

/** A portal that has accounts of somebody, and whose cell is not there or not looked at. */
export const strangerCell = (portal: string, accounts: readonly AccountRow[]): Cell => ({
  portal,
  access: 'undecided',
  policyReason: 'other',
  leaving: 'keep',
  accounts: accounts.map(toAccount),
  invites: [],
});
