export { databaseHealth } from './database-health.js';
export { joinLines, jsonLines, linesOf } from './json-lines.js';
export { rowGauges, unpublishedRows, type RowGauge } from './row-gauges.js';
export {
  SchemaTooOldError,
  serviceDatabase,
  type DatabaseDescription,
  type ServiceDatabase,
} from './service-database.js';
export { sparse } from './sparse.js';
export { momentOf, prepared, sqlOf } from './sql.js';
export { inSnapshot, inTransaction, OvertakenError, withEntities } from './transactions.js';
