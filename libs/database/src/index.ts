export { databaseHealth } from './database-health.js';
export {
  SchemaTooOldError,
  serviceDatabase,
  type DatabaseDescription,
  type ServiceDatabase,
} from './service-database.js';
export { inTransaction, momentOf, sqlOf } from './sql.js';
