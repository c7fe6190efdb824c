import type { EntityManager, PostgreSqlConnection } from '@mikro-orm/postgresql';
import type { Sql } from '@portico/messaging';
import type { PoolClient } from 'pg';
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

interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values: unknown[];
}

const statementOf = (text: string, params: readonly unknown[]): Statement => {
  const name = kept.get(text);
  return { text, values: params.map(arrayLiteral), ...(name === undefined ? {} : { name }) };
};

/**
 * Connections with a statement to keep that PostgreSQL did not come to, as one before it failed. The driver sends it again,
 * and PgBouncer, which has the name already, refuses it.
 */
const spoilt = new WeakSet<PoolClient>();

/** What the driver notes and does not show. */
interface KnownStatements {
  readonly parsedStatements?: Readonly<Record<string, string>>;
}

const isKnownBy = ({ connection }: PoolClient, name: string): boolean =>
  (connection as KnownStatements).parsedStatements?.[name] !== undefined;

/** A connection that is broken or spoilt is given to nobody else. */
export const giveBack = (client: PoolClient, isBroken = false): void => client.release(isBroken || spoilt.has(client));

/**
 * Statements that are begun at once run in that order, and go out together: a write for each would wake the server for
 * each.
 */
export const sqlOnClient =
  (client: PoolClient): Sql =>
  async <Row extends object>(text: string, params: readonly unknown[] = []) => {
    const { stream } = client.connection;
    stream.cork();
    process.nextTick(() => stream.uncork());
    const statement = statementOf(text, params);
    try {
      const { rows } = await client.query(statement);
      return rows as Row[];
    } catch (error) {
      if (statement.name !== undefined && !isKnownBy(client, statement.name)) spoilt.add(client);
      throw error;
    }
  };

/** A connection of the pool for one statement. The pool's own `query` throws away one whose statement failed. */
const sqlOnPool =
  (connection: PostgreSqlConnection): Sql =>
  async (text, params) => {
    const client = await (await connection.getNativeClient()).connect();
    try {
      return await sqlOnClient(client)(text, params);
    } finally {
      giveBack(client);
    }
  };

/** In the transaction of an entity manager, whose connection only Kysely knows: it hands on to the driver what it takes. */
const sqlWithin =
  (em: EntityManager): Sql =>
  async <Row extends object>(statement: string, params: readonly unknown[] = []) => {
    const { name, text, values } = statementOf(statement, params);
    const compiled = {
      query: { kind: 'RawNode', sqlFragments: [text], parameters: [] },
      sql: name === undefined ? text : ({ name, text } as unknown as string),
      parameters: values,
      queryId: { queryId: '' },
    } as unknown as Compiled;
    const { rows } = await em.getKysely().executeQuery(compiled);
    return rows as Row[];
  };

/**
 * In the transaction of the entity manager, where it has one. `em.execute` writes the parameters into the text of the
 * statement; here they stay parameters, which matters for sets of thousands.
 */
export const sqlOf = (em: EntityManager): Sql => (em.isInTransaction() ? sqlWithin(em) : sqlOnPool(em.getConnection()));

/** MikroORM leaves moments as PostgreSQL writes them, to the microsecond; in RFC 3339. */
export const momentOf = (text: string): string => new Date(text).toISOString();
