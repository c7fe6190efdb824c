import { serviceDatabase } from '@portico/database';
import { ENTITIES } from './entities.js';
import { MIGRATIONS } from './migrations/index.js';

export const { createOrm, migrate, requireMigrations } = serviceDatabase({
  service: 'learnupon-provisioning',
  entities: ENTITIES,
  migrations: MIGRATIONS,
});
