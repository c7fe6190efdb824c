import type { MikroORM } from '@mikro-orm/postgresql';
import type { CauseTotals, SourceReadSummary, SourceStatusAnswer } from '@portico/contracts';
import { inSnapshot, momentOf } from '@portico/database';
import type { Clock } from '@portico/service-kit';
import type { ReadKind, ReadState } from './persistence/entities.js';

const SHOWN_READS = 20;

const COUNTS = `
  select count(*)::int as employees, coalesce(max(revision), 0)::float8 as "maxRevision",
    coalesce(sum(revision), 0)::text as "revisionSum",
    (count(*) filter (where revision > published_revision))::int as unpublished
  from employee where tenant = $1`;

/** One that waits out a failure is none: it is due again when the pause is over. */
const SOURCE = `
  select revision::float8 as "realmRevision",
    active and full_due_at <= $2 and not_before <= now() and not exists (
      select from read where tenant = $1 and kind = 'full' and state in ('waiting', 'running')
    ) as "isFullReadDue"
  from tenant where tenant = $1`;

/** What is not done yet, and then the newest; by one clock, since reads are asked for by the clock of the business too. */
const READS = `
  select id, kind, state, started_at as "startedAt", finished_at as "finishedAt", rows, totals, reason
  from read where tenant = $1 order by finished_at desc nulls first, requested_at desc limit ${SHOWN_READS}`;

type Counts = Pick<SourceStatusAnswer, 'employees' | 'maxRevision' | 'revisionSum' | 'unpublished'>;
type Source = Required<Pick<SourceStatusAnswer, 'realmRevision' | 'isFullReadDue'>>;

interface ReadRow {
  readonly id: string;
  readonly kind: ReadKind;
  readonly state: ReadState;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly rows: number | null;
  readonly totals: CauseTotals | null;
  readonly reason: string | null;
}

/**
 * How far a tenant's source has been read, and how much of it waits to be published: all at one moment, or a read that ends
 * between two looks is certified and has changed nobody.
 */
export const reportStatus = (orm: MikroORM, clock: Clock, tenant: string): Promise<SourceStatusAnswer> =>
  inSnapshot(orm, async (sql) => {
    const [counts] = await sql<Counts>(COUNTS, [tenant]);
    const [source] = await sql<Source>(SOURCE, [tenant, clock.now().toString()]);
    const reads = await sql<ReadRow>(READS, [tenant]);
    return {
      ...(counts ?? { employees: 0, maxRevision: 0, unpublished: 0 }),
      ...source,
      reads: reads.map(summaryOf),
    };
  });

/** There is more to be read, or to be published. */
export const isUnderWay = ({ unpublished, isFullReadDue, reads }: SourceStatusAnswer): boolean =>
  unpublished > 0 || isFullReadDue === true || reads.some(({ state }) => state === 'waiting' || state === 'running');

const summaryOf = ({ id, kind, state, startedAt, finishedAt, rows, totals, reason }: ReadRow): SourceReadSummary => ({
  id,
  kind,
  state,
  ...(startedAt === null ? {} : { startedAt: momentOf(startedAt) }),
  ...(finishedAt === null ? {} : { finishedAt: momentOf(finishedAt) }),
  ...(rows === null ? {} : { rows }),
  ...(totals === null ? {} : { totals }),
  ...(reason === null ? {} : { reason }),
});
