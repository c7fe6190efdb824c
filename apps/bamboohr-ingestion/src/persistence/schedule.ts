import type { Sql } from '@portico/messaging';
import type { LockedTenant, ReadJob } from './leases.js';

/** Pauses after failures double from here. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5 * 60_000;

export interface Failure {
  /** The name of what is wrong; reported once until something else is wrong or all is well. */
  readonly finding: string;
  /** What the vendor asked for. */
  readonly pauseMs?: number;
}

/**
 * Plans the next reads and returns the lease. A full read stays due when the source changed during this one.
 * @param now RFC 3339, by the clock of the business
 */
export const scheduleAfterSuccess = async (
  sql: Sql,
  job: ReadJob,
  tenant: LockedTenant,
  kind: 'full' | 'changed',
  position: { readonly since: string; readonly seen: Readonly<Record<string, string>> },
  now: string,
): Promise<void> => {
  const isFullReadDone = kind === 'full' && tenant.revision === job.source.revision;
  await sql(
    `update tenant set leased_until = now(), not_before = now(), failures = 0, finding = null,
       poll_due_at = $3::timestamptz + make_interval(secs => poll_seconds),
       full_due_at = case when $4 then $3::timestamptz + make_interval(secs => full_read_seconds) else full_due_at end
     where tenant = $1 and lease = $2`,
    [job.tenant, job.lease, now, isFullReadDone],
  );
  // The source of a newer revision may have a feed of its own.
  if (tenant.revision !== job.source.revision) return;
  await sql('update tenant set changed_since = $2, changed_seen = $3::jsonb where tenant = $1', [
    job.tenant,
    position.since,
    JSON.stringify(position.seen),
  ]);
};

/** Plans another attempt and returns the lease. */
export const scheduleAfterFailure = async (
  sql: Sql,
  job: ReadJob,
  tenant: LockedTenant,
  { finding, pauseMs }: Failure,
): Promise<void> => {
  const growing = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(tenant.failures, 16), LONGEST_PAUSE_MS);
  await sql(
    `update tenant set leased_until = now(), failures = failures + 1, finding = $3,
       not_before = now() + make_interval(secs => $4)
     where tenant = $1 and lease = $2`,
    [job.tenant, job.lease, finding, (pauseMs ?? growing) / 1_000],
  );
};

/** Returns the lease of work that was broken off, to be begun again at once. */
export const returnLease = (sql: Sql, { tenant, lease }: ReadJob): Promise<object[]> =>
  sql('update tenant set leased_until = now() where tenant = $1 and lease = $2', [tenant, lease]);
