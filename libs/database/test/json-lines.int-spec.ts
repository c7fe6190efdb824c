import { testDatabase } from '@portico/testing';
import { defineEntity, p } from '@mikro-orm/postgresql';
import fc from 'fast-check';
import { jsonLines, linesOf, serviceDatabase, sqlOf } from '../src/index.js';

const Thing = defineEntity({ name: 'Thing', properties: { name: p.text().primary() } });

/** PostgreSQL has no place for this character in a text. */
const text = fc.string({ unit: 'binary', maxLength: 20 }).map((value) => value.replaceAll('\0', ''));
const awkward = fc.constantFrom('', 'null', '\n', '\r\n', '\u2028', '\\n', '"', "'", '{"a":"b\\"c\\n"}');
const value = fc.oneof(fc.record({ text: fc.oneof(text, awkward) }), awkward, fc.integer(), fc.constant(null));

test('JSON values come to PostgreSQL as they are, line breaks in them too', async () => {
  const database = await testDatabase();
  const orm = serviceDatabase({ service: 'spec', entities: [Thing], migrations: [] }).createOrm(database.url);
  try {
    const sql = sqlOf(orm.em.fork());
    await fc.assert(
      fc.asyncProperty(fc.array(value, { maxLength: 8 }), async (values) => {
        const rows = await sql<{ value: unknown }>(
          `select line::jsonb as value from unnest($1::int[], ${linesOf('$2')}) with ordinality as row(number, line, place)
           order by place`,
          [values.map((_, index) => index), jsonLines(values)],
        );
        expect(rows.map((row) => row.value)).toEqual(values);
      }),
      { numRuns: 200 },
    );
  } finally {
    await orm.close(true);
    await database.close();
  }
});
