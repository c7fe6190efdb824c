import type { MikroORM } from '@mikro-orm/postgresql';
import { inTransaction, sqlOf } from '@portico/database';

const LOOK_MS = 2_000;

/** Tables that are four times what they were when PostgreSQL looked at them: what it knows of shares still holds before. */
const OUTDATED = `
  select quote_ident(seen.relname) as "table"
  from pg_stat_user_tables seen join pg_class on pg_class.oid = seen.relid
  where seen.schemaname = current_schema() and n_live_tup > 1000 and n_live_tup > 4 * reltuples
    and seen.relname not in ('learner_outbox', 'operation_outbox', 'migration')`;

/** Of 3,000 rows instead of 30,000: how much there is matters here, and next to nothing how it is spread. */
const SMALL_SAMPLE = 'set local default_statistics_target = 10';

/**
 * Keeps PostgreSQL's statistics near the truth while a first sync fills the tables: its own autovacuum looks once a minute,
 * and until then a batch of some hundred cells is planned as if the tables were empty.
 */
export class Statistics {
  private lookAt = 0;

  constructor(private readonly orm: MikroORM) {}

  async refresh(): Promise<void> {
    const now = performance.now();
    if (now < this.lookAt) return;
    this.lookAt = now + LOOK_MS;
    const outdated = await sqlOf(this.orm.em.fork())<{ table: string }>(OUTDATED);
    for (const { table } of outdated) {
      await inTransaction(this.orm, async (sql) => {
        await sql(SMALL_SAMPLE);
        await sql(`analyze ${table}`);
      });
    }
  }
}
