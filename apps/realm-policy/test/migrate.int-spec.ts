import { testDatabase } from '@portico/testing';
import { SchemaTooOldError, sqlOf } from '@portico/database';
import { createOrm, migrate, requireMigrations } from '../src/persistence/orm.js';

it('is made by the command alone, twice does no harm, and a newer schema is taken', async () => {
  const database = await testDatabase();
  const orm = createOrm(database.url);
  try {
    await expect(requireMigrations(orm)).rejects.toThrow(SchemaTooOldError);
    expect(await migrate(database.url)).toEqual([
      '0001-realms-and-decisions',
      '0002-access-history',
      '0003-subject-moves',
      '0004-arrivals',
      '0005-person-text',
      '0006-taken',
    ]);
    expect(await migrate(database.url)).toEqual([]);
    await sqlOf(orm.em.fork())(`insert into migration (name, executed_at) values ('9999-from-the-future', now())`);
    await expect(requireMigrations(orm)).resolves.toBeUndefined();
    expect(await migrate(database.url)).toEqual([]);
  } finally {
    await orm.close(true);
    await database.close();
  }
});
