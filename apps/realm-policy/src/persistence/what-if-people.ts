import type { Sql } from '@portico/messaging';
import type { Standing } from '../decide-person.js';
import type { StoredFacts } from '../facts.js';
import { standingColumns, toStanding, type StandingRow } from './standing-row.js';

/** One employee as a what-if finds them. */
export interface SnapshotPerson {
  readonly employeeId: string;
  /** `null` where nothing was known of them then. */
  readonly facts: StoredFacts | null;
  /** What is decided of them; `undefined` where it was not read, or nothing is. */
  readonly standing: Standing | undefined;
  /** The stored version would decide alike today: `standing` need not be read to know it. */
  readonly isCurrent: boolean;
}

type Row = Omit<SnapshotPerson, 'standing'> & StandingRow;

const toPerson = ({ leaver, portals, earlier, ...row }: Row): SnapshotPerson => ({
  ...row,
  standing: toStanding({ leaver, portals, earlier }),
});

export interface SnapshotPage {
  readonly tenant: string;
  readonly after: string;
  readonly limit: number;
}

export const countPeople = async (sql: Sql, tenant: string): Promise<number> => {
  const [row] = await sql<{ count: number }>('select count(*)::int as count from access where tenant = $1', [tenant]);
  return row?.count ?? 0;
};

/**
 * People in the order of their ids with the newest facts. What is decided of them is read only where the stored version
 * would not come to it today: it is most of what there is to read.
 */
export const presentPeople = async (
  sql: Sql,
  { tenant, after, limit }: SnapshotPage,
  current: { readonly version: number; readonly today: string },
): Promise<SnapshotPerson[]> => {
  const rows = await sql<Row>(
    `with page as materialized (
       select *, policy_version = $4 and (due_on is null or due_on > $5::date) as is_current
       from access where tenant = $1 and employee_id > $2 order by employee_id limit $3
     )
     select page.employee_id as "employeeId", decided.facts, page.is_current as "isCurrent",
       ${standingColumns('case when not is_current then page.event end')}
     from page
     cross join lateral (
       select facts from employee_revision
       where employee_revision.tenant = page.tenant and employee_revision.employee_id = page.employee_id
         and employee_revision.revision = page.employee_revision
       limit 1
     ) as decided
     order by page.employee_id`,
    [tenant, after, limit, current.version, current.today],
  );
  return rows.map(toPerson);
};

/** What is decided of these people; by employee id. */
export const standingsOf = async (
  sql: Sql,
  tenant: string,
  employeeIds: readonly string[],
): Promise<ReadonlyMap<string, Standing>> => {
  const rows = await sql<StandingRow & { employeeId: string }>(
    `select employee_id as "employeeId", ${standingColumns('event')}
     from access where tenant = $1 and employee_id = any($2::text[]) and revision > 0`,
    [tenant, employeeIds],
  );
  return new Map(
    rows.flatMap(({ employeeId, ...row }) => {
      const standing = toStanding(row);
      return standing === undefined ? [] : [[employeeId, standing]];
    }),
  );
};

/** People with the facts that were known at a past moment, and what was decided of them then. */
export const pastPeople = async (
  sql: Sql,
  { tenant, after, limit }: SnapshotPage,
  moment: string,
): Promise<SnapshotPerson[]> => {
  const rows = await sql<Row>(
    `with page as materialized (
       select tenant, employee_id, revision, event_time from access
       where tenant = $1 and employee_id > $2 order by employee_id limit $3
     )
     select page.employee_id as "employeeId", known.facts, false as "isCurrent",
       ${standingColumns('decided.event')}
     from page
     left join lateral (
       select facts from employee_revision
       where employee_revision.tenant = page.tenant and employee_revision.employee_id = page.employee_id
         and (facts->>'recordedAt')::timestamptz <= $4::timestamptz
       order by revision desc limit 1
     ) as known on true
     left join lateral (
       (select event, revision from access
        where access.tenant = page.tenant and access.employee_id = page.employee_id
          and access.revision > 0 and access.event_time <= $4::timestamptz)
       union all
       (select event, revision from access_history
        where access_history.tenant = page.tenant and access_history.employee_id = page.employee_id
          and decided_at <= $4::timestamptz
        order by revision desc limit 1)
       order by revision desc limit 1
     ) as decided on true
     order by page.employee_id`,
    [tenant, after, limit, moment],
  );
  return rows.map(toPerson);
};
