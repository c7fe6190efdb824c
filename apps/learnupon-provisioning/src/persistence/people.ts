import { prepared } from '@portico/database';
import type { Cause } from '@portico/contracts';
import type { Sql } from '@portico/messaging';
import {
  identifiersOf,
  needsOtherCells,
  type Cell,
  type Holder,
  type Invite,
  type Learner,
  type Link,
  type Operation,
  type Person,
  type Realm,
  type UserType,
} from '@portico/provisioning-plan';
import type { LaneLease } from './lanes.js';
import { claimIdentifiers, type Claim } from './claims.js';
import { loadAccountsOf, loadConfirmed, toAccount, type AccountRow, type LinkedCell } from './people-accounts.js';
import { groupBy, partition } from './group-by.js';
import { loadMemberships, type Memberships } from './groups.js';

/** A person whose cell in the lane's portal is to be planned, with what the plan is made from. */
export interface DirtyPerson extends Person {
  readonly priority: number;
  /** Of the cell's row: another one means that it changed. */
  readonly version: string;
  readonly cause: Cause;
  readonly traceparent: string | null;
}

interface StoredCell {
  readonly employeeId: string;
  readonly portal: string;
  readonly access: Cell['access'];
  readonly policyReason: string;
  readonly leaving: Cell['leaving'];
  readonly expiresOn: string | null;
  readonly retainUntil: string | null;
  /** Text: the portals of a person mostly want the same. */
  readonly learner: string | null;
  readonly accountId: string | null;
  readonly origin: Link['origin'];
  readonly fresh: boolean;
  readonly writtenType: UserType | null;
  readonly writtenExpiry: string | null;
  readonly inviteId: string | null;
  readonly refusalReason: string | null;
  /** Absent where what was refused has been forgotten. */
  readonly refusalKey: string | null;
}

/** A cell that is to be planned. */
export interface DirtyCell extends StoredCell {
  readonly priority: number;
  readonly version: string;
  readonly cause: Cause;
  readonly traceparent: string | null;
}

/** A cell with the call under way. */
interface CellRow extends Omit<StoredCell, 'learner'> {
  readonly learner: Learner | null;
  readonly attempt: Operation['kind'] | null;
}

const CELL = `
  employee_id as "employeeId", portal, access, policy_reason as "policyReason", leaving, learner::text,
  account_id as "accountId", origin, invite_id as "inviteId", fresh, written_type as "writtenType",
  written_expiry as "writtenExpiry", expires_on as "expiresOn", retain_until as "retainUntil",
  refusal_reason as "refusalReason", refusal_key as "refusalKey"`;

/** Leavers before joiners before everything else; of each the one that waits longest. Locked until the plan is written. */
const LOCK_DIRTY = prepared(`
  with dirty as materialized (
    select ${CELL}, priority, dirty_at, xmin::text as version from cell
    where tenant = $1 and portal = $2 and priority is not null and employee_id not in (select unnest($4::text[]))
    order by priority, dirty_at, employee_id
    limit $3
    for update skip locked
  )
  select dirty.*, person.cause, person.traceparent
  from dirty cross join lateral (
    select cause, traceparent from person where tenant = $1 and person.employee_id = dirty."employeeId" offset 0) person
  order by dirty.priority, dirty.dirty_at, dirty."employeeId"`);

const LOAD_OTHERS = prepared(`
  select ${CELL} from cell where tenant = $1 and employee_id = any($2::text[]) and portal <> $3`);

const LOAD_OTHER_LINKS = prepared(`
  select employee_id as "employeeId", portal, account_id as "accountId" from cell
  where tenant = $1 and employee_id = any($2::text[]) and portal <> $3 and account_id is not null`);

interface AttemptRow {
  readonly employeeId: string;
  readonly portal: string;
  readonly kind: Operation['kind'];
}

/** Few are under way at a time, so they are found at once and not cell by cell. */
const LOAD_ATTEMPTS = prepared(`
  select employee_id as "employeeId", portal, operation ->> 'kind' as kind from attempt
  where tenant = $1 and state in ('begun', 'doubt') and employee_id = any($2::text[])`);

interface InviteRow extends Invite {
  readonly employeeId: string;
  readonly portal: string;
}

/** In the lane's portal: the cell's own, and those to an address that the person holds. */
const LOAD_INVITES = prepared(`
  with found as materialized (
    select employee_id, invite_id from cell
    where tenant = $1 and portal = $3 and employee_id = any($2::text[]) and invite_id is not null
    union
    select person.employee_id, invite.invite_id
    from unnest($2::text[]) as person (employee_id) cross join lateral (
      select value from identifier_claim
      where tenant = $1 and identifier_claim.employee_id = person.employee_id and kind = 'email' offset 0) claim
    cross join lateral (
      select invite_id from invite
      where tenant = $1 and portal = $3 and lower(email) = claim.value offset 0) invite
  )
  select found.employee_id as "employeeId", $3 as portal, invite.invite_id as "inviteId", invite.email, invite.status,
    invite.listed
  from found cross join lateral (
    select * from invite where tenant = $1 and portal = $3 and invite.invite_id = found.invite_id offset 0) invite`);

const cellKey = ({ employeeId, portal }: { employeeId: string; portal: string }): string => `${employeeId} ${portal}`;

/** Of the person's cells in other portals, which mostly have none. */
const LOAD_INVITES_ELSEWHERE = `
  select own.employee_id as "employeeId", portal, invite_id as "inviteId", invite.email, invite.status, invite.listed
  from unnest($2::text[], $3::text[], $4::text[]) as own (employee_id, portal, invite_id)
  join invite using (portal, invite_id)
  where invite.tenant = $1`;

const loadInvites = async (
  sql: Sql,
  { tenant, portal }: LaneLease,
  ids: readonly string[],
  cells: readonly CellRow[],
): Promise<ReadonlyMap<string, InviteRow[]>> => {
  const here = await sql<InviteRow>(LOAD_INVITES, [tenant, ids, portal]);
  const invited = cells.filter((cell) => cell.portal !== portal && cell.inviteId !== null && cell.accountId === null);
  if (invited.length === 0) return groupBy(here, cellKey);
  const elsewhere = await sql<InviteRow>(LOAD_INVITES_ELSEWHERE, [
    tenant,
    invited.map(({ employeeId }) => employeeId),
    invited.map((cell) => cell.portal),
    invited.map(({ inviteId }) => inviteId),
  ]);
  return groupBy([...here, ...elsewhere], cellKey);
};

const linkOf = ({ origin, fresh }: CellRow, accountId: string): Link =>
  fresh ? { accountId, origin, isFresh: true } : { accountId, origin };

const writtenOf = ({ writtenType, writtenExpiry }: CellRow): NonNullable<Cell['written']> => ({
  ...(writtenType === null ? {} : { userType: writtenType }),
  ...(writtenExpiry === null ? {} : { accountExpires: writtenExpiry }),
});

const toCell = (row: CellRow, accounts: readonly AccountRow[], invites: readonly InviteRow[]): Cell => ({
  portal: row.portal,
  access: row.access,
  policyReason: row.policyReason,
  leaving: row.leaving,
  ...(row.learner === null ? {} : { learner: row.learner }),
  ...(row.expiresOn === null ? {} : { expiresOn: row.expiresOn }),
  ...(row.retainUntil === null ? {} : { retainUntil: row.retainUntil }),
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
const hereCell = (
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

const claimsOf = (cells: ReadonlyMap<string, readonly CellRow[]>) =>
  [...cells].flatMap(([employeeId, rows]) =>
    identifiersOf(rows.map(({ access, learner }) => ({ access, ...(learner && { learner }) }))).map((key) => ({
      employeeId,
      key,
    })),
  );

/** Calls under way, by cell. */
const loadAttempts = async (
  sql: Sql,
  tenant: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Operation['kind']>> => {
  const attempts = await sql<AttemptRow>(LOAD_ATTEMPTS, [tenant, ids]);
  return new Map(attempts.map((attempt) => [cellKey(attempt), attempt.kind]));
};

/** Parses each text once. */
const rowsOf = (attempts: ReadonlyMap<string, Operation['kind']>): ((cell: StoredCell) => CellRow) => {
  const learners = new Map<string, Learner>();
  return (cell) => ({
    ...cell,
    learner: cell.learner === null ? null : learnerIn(learners, cell.learner),
    attempt: attempts.get(cellKey(cell)) ?? null,
  });
};

const learnerIn = (known: Map<string, Learner>, text: string): Learner => {
  const learner = known.get(text) ?? (JSON.parse(text) as Learner);
  known.set(text, learner);
  return learner;
};

const loadOthers = async (sql: Sql, { tenant, portal }: LaneLease, ids: readonly string[]) =>
  ids.length === 0 ? [] : sql<StoredCell>(LOAD_OTHERS, [tenant, ids, portal]);

const loadOtherLinks = async (sql: Sql, { tenant, portal }: LaneLease, ids: readonly string[]) =>
  ids.length === 0 ? [] : sql<LinkedCell>(LOAD_OTHER_LINKS, [tenant, ids, portal]);

/** What is looked at of the other portals' cells. */
interface OtherCells {
  /** Under way in any portal, by cell. */
  readonly attempts: ReadonlyMap<string, Operation['kind']>;
  readonly cells: readonly StoredCell[];
  /** Accounts of cells that are not there. */
  readonly links: readonly LinkedCell[];
}

const isLinked = (cell: CellRow): cell is CellRow & LinkedCell => cell.accountId !== null;

/** Only where policy has a say in groups. */
const membershipsOf = async (
  sql: Sql,
  lease: LaneLease,
  cells: ReadonlyMap<string, readonly CellRow[]>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Memberships>> => {
  const isGrouped = (row: CellRow): boolean => row.portal === lease.portal && row.learner?.groups !== undefined;
  const grouped = ids.filter((id) => cells.get(id)?.some(isGrouped));
  return grouped.length === 0 ? new Map() : loadMemberships(sql, lease, grouped);
};

const groupsOf = (memberships: Memberships | undefined): Pick<Cell, 'groupIds' | 'ownGroupIds'> =>
  memberships === undefined ? {} : { groupIds: memberships.groupIds, ownGroupIds: memberships.ownGroupIds };

/** What somebody else holds of what one person is to have. */
const foreignClaims = (claims: readonly Claim[], holders: ReadonlyMap<string, Holder>) =>
  new Map(
    claims.flatMap(({ employeeId, key }) => {
      const holder = holders.get(key);
      return holder === undefined || holder.employeeId === employeeId ? [] : [[key, holder] as const];
    }),
  );

/** A portal that has accounts of somebody, and whose cell is not there or not looked at. */
const strangerCell = (portal: string, accounts: readonly AccountRow[]): Cell => ({
  portal,
  access: 'undecided',
  policyReason: 'other',
  leaving: 'keep',
  accounts: accounts.map(toAccount),
  invites: [],
});

const employeesOf = (cells: readonly StoredCell[]): string[] => cells.map(({ employeeId }) => employeeId);

/** The next dirty cells of a lane but for some. */
export const lockDirtyCells = (
  sql: Sql,
  { tenant, portal }: LaneLease,
  limit: number,
  without: readonly string[],
): Promise<DirtyCell[]> => sql<DirtyCell>(LOCK_DIRTY, [tenant, portal, limit, without]);

/** Claims what these cells' people need, and loads what a plan is made from beside the other cells that are given. */
const loadBeside = async (
  sql: Sql,
  lease: LaneLease,
  dirty: readonly DirtyCell[],
  others: OtherCells,
): Promise<DirtyPerson[]> => {
  if (dirty.length === 0) return [];
  const { tenant, portal } = lease;
  const ids = employeesOf(dirty);
  const toRow = rowsOf(others.attempts);
  const rows = [...dirty, ...others.cells].map(toRow);
  const cells = groupBy(rows, ({ employeeId }) => employeeId);
  const claims = claimsOf(cells);
  const holders = await claimIdentifiers(sql, tenant, claims);
  const accounts = await loadAccountsOf(sql, lease, ids, [...rows.filter(isLinked), ...others.links]);
  const invites = await loadInvites(sql, lease, ids, rows);
  const confirmed = await loadConfirmed(sql, lease, ids);
  const memberships = await membershipsOf(sql, lease, cells, ids);
  const contested = groupBy(
    claims.filter(({ key }) => holders.has(key)),
    ({ employeeId }) => employeeId,
  );
  return dirty.map(({ employeeId, priority, version, cause, traceparent }) => {
    const found = accounts.get(employeeId) ?? new Map<string, AccountRow[]>();
    const known = (cells.get(employeeId) ?? []).map((cell) =>
      cell.portal === portal
        ? {
            ...hereCell(cell, found.get(portal) ?? [], invites.get(cellKey(cell)) ?? [], confirmed.get(employeeId)),
            ...groupsOf(memberships.get(employeeId)),
          }
        : toCell(cell, found.get(cell.portal) ?? [], invites.get(cellKey(cell)) ?? []),
    );
    const isKnown = new Set(known.map((cell) => cell.portal));
    const strangers = [...found].filter(([name]) => !isKnown.has(name)).map(([name, rows]) => strangerCell(name, rows));
    return {
      ...{ employeeId, priority, version, cause, traceparent },
      claimedByOthers: foreignClaims(contested.get(employeeId) ?? [], holders),
      cells: [...known, ...strangers],
    };
  });
};

const hasAccountIn = (portal: string, { cells }: DirtyPerson): boolean =>
  cells.some((cell) => cell.portal === portal && cell.accounts.length > 0);

/** Claims what the people of these cells need, and loads what a plan is made from. */
export const loadPeople = async (
  sql: Sql,
  lease: LaneLease,
  realm: Realm,
  dirty: readonly DirtyCell[],
): Promise<DirtyPerson[]> => {
  if (dirty.length === 0) return [];
  const { tenant, portal } = lease;
  // Calls first: one that ends meanwhile is seen as well as what it did, and never neither of them.
  const attempts = await loadAttempts(sql, tenant, employeesOf(dirty));
  const [dependent, independent] = partition(dirty, ({ access, accountId }) =>
    needsOtherCells(realm, access, accountId !== null),
  );
  const links = await loadOtherLinks(sql, lease, employeesOf(independent));
  const [met, newcomers] = partition(
    await loadBeside(sql, lease, independent, { attempts, cells: [], links }),
    (person) => needsOtherCells(realm, 'granted', hasAccountIn(portal, person)),
  );
  // Once more, of whom something like an account is there: the other cells also say what is to be claimed.
  const isMet = new Set(met.map(({ employeeId }) => employeeId));
  const whole = [...dependent, ...independent.filter(({ employeeId }) => isMet.has(employeeId))];
  const cells = await loadOthers(sql, lease, employeesOf(whole));
  const others = await loadBeside(sql, lease, whole, { attempts, cells, links: [] });
  const loaded = new Map([...newcomers, ...others].map((person) => [person.employeeId, person]));
  return dirty.flatMap(({ employeeId }) => loaded.get(employeeId) ?? []);
};
