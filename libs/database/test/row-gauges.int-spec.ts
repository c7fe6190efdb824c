import { defineEntity, p, type MikroORM } from '@mikro-orm/postgresql';
import { Metrics } from '@portico/service-kit';
import { testDatabase } from '@portico/testing';
import { rowGauges, serviceDatabase, sqlOf, unpublishedRows } from '../src/index.js';

const Portal = defineEntity({ name: 'Portal', properties: { name: p.text().primary() } });

let orm: MikroORM;
let close: () => Promise<void>;

beforeEach(async () => {
  const database = await testDatabase();
  close = database.close;
  orm = serviceDatabase({ service: 'spec', entities: [Portal], migrations: [] }).createOrm(database.url);
});
afterEach(async () => {
  await orm.close(true);
  await close();
});

it('a gauge has a value for each row, anew at each scrape', async () => {
  const sql = sqlOf(orm.em.fork());
  await sql('create table portal (name text, pool text, calls int, sent boolean)');
  await sql('create table batch (events int)');
  await sql('create table none (events int)');
  await sql('insert into batch values (190), (7)');
  await sql(
    "insert into portal values ('academy', 'shared', 3, false), ('sales', 'shared', 4, true), ('far', 'big', 5, true)",
  );
  const metrics = new Metrics('spec');
  rowGauges(metrics, orm, [
    unpublishedRows({ portal: 'not sent' }, ['batch', 'none']),
    {
      name: 'calls',
      help: 'Calls.',
      labels: ['name'],
      sql: 'select name, calls as value from portal where pool = any($1::text[])',
      params: () => [['shared']],
    },
  ]);
  const lines = async () => (await metrics.text()).split('\n').filter((line) => /^portico_(calls|rows)/.test(line));
  expect(await lines()).toEqual([
    'portico_rows_unpublished{table="portal",service="spec"} 1',
    'portico_rows_unpublished{table="batch",service="spec"} 197',
    'portico_rows_unpublished{table="none",service="spec"} 0',
    'portico_calls{name="academy",service="spec"} 3',
    'portico_calls{name="sales",service="spec"} 4',
  ]);
  await sql("delete from portal where name = 'sales'");
  expect(await lines()).not.toContain('portico_calls{name="sales",service="spec"} 4');
});
