import { testDatabase } from '@portico/testing';
import { SchemaTooOldError, sqlOf } from '@portico/database';
import { createOrm, migrate, requireMigrations } from '../src/persistence/orm.js';
import { openDatabase } from './fixtures.js';

test('the migrations make what the entities say', async () => {
  const { orm, close } = await openDatabase();
  const difference = await orm.schema.getUpdateSchemaSQL({ dropTables: false });
  await close();
  // Partial indexes are the migrations' alone, and MikroORM knows no identity within a key of several columns.
  const statements = difference
    .split('\n')
    .filter(
      (line) =>
        line !== '' && !/^(set names|drop index|alter table "attempt" alter column "id" drop default)/.test(line),
    );
  expect(statements).toEqual([]);
});

test('a service refuses a schema that lacks a migration, and accepts a newer one', async () => {
  const database = await testDatabase();
  const orm = createOrm(database.url);
  await expect(requireMigrations(orm)).rejects.toThrow(SchemaTooOldError);
  expect(await migrate(database.url)).toEqual([
    '0001-cells-and-lanes',
    '0002-who-is-in-the-way',
    '0003-cheaper-statistics',
    '0004-the-account-as-wanted',
    '0005-read-back-by-time',
    '0006-what-was-refused',
    '0007-fewer-bytes-and-indexes',
    '0008-events-in-batches',
    '0009-what-cells-wait-for',
    '0010-hints-between-lanes',
    '0011-holds',
  ]);
  expect(await migrate(database.url)).toEqual([]);
  await requireMigrations(orm);
  await sqlOf(orm.em.fork())(`insert into migration (name) values ('9999-of-a-newer-version')`);
  await requireMigrations(orm);
  expect(await migrate(database.url)).toEqual([]);
  await orm.close(true);
  await database.close();
});
