import 'reflect-metadata';
import { SERVICES } from '@portico/contracts';
import { NOTIFY_RELAY_SQL, republish } from '@portico/messaging';
import { createLogger, loadConfig, MigrationConfig, runMain } from '@portico/service-kit';
import { createOrm } from './persistence/orm.js';
import { inTransaction } from '@portico/database';

/** `node dist/republish.js [tenant]`: after a restored database or a lost stream, every row is published again. */
await runMain(SERVICES.ingestion, async () => {
  const { databaseUrl } = loadConfig(MigrationConfig);
  const tenant = process.argv[2];
  const orm = createOrm(databaseUrl, 1);
  try {
    const employees = await inTransaction(orm, async (sql) => {
      const count = await republish(sql, 'employee', tenant);
      await sql(NOTIFY_RELAY_SQL);
      return count;
    });
    const logger = createLogger({ name: SERVICES.ingestion, level: 'info' });
    logger.info({ employees, tenant }, 'rows wait to be published again');
  } finally {
    await orm.close(true);
  }
});
