import type { MikroORM } from '@mikro-orm/postgresql';
import { inTransaction, sqlOf } from '@portico/database';

/** Tables that are four times what they were when PostgreSQL looked at them: what it knows of shares still holds before. */
const OUTDATED = `
  select quote_ident(seen.relname) as "table"
  from pg_stat_user_tables seen join pg_class on pg_class.oid = seen.relid
  where seen.schemaname = current_schema() and n_live_tup > 1000 and n_live_tup > 4 * reltuples
    and seen.relname not in ('learner_outbox', 'learner_event_batch', 'operation_outbox', 'migration')`;

/** Of 3,000 rows instead of 30,000: how much there is matters here, and next to nothing how it is spread. */
const SMALL_SAMPLE = 'set local default_statistics_target = 10';

/** Whoever vacuums the table, or analyzes it for another worker, looks at it anyway. */
const GIVE_WAY = `set local lock_timeout = '200ms'`;

/**
 * Keeps PostgreSQL's statistics near the truth while a first sync fills the tables: its own autovacuum looks once a minute,
 * and until then a batch of some hundred cells is planned as if the tables were empty.
 * @throws what the database says where somebody else is at a table: it is looked at again.
 */
export const refreshStatistics = async (orm: MikroORM): Promise<void> => {
  for (const { table } of await sqlOf(orm.em.fork())<{ table: string }>(OUTDATED)) {
    await inTransaction(orm, async (sql) => {
      await sql(SMALL_SAMPLE);
      await sql(GIVE_WAY);
      await sql(`analyze ${table}`);
    });
  }
};
