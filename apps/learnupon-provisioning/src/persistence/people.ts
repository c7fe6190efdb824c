import type { Cause } from '@portico/contracts';
import type { Sql } from '@portico/messaging';
import {
  identifiersOf,
  type Account,
  type Cell,
  type Invite,
  type Learner,
  type Link,
  type Operation,
  type Person,
} from '@portico/provisioning-plan';
import type { LaneLease } from './lanes.js';
import { claimIdentifiers } from './claims.js';

/** A person whose cell in the lane's portal is to be planned, with what the plan is made from. */
export interface DirtyPerson extends Person {
  readonly priority: number;
  readonly cause: Cause;
  readonly traceparent: string | null;
  /** The last write that has not been read back. */
  readonly appliedKey: string | null;
}

interface DirtyRow {
  readonly employeeId: string;
  readonly priority: number;
  readonly cause: Cause;
  readonly traceparent: string | null;
  readonly appliedKey: string | null;
}

/** Leavers before joiners before everything else; of each the one that waits longest. Locked until the plan is written. */
const LOCK_DIRTY = `
  select cell.employee_id as "employeeId", cell.priority, cell.applied_key as "appliedKey", person.cause, person.traceparent
  from cell join person using (tenant, employee_id)
  where cell.tenant = $1 and cell.portal = $2 and cell.priority is not null
  order by cell.priority, cell.dirty_at, cell.employee_id
  limit $3
  for update of cell skip locked`;

/** A cell with the call under way. */
interface CellRow extends StoredCell {
  readonly attempt: Operation['kind'] | null;
}

interface StoredCell {
  readonly employeeId: string;
  readonly portal: string;
  readonly access: Cell['access'];
  readonly policyReason: string;
  readonly leaving: Cell['leaving'];
  readonly learner: Learner | null;
  readonly accountId: string | null;
  readonly origin: Link['origin'];
  readonly inviteId: string | null;
  readonly refusalReason: string | null;
  readonly refusalKey: string;
}

const LOAD_CELLS = `
  select cell.employee_id as "employeeId", cell.portal, cell.access, cell.policy_reason as "policyReason", cell.leaving,
    cell.learner, cell.account_id as "accountId", cell.origin, cell.invite_id as "inviteId",
    cell.refusal_reason as "refusalReason", cell.refusal_key as "refusalKey"
  from cell
  where cell.tenant = $1 and cell.employee_id = any($2::text[])`;

interface AttemptRow {
  readonly employeeId: string;
  readonly portal: string;
  readonly kind: Operation['kind'];
}

/** Few are under way at a time, so they are found at once and not cell by cell. */
const LOAD_ATTEMPTS = `
  select employee_id as "employeeId", portal, operation ->> 'kind' as kind from attempt
  where tenant = $1 and state in ('begun', 'doubt') and employee_id = any($2::text[])`;

interface AccountRow extends Account {
  readonly employeeId: string;
  readonly portal: string;
  readonly ownerId: string;
}

const ACCOUNT = `
  account.portal, account.account_id as "accountId", account.email, account.username, account.first_name as "firstName",
  account.last_name as "lastName", account.language, account.enabled, account.user_type = 'admin' as "isAdmin",
  account.account_expires as "accountExpires", account.custom_data as "customData", account.listed`;

/**
 * In all portals of the realm: those linked, and those with an identifier that the person holds. `offset 0` keeps the
 * planner from beginning with every account of the tenant, which it takes for few while a first sync is under way.
 */
const LOAD_ACCOUNTS = `
  with linked as materialized (
    select employee_id, portal, account_id from cell
    where tenant = $1 and employee_id = any($2::text[]) and account_id is not null
  ), claim as materialized (
    select employee_id, kind, value from identifier_claim where tenant = $1 and employee_id = any($2::text[])
  ), found as materialized (
    select claim.employee_id, account.portal, account.account_id from claim cross join lateral (
      select portal, account_id from account
      where tenant = $1 and claim.kind = 'email' and lower(email) = claim.value offset 0) account
    union
    select claim.employee_id, account.portal, account.account_id from claim cross join lateral (
      select portal, account_id from account
      where tenant = $1 and claim.kind = 'username' and lower(username) = claim.value offset 0) account
  ), owned as (
    select linked.employee_id, linked.employee_id as owner_id, portal, account_id from linked
    union all
    select found.employee_id, owner.employee_id, found.portal, found.account_id
    from found left join lateral (
      select employee_id from cell
      where tenant = $1 and cell.portal = found.portal and cell.account_id = found.account_id offset 0) owner on true
    where owner.employee_id is distinct from found.employee_id
  )
  select owned.employee_id as "employeeId", owned.owner_id as "ownerId", ${ACCOUNT}
  from owned cross join lateral (
    select * from account
    where tenant = $1 and account.portal = owned.portal and account.account_id = owned.account_id offset 0) account`;

interface InviteRow extends Invite {
  readonly employeeId: string;
}

/** In the lane's portal: the cell's own, and those to an address that the person holds. */
const LOAD_INVITES = `
  with found as materialized (
    select employee_id, invite_id from cell
    where tenant = $1 and portal = $3 and employee_id = any($2::text[]) and invite_id is not null
    union
    select claim.employee_id, invite.invite_id
    from identifier_claim claim cross join lateral (
      select invite_id from invite
      where tenant = $1 and portal = $3 and lower(email) = claim.value offset 0) invite
    where claim.tenant = $1 and claim.employee_id = any($2::text[]) and claim.kind = 'email'
  )
  select found.employee_id as "employeeId", invite.invite_id as "inviteId", invite.email, invite.status, invite.listed
  from found cross join lateral (
    select * from invite where tenant = $1 and portal = $3 and invite.invite_id = found.invite_id offset 0) invite`;

const groupBy = <T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
};

const cellKey = ({ employeeId, portal }: { employeeId: string; portal: string }): string => `${employeeId} ${portal}`;

const toAccount = ({ employeeId: _, portal: __, ownerId, ...account }: AccountRow): Account =>
  ownerId === null ? account : { ...account, ownerId };

const toCell = (row: CellRow, accounts: readonly AccountRow[], invites: readonly InviteRow[]): Cell => ({
  portal: row.portal,
  access: row.access,
  policyReason: row.policyReason,
  leaving: row.leaving,
  ...(row.learner === null ? {} : { learner: row.learner }),
  ...(row.accountId === null ? {} : { link: { accountId: row.accountId, origin: row.origin } }),
  ...(row.inviteId === null ? {} : { inviteId: row.inviteId }),
  ...(row.attempt === null ? {} : { attempt: row.attempt }),
  ...(row.refusalReason === null ? {} : { refusal: { reason: row.refusalReason, key: row.refusalKey } }),
  accounts: accounts.map(toAccount),
  invites,
});

const claimsOf = (cells: ReadonlyMap<string, readonly CellRow[]>) =>
  [...cells].flatMap(([employeeId, rows]) =>
    identifiersOf({ cells: rows.map((row) => toCell(row, [], [])) }).map((key) => ({ employeeId, key })),
  );

/** Calls first: one that ends meanwhile is seen as well as what it did, and never neither of them. */
const loadCells = async (sql: Sql, tenant: string, ids: readonly string[]): Promise<CellRow[]> => {
  const attempts = await sql<AttemptRow>(LOAD_ATTEMPTS, [tenant, ids]);
  const kinds = new Map(attempts.map((attempt) => [cellKey(attempt), attempt.kind]));
  const cells = await sql<StoredCell>(LOAD_CELLS, [tenant, ids]);
  return cells.map((cell) => ({ ...cell, attempt: kinds.get(cellKey(cell)) ?? null }));
};

/** Takes the next dirty cells of a lane, claims what their people need, and loads what a plan is made from. */
export const loadDirtyPeople = async (
  sql: Sql,
  { tenant, portal }: LaneLease,
  limit: number,
): Promise<DirtyPerson[]> => {
  const dirty = await sql<DirtyRow>(LOCK_DIRTY, [tenant, portal, limit]);
  if (dirty.length === 0) return [];
  const ids = dirty.map(({ employeeId }) => employeeId);
  const cells = groupBy(await loadCells(sql, tenant, ids), ({ employeeId }) => employeeId);
  const claims = claimsOf(cells);
  const holders = await claimIdentifiers(sql, tenant, claims);
  const accounts = groupBy(await sql<AccountRow>(LOAD_ACCOUNTS, [tenant, ids]), cellKey);
  const invites = groupBy(await sql<InviteRow>(LOAD_INVITES, [tenant, ids, portal]), ({ employeeId }) => employeeId);
  const foreign = groupBy(
    claims.filter(({ key, employeeId }) => holders.get(key) !== employeeId),
    ({ employeeId }) => employeeId,
  );
  return dirty.map((row) => ({
    ...row,
    claimedByOthers: new Set(foreign.get(row.employeeId)?.map(({ key }) => key)),
    cells: (cells.get(row.employeeId) ?? []).map((cell) =>
      toCell(
        cell,
        accounts.get(cellKey(cell)) ?? [],
        cell.portal === portal ? (invites.get(row.employeeId) ?? []) : [],
      ),
    ),
  }));
};
