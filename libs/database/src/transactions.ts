import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { Sql } from '@portico/messaging';
import { giveBack, sqlOf, sqlOnClient } from './sql.js';

const DEADLOCK = '40P01';
const OVERTAKEN = '40001';

/** Somebody else wrote first what this transaction was about to write: thrown in one, it begins again. */
export class OvertakenError extends Error {
  override readonly name = 'OvertakenError';
  /** PostgreSQL's own, of a transaction that can't be serialised. */
  readonly code = OVERTAKEN;
}

const REPEATED: readonly unknown[] = [DEADLOCK, OVERTAKEN];
const ATTEMPTS = 5;

/** What is left of work that broke off must not go on in the next transaction of the connection. */
const whileOpen =
  (sql: Sql, isOpen: () => boolean): Sql =>
  async (text, params) => {
    if (!isOpen()) throw new Error('a statement came after its transaction had ended');
    return sql(text, params);
  };

/**
 * A statement that fails makes all behind it fail, and it is chance of which the work hears first. Noted in the order in
 * which they are answered.
 */
const noting =
  (sql: Sql, failures: unknown[]): Sql =>
  async (text, params) => {
    try {
      return await sql(text, params);
    } catch (error) {
      failures.push(error);
      throw error;
    }
  };

/** A connection that can't be rolled back is not given to anybody else. */
const transaction = async <T>(orm: MikroORM, begin: string, work: (sql: Sql) => Promise<T>): Promise<T> => {
  const pool = await orm.em.getConnection().getNativeClient();
  const client = await pool.connect();
  const failures: unknown[] = [];
  let isOpen = true;
  let isBroken = false;
  try {
    await client.query(begin);
    const result = await work(whileOpen(noting(sqlOnClient(client), failures), () => isOpen));
    isOpen = false;
    const { command } = await client.query('commit');
    // PostgreSQL does not call it an error to commit what has failed.
    if (command !== 'COMMIT') {
      throw new Error('a statement failed that the work did not wait for', { cause: failures[0] });
    }
    return result;
  } catch (error) {
    isOpen = false;
    await client.query('rollback').catch(() => (isBroken = true));
    throw failures.includes(error) ? failures[0] : error;
  } finally {
    giveBack(client, isBroken);
  }
};

/** Reads the database as it is at the first statement, whatever is written meanwhile. */
export const inSnapshot = <T>(orm: MikroORM, work: (sql: Sql) => Promise<T>): Promise<T> =>
  transaction(orm, 'begin isolation level repeatable read read only', work);

const repeating = async <T>(work: () => Promise<T>, attempt = 1): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (attempt >= ATTEMPTS || !REPEATED.includes(codeOf(error))) throw error;
    return repeating(work, attempt + 1);
  }
};

/**
 * One unit of work; one that is overtaken or deadlocked is tried again. Statements that don't need each other's rows are
 * best begun together, with `Promise.all`: they run one after the other, and the work waits once.
 */
export const inTransaction = <T>(orm: MikroORM, work: (sql: Sql) => Promise<T>): Promise<T> =>
  repeating(() => transaction(orm, 'begin', work));

/**
 * The same with an entity manager of its own. As `em.transactional`, which never gives a connection back to the pool that
 * breaks in the middle: where it can't be rolled back it is not released. (MikroORM 7.2.1 with Kysely's controlled
 * transactions.)
 */
export const withEntities = <T>(orm: MikroORM, work: (sql: Sql, em: EntityManager) => Promise<T>): Promise<T> =>
  repeating(async () => {
    const em = orm.em.fork();
    await em.getConnection().ensureConnection();
    return em
      .getKysely()
      .transaction()
      .execute(async (context) => {
        em.setTransactionContext(context);
        const result = await work(sqlOf(em), em);
        await em.flush();
        return result;
      });
  });

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | null)?.code;
