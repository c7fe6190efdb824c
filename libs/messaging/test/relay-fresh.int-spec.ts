import { FreshBodies, stateRelaySource, type Sql } from '../src/index.js';
import { openRelayBench, type RelayBench } from './relay-bench.js';
import { range, writeEmployees } from './support.js';

let bench: RelayBench;
let fresh: FreshBodies;
beforeEach(async () => {
  bench = await openRelayBench();
  fresh = new FreshBodies();
});
afterEach(() => bench.close());

const sourceOn = (sql: Sql, privateKey?: string) =>
  stateRelaySource(
    sql,
    {
      table: 'employee',
      keyColumn: 'employee_id',
      subjectKind: 'employee',
      sourceName: 'bamboohr-ingestion',
      ...(privateKey === undefined ? {} : { privateKey }),
    },
    fresh,
  );
const keep = (key: string, revision: number, body = `"fresh ${key}@${revision}"`) =>
  fresh.keep([{ tenant: 'acme', key, revision, body }]);

it('takes what was just written as it was written, and reads the rest', async () => {
  await writeEmployees(
    bench.db,
    range(4).map((id) => ({ id, revision: 10 + Number(id) })),
  );
  const [first, second, third, last] = range(4) as [string, string, string, string];
  keep(second, 10 + Number(second));
  keep(third, 1);
  keep('nobody', 1);
  const rows = await sourceOn(bench.db.sql).waiting('shared', 10);
  expect(rows.map(({ key, event, body }) => [key[1], event.revision, body.includes('fresh')])).toEqual([
    [first, 10 + Number(first), false],
    [second, 10 + Number(second), true],
    [third, 10 + Number(third), false],
    [last, 10 + Number(last), false],
  ]);
  expect(JSON.parse(rows[2]!.body)).toMatchObject({ employeeId: third, revision: 10 + Number(third) });
  // A publish that failed is tried again with what the database has.
  expect((await sourceOn(bench.db.sql).waiting('shared', 10))[1]!.body).not.toContain('fresh');
});

it('publishes one that changes meanwhile as it is then, and none that is gone', async () => {
  await writeEmployees(bench.db, [{ id: '1' }, { id: '2' }, { id: '3' }]);
  keep('2', 1);
  let statements = 0;
  const meanwhile: Sql = async (text, parameters) => {
    const rows = await bench.db.sql<never>(text, parameters);
    statements += 1;
    if (statements === 1) {
      await writeEmployees(bench.db, [{ id: '1', revision: 9 }]);
      await bench.db.sql(`delete from employee where employee_id = '3'`);
    }
    return rows;
  };
  const rows = await sourceOn(meanwhile).waiting('shared', 10);
  expect(rows.map(({ key, event, body }) => [key[1], event.revision, body])).toEqual([
    ['1', 9, expect.stringContaining('"revision": 9')],
    ['2', 1, '"fresh 2@1"'],
  ]);
});

it('keeps a private key in the database', async () => {
  await writeEmployees(bench.db, [{ id: '1' }, { id: '2' }]);
  await bench.db.sql(`update employee set event = event || '{"secret": 1}' where employee_id = '2'`);
  const bodies = async () => (await sourceOn(bench.db.sql, 'secret').waiting('shared', 10)).map(({ body }) => body);
  const read = await bodies();
  expect(read.map((body) => (JSON.parse(body) as { employeeId: string }).employeeId)).toEqual(['1', '2']);
  expect(read.join()).not.toContain('secret');
  keep('nobody', 1);
  expect(await bodies()).toEqual(read);
});
