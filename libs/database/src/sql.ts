import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { Sql } from '@portico/messaging';
import { arrayLiteral } from './array-literal.js';

type Compiled = Parameters<ReturnType<EntityManager['getKysely']>['executeQuery']>[0];

/** Names of the statements that connections keep, by their text. */
const kept = new Map<string, string>();

/**
 * A statement that each connection has parsed and planned once, for what runs many times a second. PostgreSQL soon plans it
 * without looking at the parameters: right where every row is found by an index, wrong for a filter by a long array.
 */
export const prepared = (text: string): string => {
  if (!kept.has(text)) kept.set(text, `portico_${kept.size + 1}`);
  return text;
};

/** Kysely hands it on to the driver, which takes either. */
const forDriver = (text: string): string => {
  const name = kept.get(text);
  return name === undefined ? text : ({ name, text } as unknown as string);
};

/**
 * In the transaction of the entity manager, where it has one. `em.execute` writes the parameters into the text of the
 * statement; here they stay parameters, which matters for sets of thousands.
 */
export const sqlOf =
  (em: EntityManager): Sql =>
  async <Row extends object>(text: string, params: readonly unknown[] = []) => {
    const compiled = {
      query: { kind: 'RawNode', sqlFragments: [text], parameters: [] },
      sql: forDriver(text),
      parameters: params.map(arrayLiteral),
      queryId: { queryId: '' },
    } as unknown as Compiled;
    const { rows } = await em.getKysely().executeQuery(compiled);
    return rows as Row[];
  };

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

/**
 * As `em.transactional`, which never gives a connection back to the pool that breaks in the middle: where it can't be
 * rolled back it is not released. (MikroORM 7.2.1 with Kysely's controlled transactions.)
 */
const transaction = async <T>(
  orm: MikroORM,
  work: (sql: Sql, em: EntityManager) => Promise<T>,
  isSnapshot = false,
): Promise<T> => {
  const em = orm.em.fork();
  await em.getConnection().ensureConnection();
  const begun = em.getKysely().transaction();
  const chosen = isSnapshot ? begun.setIsolationLevel('repeatable read').setAccessMode('read only') : begun;
  return chosen.execute(async (context) => {
    em.setTransactionContext(context);
    const result = await work(sqlOf(em), em);
    await em.flush();
    return result;
  });
};

/** Reads the database as it is at the first statement, whatever is written meanwhile. */
export const inSnapshot = <T>(orm: MikroORM, work: (sql: Sql) => Promise<T>): Promise<T> =>
  transaction(orm, work, true);

/** One unit of work with an entity manager of its own. One that is overtaken or deadlocked is tried again. */
export const inTransaction = async <T>(
  orm: MikroORM,
  work: (sql: Sql, em: EntityManager) => Promise<T>,
  attempt = 1,
): Promise<T> => {
  try {
    return await transaction(orm, work);
  } catch (error) {
    if (attempt >= ATTEMPTS || !REPEATED.includes(codeOf(error))) throw error;
    return inTransaction(orm, work, attempt + 1);
  }
};

const codeOf = (error: unknown): unknown => (error as { code?: unknown } | null)?.code;

/** MikroORM leaves moments as PostgreSQL writes them, to the microsecond; in RFC 3339. */
export const momentOf = (text: string): string => new Date(text).toISOString();
