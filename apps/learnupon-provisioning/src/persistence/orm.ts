import { serviceDatabase } from '@portico/database';
import { ENTITIES } from './entities.js';
import { MIGRATIONS } from './migrations/index.js';

export const { check, createOrm, migrate, ping, requireMigrations } = serviceDatabase({
  service: 'learnupon-provisioning',
  entities: ENTITIES,
  migrations: MIGRATIONS,
});
