import type { MikroORM } from '@mikro-orm/postgresql';
import { sqlOf } from '@portico/database';

const LOOK_MS = 2_000;

/** Tables that have changed by a fifth since PostgreSQL looked at them. */
const OUTDATED = `
  select quote_ident(relname) as "table" from pg_stat_user_tables
  where schemaname = current_schema() and n_mod_since_analyze > 1000 + n_live_tup / 5
    and relname not in ('learner_outbox', 'operation_outbox', 'migration')`;

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
    const sql = sqlOf(this.orm.em.fork());
    for (const { table } of await sql<{ table: string }>(OUTDATED)) await sql(`analyze ${table}`);
  }
}
