import { serviceDatabase } from '@portico/database';
import { ENTITIES } from './entities.js';
import { MIGRATIONS } from './migrations/index.js';

export const { check, createOrm, migrate, ping, requireMigrations } = serviceDatabase({
  service: 'realm-policy',
  entities: ENTITIES,
  migrations: MIGRATIONS,
});
