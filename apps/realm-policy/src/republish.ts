import 'reflect-metadata';
import { SERVICES } from '@portico/contracts';
import { republish } from '@portico/messaging';
import { createLogger, loadConfig, MigrationConfig, runMain } from '@portico/service-kit';
import { createOrm, requireMigrations } from './persistence/orm.js';
import { inTransaction } from '@portico/database';

/** `node dist/republish.js [tenant]`: has the running service publish its current state again. */
await runMain(SERVICES.policy, async () => {
  const [tenant] = process.argv.slice(2);
  const orm = createOrm(loadConfig(MigrationConfig).databaseUrl, 1);
  try {
    await requireMigrations(orm);
    const rows = await inTransaction(orm, async (sql) => ({
      realms: await republish(sql, 'realm', tenant),
      decisions: await republish(sql, 'access', tenant),
    }));
    createLogger({ name: SERVICES.policy, level: 'info' }).info(rows, 'to be published again');
  } finally {
    await orm.close(true);
  }
});
