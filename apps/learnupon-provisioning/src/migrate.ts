import 'reflect-metadata';
import { SERVICES } from '@portico/contracts';
import { createLogger, loadConfig, MigrationConfig, runMain } from '@portico/service-kit';
import { migrate } from './persistence/orm.js';

await runMain(SERVICES.provisioning, async () => {
  const { databaseUrl } = loadConfig(MigrationConfig);
  const applied = await migrate(databaseUrl);
  const logger = createLogger({ name: SERVICES.provisioning, level: 'info' });
  logger.info({ applied }, applied.length === 0 ? 'the database is up to date' : 'the database was migrated');
});
