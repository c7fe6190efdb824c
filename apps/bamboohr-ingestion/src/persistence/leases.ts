import type { MikroORM } from '@mikro-orm/postgresql';
import type { Sql } from '@portico/messaging';
import type { ReadKind } from './entities.js';
import { inTransaction } from '@portico/database';

/** After this silence another worker takes the tenant over. */
export const LEASE_SECONDS = 5;

/** How to read a tenant's source, as it was when the lease was taken. */
export interface ReadSource {
  /** Of `realm.changed`. */
  readonly revision: number;
  readonly timeZone: string;
  readonly company: string;
  readonly baseUrl: string | null;
  readonly secretRef: string;
  /** The fields that policy uses. */
  readonly fields: readonly string[];
  /** Where to follow the feed from; `null` before the first full read. */
  readonly changedSince: string | null;
  readonly changedSeen: Readonly<Record<string, string>>;
}

/** What a worker is to do for one tenant, and the lease under which it may. */
export interface ReadJob {
  readonly tenant: string;
  readonly lease: number;
  readonly readId: string;
  readonly kind: ReadKind;
  readonly cause: 'read' | 'hand';
  readonly source: ReadSource;
}

/** Another worker has the tenant now, or the tenant was switched off: what was read is thrown away. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
  constructor() {
    super('the lease of the tenant is lost');
  }
}

interface ClaimedRow {
  readonly tenant: string;
  readonly lease: number;
  readonly revision: number;
  readonly time_zone: string;
  readonly company: string;
  readonly base_url: string | null;
  readonly secret_ref: string;
  readonly fields: string[];
  readonly changed_since: string | null;
  readonly changed_seen: Record<string, string>;
  readonly full_due: boolean;
}

interface WaitingRow {
  readonly id: string;
  readonly kind: ReadKind;
  readonly cause: 'read' | 'hand';
}

/** What is due goes by the clock of the business, `$3`; leases and pauses by the database's own. */
const CLAIM = `
  update tenant set lease = lease + 1, leased_until = now() + make_interval(secs => $2)
  where tenant = (
    select candidate.tenant from tenant candidate
    where candidate.active and candidate.pool = any($1::text[]) and candidate.not_before <= now()
      and (candidate.leased_until is null or candidate.leased_until <= now())
      and (candidate.full_due_at <= $3 or candidate.poll_due_at <= $3
        or exists (select 1 from read where read.tenant = candidate.tenant and state in ('waiting', 'running')))
    order by candidate.leased_until nulls first
    limit 1
    for update skip locked)
  returning tenant, lease::float8, revision::float8, time_zone, company, base_url, secret_ref, fields, changed_since,
    changed_seen, (full_due_at <= $3 or changed_since is null) as full_due`;

/** A read that was running under an earlier lease is begun again. */
const NEXT_WAITING = `
  select id, kind, cause from read where tenant = $1 and state in ('waiting', 'running')
  order by kind = 'full' desc, requested_at limit 1`;

/** Takes the tenant that was served longest ago among those with a read due, if there is one. */
export const claimRead = (
  orm: MikroORM,
  pools: readonly string[],
  now: string,
  newId: () => string,
): Promise<ReadJob | undefined> =>
  inTransaction(orm, async (sql) => {
    const [row] = await sql<ClaimedRow>(CLAIM, [pools, LEASE_SECONDS, now]);
    if (row === undefined) return undefined;
    const [waiting] = await sql<WaitingRow>(NEXT_WAITING, [row.tenant]);
    const fresh = { id: newId(), kind: row.full_due ? 'full' : 'changed', cause: 'read' } as const;
    // Nothing can be compared with a feed before the first full read.
    const { id, kind, cause } = waiting ?? fresh;
    const job = jobOf(row, { id, cause, kind: row.changed_since === null ? 'full' : kind });
    if (waiting !== undefined || job.kind === 'full') await markRunning(sql, job);
    return job;
  });

const jobOf = (row: ClaimedRow, { id, kind, cause }: WaitingRow): ReadJob => ({
  tenant: row.tenant,
  lease: row.lease,
  readId: id,
  kind,
  cause,
  source: {
    revision: row.revision,
    timeZone: row.time_zone,
    company: row.company,
    baseUrl: row.base_url,
    secretRef: row.secret_ref,
    fields: row.fields,
    changedSince: row.changed_since,
    changedSeen: row.changed_seen,
  },
});

/** A poll that was not asked for leaves no row unless it finds something. */
const markRunning = (sql: Sql, { tenant, readId, kind, cause }: ReadJob): Promise<object[]> =>
  sql(
    `insert into read (tenant, id, kind, cause, state, requested_at, started_at)
     values ($1, $2, $3, $4, 'running', now(), now())
     on conflict (tenant, id) do update set state = 'running', kind = excluded.kind, started_at = now()`,
    [tenant, readId, kind, cause],
  );

/** Keeps the lease while the work goes on; false when it is lost. */
export const renewLease = (orm: MikroORM, { tenant, lease }: ReadJob): Promise<boolean> =>
  inTransaction(orm, async (sql) => {
    const rows = await sql(
      `update tenant set leased_until = now() + make_interval(secs => $3)
       where tenant = $1 and lease = $2 and active returning tenant`,
      [tenant, lease, LEASE_SECONDS],
    );
    return rows.length === 1;
  });

export interface LockedTenant {
  readonly pool: string;
  /** Of `realm.changed`; another one than the job's means that the source changed during the read. */
  readonly revision: number;
  readonly failures: number;
  readonly finding: string | null;
}

/**
 * Locks the tenant's row: whatever writes employees holds it.
 * @throws LeaseLostError
 */
export const lockLeased = async (sql: Sql, { tenant, lease }: ReadJob): Promise<LockedTenant> => {
  const [row] = await sql<LockedTenant>(
    `select pool, revision::float8, failures, finding from tenant
     where tenant = $1 and lease = $2 and active for update`,
    [tenant, lease],
  );
  if (row === undefined) throw new LeaseLostError();
  return row;
};
