import { Migrator } from '@mikro-orm/migrations';
import { MikroORM, UnderscoreNamingStrategy } from '@mikro-orm/postgresql';
import { ENTITIES } from './entities.js';
import { MIGRATIONS } from './migrations/index.js';

/** The database lacks a migration that this version needs. */
export class SchemaTooOldError extends Error {
  override readonly name = 'SchemaTooOldError';
}

/** Connects at the first query. */
export const createOrm = (url: string, connections = 10): MikroORM =>
  new MikroORM({
    clientUrl: url,
    entities: ENTITIES,
    namingStrategy: UnderscoreNamingStrategy,
    extensions: [Migrator],
    pool: { min: 0, max: connections },
    driverOptions: { application_name: 'learnupon-provisioning' },
    migrations: {
      tableName: 'migration',
      migrationsList: MIGRATIONS,
      snapshot: false,
      snapshotOnMigrate: false,
      silent: true,
    },
  });

/** Brings the schema up to this version; a database that is newer stays as it is. Gives what it applied. */
export const migrate = async (url: string): Promise<string[]> => {
  const orm = createOrm(url, 2);
  try {
    return (await orm.migrator.up()).map(({ name }) => name);
  } finally {
    await orm.close(true);
  }
};

/**
 * A service works on a schema that is as new as itself or newer, and never migrates by itself.
 * @throws SchemaTooOldError naming what is missing and the command.
 */
export const requireMigrations = async (orm: MikroORM): Promise<void> => {
  const applied = new Set(await appliedMigrations(orm));
  const missing = MIGRATIONS.map((migration) => new migration(orm.driver, orm.config).name).filter(
    (name) => !applied.has(name),
  );
  if (missing.length === 0) return;
  throw new SchemaTooOldError(`the database lacks ${missing.join(', ')}: run the migration command (dist/migrate.js)`);
};

const appliedMigrations = async (orm: MikroORM): Promise<string[]> => {
  const [{ exists } = { exists: false }] = await orm.em
    .fork()
    .execute<{ exists: boolean }[]>(`select to_regclass('migration') is not null as exists`);
  if (!exists) return [];
  const rows = await orm.em.fork().execute<{ name: string }[]>('select name from migration');
  return rows.map(({ name }) => name);
};
