import 'reflect-metadata';
import { SERVICES } from '@portico/contracts';
import { createLogger, loadConfig, MigrationConfig, runMain } from '@portico/service-kit';
import { migrate } from './persistence/orm.js';

await runMain(SERVICES.policy, async () => {
  const applied = await migrate(loadConfig(MigrationConfig).databaseUrl);
  createLogger({ name: SERVICES.policy, level: 'info' }).info({ applied }, 'the database is up to date');
});
