import type { ChangeTotals, ReadCertificate } from '@portico/employee-changes';
import type { ReadJob } from './leases.js';
import type { Sql } from '@portico/messaging';

/** Reads that are kept of each tenant. */
const KEPT = 100;

export interface FinishedRead {
  readonly state: 'waiting' | 'certified' | 'refused' | 'failed';
  readonly rows?: number;
  readonly totals?: ChangeTotals;
  readonly certificate?: ReadCertificate;
  readonly reason?: string;
}

/** How many people the last certified full read had; 0 before the first. */
export const rowsOfLastFullRead = async (sql: Sql, tenant: string): Promise<number> => {
  const [row] = await sql<{ rows: number }>(
    `select rows from read where tenant = $1 and kind = 'full' and state = 'certified'
     order by finished_at desc limit 1`,
    [tenant],
  );
  return row?.rows ?? 0;
};

export const recordRead = async (sql: Sql, job: ReadJob, startedAt: string, read: FinishedRead): Promise<void> => {
  await sql(
    `insert into read (tenant, id, kind, cause, state, requested_at, started_at, finished_at, rows, totals, certificate, reason)
     values ($1, $2, $3, $4, $5, $6, $6, case when $5 = 'waiting' then null else now() end, $7, $8::jsonb, $9::jsonb, $10)
     on conflict (tenant, id) do update set kind = excluded.kind, state = excluded.state, finished_at = excluded.finished_at,
       rows = excluded.rows, totals = excluded.totals, certificate = excluded.certificate, reason = excluded.reason`,
    [
      job.tenant,
      job.readId,
      job.kind,
      job.cause,
      read.state,
      startedAt,
      read.rows ?? null,
      json(read.totals),
      json(read.certificate),
      read.reason ?? null,
    ],
  );
  await prune(sql, job.tenant);
};

const json = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));

/** The last certified full read is kept besides: the next one is compared with it. */
const prune = (sql: Sql, tenant: string): Promise<object[]> =>
  sql(
    `delete from read where tenant = $1 and state in ('certified', 'refused', 'failed') and (tenant, id) not in (
       (select tenant, id from read where tenant = $1 order by finished_at desc nulls first limit ${KEPT})
       union all
       (select tenant, id from read where tenant = $1 and kind = 'full' and state = 'certified'
        order by finished_at desc limit 1))`,
    [tenant],
  );
