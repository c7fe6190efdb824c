import { Migration } from '@mikro-orm/migrations';
import { defineEntity, p, type MikroORM } from '@mikro-orm/postgresql';
import { testDatabase } from '@portico/testing';
import { databaseHealth, inTransaction, SchemaTooOldError, serviceDatabase, sqlOf } from '../src/index.js';

class Counters extends Migration {
  override name = '0001-counters';

  override up(): void {
    this.addSql('create table counter (name text primary key, value int not null)');
  }
}

class Labels extends Migration {
  override name = '0002-labels';

  override up(): void {
    this.addSql('alter table counter add label text');
  }
}

const Counter = defineEntity({ name: 'Counter', properties: { name: p.text().primary(), value: p.integer() } });

const versions = (...migrations: (typeof Counters | typeof Labels)[]) =>
  serviceDatabase({ service: 'spec', entities: [Counter], migrations });
const older = versions(Counters);
const newer = versions(Counters, Labels);

let url: string;
let orm: MikroORM;
let close: () => Promise<void>;

beforeEach(async () => {
  ({ url, close } = await testDatabase());
  orm = older.createOrm(url);
});
afterEach(async () => {
  await orm.close(true);
  await close();
});

describe(serviceDatabase, () => {
  it('migrates once, and says what it applied', async () => {
    expect(await older.migrate(url)).toEqual(['0001-counters']);
    expect(await newer.migrate(url)).toEqual(['0002-labels']);
    expect(await newer.migrate(url)).toEqual([]);
  });

  it('refuses a schema that lacks a migration, with the command', async () => {
    await expect(newer.requireMigrations(orm)).rejects.toThrow(SchemaTooOldError);
    await older.migrate(url);
    await expect(newer.requireMigrations(orm)).rejects.toThrow('lacks 0002-labels: run the migration command');
  });

  it('is asked from outside: whether it answers, and whether it has every migration', async () => {
    await older.ping(url);
    await expect(older.check(url)).rejects.toThrow('lacks 0001-counters');
    await older.migrate(url);
    await older.check(url);
    const nowhere = new URL(url);
    nowhere.port = '1';
    await expect(older.ping(nowhere.href)).rejects.toThrow('ECONNREFUSED');
  });

  it('accepts a newer schema, also when an older version migrates again', async () => {
    await newer.migrate(url);
    await older.requireMigrations(orm);
    expect(await older.migrate(url)).toEqual([]);
  });
});

describe(inTransaction, () => {
  const valueOf = async (name: string) =>
    (await sqlOf(orm.em.fork())<{ value: number }>('select value from counter where name = $1', [name]))[0]?.value;
  const add = 'update counter set value = value + 1 where name = $1';

  beforeEach(async () => {
    await older.migrate(url);
    const names = ['a', 'b', "x'; drop table counter; --"];
    await sqlOf(orm.em.fork())('insert into counter select name, 0 from unnest($1::text[]) name', [names]);
  });

  it('takes back everything when the work fails', async () => {
    const work = inTransaction(orm, async (sql) => {
      await sql(add, ['a']);
      throw new Error('broken off');
    });
    await expect(work).rejects.toThrow('broken off');
    expect(await valueOf('a')).toBe(0);
    expect(await valueOf("x'; drop table counter; --")).toBe(0);
  });

  it('tries a deadlock again, so that both get through', async () => {
    const both = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()] as const;
    const crossing = (mine: 0 | 1, first: string, second: string) =>
      inTransaction(orm, async (sql) => {
        await sql(add, [first]);
        both[mine].resolve(undefined);
        await both[mine === 0 ? 1 : 0].promise;
        await sql(add, [second]);
      });
    await Promise.all([crossing(0, 'a', 'b'), crossing(1, 'b', 'a')]);
    expect([await valueOf('a'), await valueOf('b')]).toEqual([2, 2]);
  });
});

describe(databaseHealth, () => {
  it('is up while the database answers, and down when it does not', async () => {
    await databaseHealth(orm).check();
    const nowhere = older.createOrm('postgresql://nobody@127.0.0.1:1/nothing');
    await expect(databaseHealth(nowhere).check()).rejects.toThrow();
    await nowhere.close(true);
  });
});

test('connections that break in transactions are replaced, however many', async () => {
  const few = older.createOrm(url, 2);
  const breakOne = () =>
    inTransaction(few, async (sql) => {
      await sql('select pg_terminate_backend(pg_backend_pid())');
    });
  for (let time = 1; time <= 4; time += 1) await expect(breakOne()).rejects.toThrow();
  const [row] = await inTransaction(few, (sql) => sql<{ one: number }>('select 1 as one'));
  expect(row).toEqual({ one: 1 });
  await few.close(true);
});
