import type { Socket } from 'node:net';
import { Migration } from '@mikro-orm/migrations';
import { defineEntity, p, type MikroORM } from '@mikro-orm/postgresql';
import type { Sql } from '@portico/messaging';
import { testDatabase } from '@portico/testing';
import {
  databaseHealth,
  inTransaction,
  prepared,
  SchemaTooOldError,
  serviceDatabase,
  sqlOf,
  withEntities,
} from '../src/index.js';

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

/** Whoever asks hears of it later than of what comes behind it. */
const deeply = async (work: Promise<unknown>) => Promise.all([await work]);

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
        await Promise.all([deeply(sql(add, [second])), sql('select 1')]);
      });
    await Promise.all([crossing(0, 'a', 'b'), crossing(1, 'b', 'a')]);
    expect([await valueOf('a'), await valueOf('b')]).toEqual([2, 2]);
  });
});

test('a statement that fails by itself leaves its connection in use', async () => {
  const one = older.createOrm(url, 1);
  const ask = sqlOf(one.em.fork());
  const pid = () => ask<{ pid: number }>('select pg_backend_pid() as pid');
  const before = await pid();
  await expect(ask('select 1 / 0')).rejects.toThrow('division by zero');
  expect(await pid()).toEqual(before);
  await one.close(true);
});

describe('statements that are begun together', () => {
  const valuesOf = async () =>
    (await sqlOf(orm.em.fork())<{ value: number }>('select value from counter order by name')).map(
      ({ value }) => value,
    );
  const set = prepared('update counter set value = value * 10 + $2 where name = $1');

  beforeEach(async () => {
    await older.migrate(url);
    await sqlOf(orm.em.fork())(`insert into counter values ('a', 0), ('b', 0)`);
  });

  it('run in that order, each in sight of those before it', async () => {
    const digits = [1, 2, 3, 4, 5, 6];
    const seen = await inTransaction(orm, async (sql) => {
      const [, , rows] = await Promise.all([
        Promise.all(digits.slice(0, 3).map((digit) => sql(set, ['a', digit]))),
        Promise.all(digits.slice(3).map((digit) => sql(set, ['a', digit]))),
        sql<{ value: number }>('select value from counter where name = $1', ['a']),
      ]);
      return rows;
    });
    expect(seen).toEqual([{ value: 123_456 }]);
  });

  it('go out together, before the first is answered', async () => {
    const few = older.createOrm(url, 1);
    let written = () => 0;
    const pool = await few.em.getConnection().getNativeClient();
    pool.on('acquire', ({ connection: { stream } }) => (written = () => (stream as Socket).bytesWritten));
    const lock = 'select pg_advisory_xact_lock(1)';
    const waiting = await inTransaction(orm, async (other) => {
      await other(lock);
      const begun = Promise.withResolvers<unknown>();
      const ended = inTransaction(few, async (sql) => {
        const both = Promise.all([sql(lock), sql('select $1::text', ['x'.repeat(100_000)])]);
        begun.resolve(undefined);
        await both;
      });
      await begun.promise;
      expect(written()).toBeGreaterThan(100_000);
      return { ended };
    });
    await waiting.ended;
    await few.close(true);
  });

  it.each([0, 1, 2])('are all taken back when number %i of them fails', async (failing) => {
    const work = inTransaction(orm, (sql) =>
      Promise.all(
        ['a', 'b', 'a'].map((name, index) => (index === failing ? sql('select 1 / 0') : sql(set, [name, 1]))),
      ),
    );
    await expect(work).rejects.toThrow('division by zero');
    expect(await valuesOf()).toEqual([0, 0]);
  });

  it('say what failed first, however deep it was asked for', async () => {
    for (let time = 0; time < 10; time += 1) {
      const work = inTransaction(orm, (sql) =>
        Promise.all([deeply(sql('select 1 / 0')), sql(set, ['a', 1]), sql(set, ['b', 1])]),
      );
      await expect(work).rejects.toThrow('division by zero');
    }
    const own = inTransaction(orm, (sql) =>
      Promise.all([sql('select 1').then(() => Promise.reject(new Error('our own'))), sql(set, ['a', 1])]),
    );
    await expect(own).rejects.toThrow('our own');
  });

  it('leave no connection that lacks a statement which a pooler takes for known', async () => {
    const one = older.createOrm(url, 1);
    await inTransaction(one, (sql) => sql('select 1'));
    let opened = 0;
    (await one.em.getConnection().getNativeClient()).on('connect', () => (opened += 1));
    const keep = (sql: Sql) => sql(set, ['a', 1]);
    const fail = () => inTransaction(one, (sql) => Promise.all([sql('select 1 / 0'), keep(sql)]));
    await expect(fail()).rejects.toThrow('division by zero');
    await inTransaction(one, keep);
    expect(opened).toBe(1);
    await expect(fail()).rejects.toThrow('division by zero');
    await inTransaction(one, keep);
    expect(opened).toBe(1);
    await one.close(true);
  });

  it('are also taken back when nobody waited for the one that failed', async () => {
    const work = inTransaction(orm, async (sql) => {
      sql('select 1 / 0').catch(() => undefined);
      await Promise.resolve();
    });
    await expect(work).rejects.toThrow('a statement failed that the work did not wait for');
  });

  it('do not go on once another has broken the work off', async () => {
    const few = older.createOrm(url, 1);
    const late = Promise.withResolvers<unknown>();
    const work = inTransaction(few, (sql) =>
      Promise.all([
        sql(set, ['a', 1]).then(() => Promise.reject(new Error('broken off'))),
        sql(set, ['b', 1])
          .then(() => new Promise(setImmediate))
          .then(() => sql(set, ['b', 2]).catch(late.resolve)),
      ]),
    );
    await expect(work).rejects.toThrow('broken off');
    expect(String(await late.promise)).toContain('after its transaction had ended');
    expect(await inTransaction(few, (sql) => sql<{ one: number }>('select 1 as one'))).toEqual([{ one: 1 }]);
    expect(await valuesOf()).toEqual([0, 0]);
    await few.close(true);
  });
});

test('entities and statements of one unit of work are kept or taken back together', async () => {
  await older.migrate(url);
  const work = (fails: boolean) =>
    withEntities(orm, async (sql, em) => {
      em.create(Counter, { name: fails ? 'lost' : 'kept', value: 1 });
      await em.flush();
      await sql('update counter set value = 2');
      if (fails) throw new Error('broken off');
    });
  await work(false);
  await expect(work(true)).rejects.toThrow('broken off');
  expect(await sqlOf(orm.em.fork())('select name, value from counter')).toEqual([{ name: 'kept', value: 2 }]);
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
    inTransaction(few, (sql) =>
      Promise.all(['select 1', 'select pg_terminate_backend(pg_backend_pid())', 'select 2'].map((text) => sql(text))),
    );
  for (let time = 1; time <= 4; time += 1) await expect(breakOne()).rejects.toThrow('terminat');
  const [row] = await inTransaction(few, (sql) => sql<{ one: number }>('select 1 as one'));
  expect(row).toEqual({ one: 1 });
  await few.close(true);
});
