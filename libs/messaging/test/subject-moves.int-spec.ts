import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { STREAMS, subjects } from '@portico/contracts';
import { testDatabase, testNats, type TestDatabase, type TestNats } from '@portico/testing';
import { Pool } from 'pg';
import {
  connectNats,
  describeTopology,
  migrateTopology,
  recordSubjectMove,
  SubjectPurge,
  subjectMoveTableSql,
  type Sql,
} from '../src/index.js';

let database: TestDatabase;
let nats: TestNats;
let connection: NatsConnection;
let pool: Pool;
let sql: Sql;
beforeEach(async () => {
  [database, nats] = await Promise.all([testDatabase(), testNats()]);
  connection = await connectNats({ url: nats.url, name: 'test' });
  await migrateTopology(connection, describeTopology({ pools: ['shared', 'big'] }), { dryRun: false });
  pool = new Pool({ connectionString: database.url });
  sql = async <Row>(text: string, parameters: readonly unknown[] = []) =>
    (await pool.query(text, [...parameters])).rows as Row[];
  await sql(subjectMoveTableSql());
  await sql('create table access (tenant text, revision int, published_revision int)');
});
afterEach(async () => {
  await pool.end();
  await connection.close();
  await Promise.all([nats.close(), database.close()]);
});

const publish = (poolName: string, tenant: string, id: string) =>
  jetstream(connection).publish(subjects.access(poolName, tenant, id), '{}');
const subjectsLeft = async () => {
  const jsm = await jetstreamManager(connection);
  const { state } = await jsm.streams.info(STREAMS.access, { subjects_filter: '>' });
  return Object.keys(state.subjects ?? {}).sort();
};
const purger = () =>
  new SubjectPurge({
    connection,
    stream: STREAMS.access,
    table: { table: 'access', subjectKind: 'access' },
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined } as never,
    transaction: async (work) => {
      const client = await pool.connect();
      const inside: Sql = async <Row>(text: string, parameters: readonly unknown[] = []) =>
        (await client.query(text, [...parameters])).rows as Row[];
      try {
        await client.query('begin');
        const result = await work(inside);
        await client.query('commit');
        return result;
      } catch (error) {
        await client.query('rollback');
        throw error;
      } finally {
        client.release();
      }
    },
  });

describe('a move between pools', () => {
  it('purges what the tenant left behind, and nothing of another, once all is published anew', async () => {
    await publish('shared', 'acme', '1');
    await publish('shared', 'other', '1');
    await sql(`insert into access values ('acme', 2, 1), ('other', 5, 1)`);
    await recordSubjectMove(sql, 'acme', 'shared', 'big');
    expect(await purger().purgeOnce()).toBe(false);
    await publish('big', 'acme', '1');
    await sql(`update access set published_revision = revision where tenant = 'acme'`);
    expect(await purger().purgeOnce()).toBe(true);
    expect(await subjectsLeft()).toEqual([
      subjects.access('big', 'acme', '1'),
      subjects.access('shared', 'other', '1'),
    ]);
  });

  it('is resumed by whoever looks next, and done once more for a relay that stalled', async () => {
    await recordSubjectMove(sql, 'acme', 'shared', 'big');
    const broken = purger();
    Object.assign(broken, { connect: () => Promise.reject(new Error('killed')) });
    await expect(broken.purgeOnce()).rejects.toThrow('killed');
    expect(await purger().purgeOnce()).toBe(true);
    await publish('shared', 'acme', '1');
    expect(await purger().purgeOnce()).toBe(false);
    await sql(`update subject_move set purged_at = purged_at - interval '2 minutes'`);
    expect(await purger().purgeOnce()).toBe(true);
    expect(await subjectsLeft()).toEqual([]);
    expect(await sql('select * from subject_move')).toEqual([]);
  });

  it('back to the first pool purges nothing there', async () => {
    await recordSubjectMove(sql, 'acme', 'shared', 'big');
    await recordSubjectMove(sql, 'acme', 'big', 'shared');
    await publish('shared', 'acme', '1');
    while (await purger().purgeOnce());
    expect(await subjectsLeft()).toEqual([subjects.access('shared', 'acme', '1')]);
  });

  it('goes on by itself, and stops when told', async () => {
    await publish('shared', 'acme', '1');
    await recordSubjectMove(sql, 'acme', 'shared', 'big');
    const purge = new SubjectPurge({ ...optionsOf(purger()), pollMs: 20 });
    purge.start();
    const until = performance.now() + 20_000;
    while ((await subjectsLeft()).length > 0 && performance.now() < until);
    await purge.stop();
    expect(await subjectsLeft()).toEqual([]);
  });
});

const optionsOf = (purge: SubjectPurge): ConstructorParameters<typeof SubjectPurge>[0] =>
  (purge as unknown as { options: ConstructorParameters<typeof SubjectPurge>[0] }).options;
