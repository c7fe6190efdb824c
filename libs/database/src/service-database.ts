import { Migrator, type Migration } from '@mikro-orm/migrations';
import { MikroORM, UnderscoreNamingStrategy, type Options } from '@mikro-orm/postgresql';

/** A migration with the name under which it is recorded. */
export type NamedMigration = new (
  ...args: ConstructorParameters<typeof Migration>
) => Migration & { readonly name: string };

export interface DatabaseDescription {
  /** As which PostgreSQL shows the connections. */
  readonly service: string;
  readonly entities: NonNullable<Options['entities']>;
  /** In the order in which they are applied; expand first, contract in a later version. */
  readonly migrations: readonly NamedMigration[];
}

/** The database of one service. */
export interface ServiceDatabase {
  /** Connects at the first query. */
  createOrm(url: string, connections?: number): MikroORM;
  /** Brings the schema up to this version; a database that is newer stays as it is. Gives what it applied. */
  migrate(url: string): Promise<string[]>;
  /**
   * Connects for the question alone.
   * @throws what the server says when it can't be reached; SchemaTooOldError
   */
  check(url: string): Promise<void>;
  /** The same for a database that may lack migrations. */
  ping(url: string): Promise<void>;
  /**
   * A service works on a schema that is as new as itself or newer, and never migrates by itself.
   * @throws SchemaTooOldError naming what is missing and the command.
   */
  requireMigrations(orm: MikroORM): Promise<void>;
}

/** The database lacks a migration that this version needs. */
export class SchemaTooOldError extends Error {
  override readonly name = 'SchemaTooOldError';
}

const appliedMigrations = async (orm: MikroORM): Promise<string[]> => {
  const [{ exists } = { exists: false }] = await orm.em
    .fork()
    .execute<{ exists: boolean }[]>(`select to_regclass('migration') is not null as exists`);
  if (!exists) return [];
  const rows = await orm.em.fork().execute<{ name: string }[]>('select name from migration');
  return rows.map(({ name }) => name);
};

export const serviceDatabase = ({ service, entities, migrations }: DatabaseDescription): ServiceDatabase => {
  const createOrm = (url: string, connections = 10): MikroORM =>
    new MikroORM({
      clientUrl: url,
      entities,
      namingStrategy: UnderscoreNamingStrategy,
      extensions: [Migrator],
      pool: { min: 0, max: connections },
      driverOptions: { application_name: service, pipeline: true },
      migrations: {
        tableName: 'migration',
        migrationsList: [...migrations],
        snapshot: false,
        snapshotOnMigrate: false,
        silent: true,
      },
    });
  const requireMigrations = async (orm: MikroORM): Promise<void> => {
    const applied = new Set(await appliedMigrations(orm));
    const missing = migrations
      .map((migration) => new migration(orm.driver, orm.config).name)
      .filter((name) => !applied.has(name));
    if (missing.length === 0) return;
    throw new SchemaTooOldError(
      `the database lacks ${missing.join(', ')}: run the migration command (dist/migrate.js)`,
    );
  };
  const asking = async (url: string, ask: (orm: MikroORM) => Promise<unknown>): Promise<void> => {
    const orm = createOrm(url, 1);
    try {
      await ask(orm);
    } finally {
      await orm.close(true);
    }
  };
  return {
    createOrm,
    requireMigrations,
    check: (url) => asking(url, requireMigrations),
    ping: (url) => asking(url, (orm) => orm.em.fork().execute('select 1')),
    migrate: async (url) => {
      const orm = createOrm(url, 2);
      try {
        return (await orm.migrator.up()).map(({ name }) => name);
      } finally {
        await orm.close(true);
      }
    },
  };
};
