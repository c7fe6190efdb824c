import type { Cause } from '@portico/contracts';
import type { Sql } from '@portico/messaging';
import {
  identifiersOf,
  needsOtherCells,
  type Cell,
  type Holder,
  type Person,
  type Realm,
} from '@portico/provisioning-plan';
import {
  cellKey,
  loadAttempts,
  loadAttemptsHere,
  loadOtherLinks,
  loadOtherCells,
  toRow,
  type Attempts,
  type CellRow,
  type DirtyCell,
  type StoredCell,
} from './cell-rows.js';
import { claimIdentifiers, type Claim } from './claims.js';
import { groupBy, partition } from './group-by.js';
import { loadMemberships, type Memberships } from './groups.js';
import type { LaneLease } from './lanes.js';
import { loadAccountsOf, loadConfirmed, type AccountRow, type LinkedCell } from './people-accounts.js';
import { loadInvites } from './people-invites.js';
import { hereCell, strangerCell, toCell } from './to-cell.js';

/** A person whose cell in the lane's portal is to be planned, with what the plan is made from. */
export interface DirtyPerson extends Person {
  readonly priority: number;
  /** Of the cell's row: another one means that it changed. */
  readonly version: string;
  readonly cause: Cause;
  readonly traceparent: string | null;
}

/** What is looked at of the other portals' cells. */
interface OtherCells {
  /** Of all the cells that are looked at. */
  readonly attempts: Attempts;
  readonly cells: readonly StoredCell[];
  /** Accounts of cells that are not there. */
  readonly links: readonly LinkedCell[];
}

const employeesOf = (cells: readonly StoredCell[]): string[] => cells.map(({ employeeId }) => employeeId);

const isLinked = (cell: CellRow): cell is CellRow & LinkedCell => cell.accountId !== null;

const claimsOf = (cells: ReadonlyMap<string, readonly CellRow[]>) =>
  [...cells].flatMap(([employeeId, rows]) =>
    identifiersOf(rows.map(({ access, learner }) => ({ access, ...(learner && { learner }) }))).map((key) => ({
      employeeId,
      key,
    })),
  );

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
  const rows = [...dirty, ...others.cells].map((cell) => toRow(cell, others.attempts));
  const cells = groupBy(rows, ({ employeeId }) => employeeId);
  const claims = claimsOf(cells);
  const holders = await claimIdentifiers(sql, tenant, claims);
  const [accounts, invites, confirmed, memberships] = await Promise.all([
    loadAccountsOf(sql, lease, ids, [...rows.filter(isLinked), ...others.links]),
    loadInvites(sql, lease, ids, rows),
    loadConfirmed(sql, lease, ids),
    membershipsOf(sql, lease, cells, ids),
  ]);
  const invitesOf = (cell: CellRow) => (invites.size === 0 ? [] : (invites.get(cellKey(cell)) ?? []));
  const contested = groupBy(
    claims.filter(({ key }) => holders.has(key)),
    ({ employeeId }) => employeeId,
  );
  return dirty.map(({ employeeId, priority, version, cause, traceparent }) => {
    const found = accounts.get(employeeId) ?? new Map<string, AccountRow[]>();
    const known = (cells.get(employeeId) ?? []).map((cell) =>
      cell.portal === portal
        ? {
            ...hereCell(cell, found.get(portal) ?? [], invitesOf(cell), confirmed.get(employeeId)),
            ...groupsOf(memberships.get(employeeId)),
          }
        : toCell(cell, found.get(cell.portal) ?? [], invitesOf(cell)),
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
  const [dependent, independent] = partition(dirty, ({ access, accountId }) =>
    needsOtherCells(realm, access, accountId !== null),
  );
  const [attemptsHere, links] = await Promise.all([
    loadAttemptsHere(sql, lease, employeesOf(independent)),
    loadOtherLinks(sql, lease, employeesOf(independent)),
  ]);
  const [met, newcomers] = partition(
    await loadBeside(sql, lease, independent, { attempts: attemptsHere, cells: [], links }),
    (person) => needsOtherCells(realm, 'granted', hasAccountIn(portal, person)),
  );
  // Once more, of whom something like an account is there: the other cells also say what is to be claimed.
  const isMet = new Set(met.map(({ employeeId }) => employeeId));
  const whole = [...dependent, ...independent.filter(({ employeeId }) => isMet.has(employeeId))];
  // Calls first: one that ends meanwhile is seen as well as what it did, and never neither of them.
  const [attempts, cells] = await Promise.all([
    loadAttempts(sql, tenant, employeesOf(whole)),
    loadOtherCells(sql, lease, employeesOf(whole)),
  ]);
  const others = await loadBeside(sql, lease, whole, { attempts, cells, links: [] });
  const loaded = new Map([...newcomers, ...others].map((person) => [person.employeeId, person]));
  return dirty.flatMap(({ employeeId }) => loaded.get(employeeId) ?? []);
};
