import type { Cause } from '@portico/contracts';
import { prepared } from '@portico/database';
import type { Sql } from '@portico/messaging';
import type { Cell, Learner, Link, Operation, UserType } from '@portico/provisioning-plan';
import { HELD } from './holds.js';
import type { LaneLease } from './lanes.js';
import type { LinkedCell } from './people-accounts.js';

export interface StoredCell {
  readonly employeeId: string;
  readonly portal: string;
  readonly access: Cell['access'];
  readonly policyReason: string;
  readonly leaving: Cell['leaving'];
  readonly expiresOn: string | null;
  readonly retainUntil: string | null;
  /** The gate keeps back what policy takes away here. */
  readonly isHeld: boolean;
  /** JSON. */
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
export interface CellRow extends Omit<StoredCell, 'learner'> {
  readonly learner: Learner | null;
  readonly attempt: Operation['kind'] | null;
}

const CELL = `
  employee_id as "employeeId", portal, access, policy_reason as "policyReason", leaving, learner::text,
  account_id as "accountId", origin, invite_id as "inviteId", fresh, written_type as "writtenType",
  written_expiry as "writtenExpiry", expires_on as "expiresOn", retain_until as "retainUntil", ${HELD} as "isHeld",
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
    select cause::text, traceparent from person where tenant = $1 and person.employee_id = dirty."employeeId" offset 0) person
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
const loadAttemptsSql = (where: string): string => `
  select employee_id as "employeeId", portal, operation ->> 'kind' as kind from attempt
  where tenant = $1 ${where} and state in ('begun', 'doubt') and employee_id = any($2::text[])`;
const LOAD_ATTEMPTS = prepared(loadAttemptsSql(''));
const LOAD_ATTEMPTS_HERE = prepared(loadAttemptsSql('and portal = $3'));

export const cellKey = ({ employeeId, portal }: { employeeId: string; portal: string }): string =>
  `${employeeId} ${portal}`;

/** The people of a batch mostly have the same cause, one after the other. */
const parsingRuns = <T>(): ((text: string) => T) => {
  let last: { readonly text: string; readonly value: T } | undefined;
  return (text) => {
    if (last?.text !== text) last = { text, value: JSON.parse(text) as T };
    return last.value;
  };
};

/** The next dirty cells of a lane but for some. */
export const lockDirtyCells = async (
  sql: Sql,
  { tenant, portal }: LaneLease,
  limit: number,
  without: readonly string[],
): Promise<DirtyCell[]> => {
  const causeIn = parsingRuns<Cause>();
  const rows = await sql<Omit<DirtyCell, 'cause'> & { cause: string }>(LOCK_DIRTY, [tenant, portal, limit, without]);
  return rows.map((row) => ({ ...row, cause: causeIn(row.cause) }));
};

/** A person's cells in the other portals. */
export const loadOtherCells = async (sql: Sql, { tenant, portal }: LaneLease, ids: readonly string[]) =>
  ids.length === 0 ? [] : sql<StoredCell>(LOAD_OTHERS, [tenant, ids, portal]);

/** Their accounts alone. */
export const loadOtherLinks = async (sql: Sql, { tenant, portal }: LaneLease, ids: readonly string[]) =>
  ids.length === 0 ? [] : sql<LinkedCell>(LOAD_OTHER_LINKS, [tenant, ids, portal]);

/** Calls under way, by cell. */
export type Attempts = ReadonlyMap<string, Operation['kind']>;

const byCell = (attempts: readonly AttemptRow[]): Attempts =>
  new Map(attempts.map((attempt) => [cellKey(attempt), attempt.kind]));

/** In any portal. */
export const loadAttempts = async (sql: Sql, tenant: string, ids: readonly string[]): Promise<Attempts> =>
  ids.length === 0 ? new Map() : byCell(await sql<AttemptRow>(LOAD_ATTEMPTS, [tenant, ids]));

/** In the lane's own. */
export const loadAttemptsHere = async (
  sql: Sql,
  { tenant, portal }: LaneLease,
  ids: readonly string[],
): Promise<Attempts> =>
  ids.length === 0 ? new Map() : byCell(await sql<AttemptRow>(LOAD_ATTEMPTS_HERE, [tenant, ids, portal]));

export const toRow = (cell: StoredCell, attempts: Attempts): CellRow => ({
  ...cell,
  learner: cell.learner === null ? null : (JSON.parse(cell.learner) as Learner),
  attempt: attempts.size === 0 ? null : (attempts.get(cellKey(cell)) ?? null),
});
