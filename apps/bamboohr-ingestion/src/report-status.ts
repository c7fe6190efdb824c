import { QueryOrder, type MikroORM } from '@mikro-orm/postgresql';
import type { SourceReadSummary, SourceStatusAnswer } from '@portico/contracts';
import { ReadEntity, type Read } from './persistence/entities.js';
import { sqlOf } from '@portico/database';

const SHOWN_READS = 20;

const COUNTS = `
  select count(*)::int as employees, coalesce(max(revision), 0)::float8 as "maxRevision",
    coalesce(sum(revision), 0)::text as "revisionSum",
    (count(*) filter (where revision > published_revision))::int as unpublished
  from employee where tenant = $1`;

/** What is not done yet, and then the newest; by one clock, since reads are asked for by the clock of the business too. */
const NEWEST_FIRST = [{ finishedAt: QueryOrder.DESC_NULLS_FIRST }, { requestedAt: QueryOrder.DESC }];

/** How far a tenant's source has been read, and how much of it waits to be published. */
export const reportStatus = async (orm: MikroORM, tenant: string): Promise<SourceStatusAnswer> => {
  const em = orm.em.fork();
  const [counts] = await sqlOf(em)<Omit<SourceStatusAnswer, 'reads'>>(COUNTS, [tenant]);
  const reads = await em.find(ReadEntity, { tenant }, { orderBy: NEWEST_FIRST, limit: SHOWN_READS });
  return { ...(counts ?? { employees: 0, maxRevision: 0, unpublished: 0 }), reads: reads.map(summaryOf) };
};

/** There is more to be read, or to be published. */
export const isUnderWay = ({ unpublished, reads }: SourceStatusAnswer): boolean =>
  unpublished > 0 || reads.some(({ state }) => state === 'waiting' || state === 'running');

const summaryOf = ({ id, kind, state, startedAt, finishedAt, rows, totals, reason }: Read): SourceReadSummary => ({
  id,
  kind,
  state,
  ...(startedAt ? { startedAt: startedAt.toISOString() } : {}),
  ...(finishedAt ? { finishedAt: finishedAt.toISOString() } : {}),
  ...(typeof rows === 'number' ? { rows } : {}),
  ...(totals ? { totals } : {}),
  ...(reason ? { reason } : {}),
});
