import 'reflect-metadata';
import { SERVICES } from '@portico/contracts';
import { awaitNeeds, createLogger, loadConfig, MigrationConfig, runMain } from '@portico/service-kit';
import { migrate, ping } from './persistence/orm.js';

await runMain(SERVICES.ingestion, async () => {
  const { databaseUrl, startWaitSeconds: seconds } = loadConfig(MigrationConfig);
  const logger = createLogger({ name: SERVICES.ingestion, level: 'info' });
  await awaitNeeds([() => ping(databaseUrl)], { seconds, onWait: (reason) => logger.warn(`waiting for: ${reason}`) });
  const applied = await migrate(databaseUrl);
  logger.info({ applied }, applied.length === 0 ? 'the database is up to date' : 'the database was migrated');
});
