import type { Cause } from '@portico/contracts';
import type { Sql } from '@portico/messaging';
import type { StoredDecision } from '../decide-person.js';
import type { StoredFacts } from '../facts.js';
import type { RealmDocument } from '../realm/realm-document.js';
import type { PersonKey } from './people.js';

export interface HeldDecision {
  readonly event: StoredDecision;
}

/** The decision that held at a moment, and the one before it, newest first. */
export const decisionsAt = (sql: Sql, { tenant, employeeId }: PersonKey, moment: string): Promise<HeldDecision[]> =>
  sql<HeldDecision>(
    `(select event, revision from access
      where tenant = $1 and employee_id = $2 and revision > 0 and event_time <= $3::timestamptz)
     union all
     (select event, revision from access_history
      where tenant = $1 and employee_id = $2 and decided_at <= $3::timestamptz
      order by revision desc limit 2)
     order by revision desc limit 2`,
    [tenant, employeeId, moment],
  );

export interface KnownRevision {
  readonly revision: number;
  readonly facts: StoredFacts;
}

/** An employee's record as it was known at a moment, or the one that was decided on where that is a newer one. */
export const revisionAt = async (
  sql: Sql,
  { tenant, employeeId }: PersonKey,
  moment: string,
  atLeast: number,
): Promise<KnownRevision | undefined> => {
  const [row] = await sql<KnownRevision>(
    `select revision::float8 as revision, facts from employee_revision
     where tenant = $1 and employee_id = $2
       and (revision = $4 or revision > $4 and (facts->>'recordedAt')::timestamptz <= $3::timestamptz)
     order by revision desc limit 1`,
    [tenant, employeeId, moment, atLeast],
  );
  return row;
};

export interface KnownVersion {
  readonly version: number;
  readonly document: RealmDocument;
  readonly appliedAt: string;
  readonly appliedBy: string;
}

const VERSION = `select version, document, applied_by as "appliedBy",
  to_char(applied_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "appliedAt" from realm_version`;

export const versionAt = async (sql: Sql, tenant: string, moment: string): Promise<KnownVersion | undefined> => {
  const [row] = await sql<KnownVersion>(
    `${VERSION} where tenant = $1 and applied_at <= $2::timestamptz order by version desc limit 1`,
    [tenant, moment],
  );
  return row;
};

export const versionOf = async (sql: Sql, tenant: string, version: number): Promise<KnownVersion | undefined> => {
  const [row] = await sql<KnownVersion>(`${VERSION} where tenant = $1 and version = $2`, [tenant, version]);
  return row;
};

/** Of an earlier record: the fields that are asked for. */
export interface EarlierValues {
  readonly revision: number;
  readonly recordedAt: string;
  readonly cause: Pick<Cause, 'kind' | 'id'> | null;
  readonly employment: StoredFacts['employment'];
  readonly fields: StoredFacts['fields'] | null;
}

/** Records up to one, newest first. */
export const valuesBefore = (
  sql: Sql,
  { tenant, employeeId }: PersonKey,
  names: readonly string[],
  page: { readonly upTo: number; readonly limit: number },
): Promise<EarlierValues[]> =>
  sql<EarlierValues>(
    `select revision::float8 as revision, facts->>'recordedAt' as "recordedAt", facts->'cause' as cause,
       facts->'employment' as employment,
       (select jsonb_object_agg(name, facts->'fields'->name) from unnest($3::text[]) as name
        where facts->'fields' ? name) as fields
     from employee_revision
     where tenant = $1 and employee_id = $2 and revision <= $4
     order by revision desc limit $5`,
    [tenant, employeeId, names, page.upTo, page.limit],
  );
