import { testDatabase } from '@portico/testing';
import { defineEntity, p } from '@mikro-orm/postgresql';
import fc from 'fast-check';
import { arrayLiteral } from '../src/array-literal.js';
import { serviceDatabase, sqlOf } from '../src/index.js';

const Thing = defineEntity({ name: 'Thing', properties: { name: p.text().primary() } });

/** PostgreSQL has no place for this character in a text. */
const text = fc.string({ unit: 'binary', maxLength: 20 }).map((value) => value.replaceAll('\0', ''));
const awkward = fc.constantFrom(
  '',
  'NULL',
  'null',
  '{}',
  '","',
  '\\',
  '\\n',
  '"',
  '\n',
  '\t',
  ' ',
  '{"a":"b\\"c"}',
  "'",
);
const element = fc.oneof(text, awkward, fc.constant(null));

test('an array comes to PostgreSQL as it is, whatever is in it', async () => {
  const database = await testDatabase();
  const orm = serviceDatabase({ service: 'spec', entities: [Thing], migrations: [] }).createOrm(database.url);
  try {
    const sql = sqlOf(orm.em.fork());
    const back = async (type: string, values: readonly unknown[]) =>
      (await sql<{ back: unknown }>(`select to_jsonb($1::${type}[]) as back`, [values]))[0]?.back;
    await fc.assert(
      fc.asyncProperty(fc.array(element, { maxLength: 8 }), async (values) => {
        expect(await back('text', values)).toEqual(values);
        expect(
          await back(
            'jsonb',
            values.map((value) => JSON.stringify({ value })),
          ),
        ).toEqual(values.map((value) => ({ value })));
      }),
      { numRuns: 200 },
    );
    const numbers = [0, -1, 1.5, 1e21, Number.MAX_SAFE_INTEGER, null];
    expect(await back('float8', numbers)).toEqual(numbers);
    expect(await back('boolean', [true, false, null])).toEqual([true, false, null]);
    expect(await back('date', ['2026-02-28', undefined])).toEqual(['2026-02-28', null]);
  } finally {
    await orm.close(true);
    await database.close();
  }
});

test('what JSON writes otherwise than PostgreSQL is left to the driver', () => {
  for (const value of [[{}], [['a']], [new Date(0)], ['\n'], 'text', 1, null]) expect(arrayLiteral(value)).toBe(value);
  expect(arrayLiteral(['a"b', null, undefined, 1, true])).toBe('{"a\\"b",null,null,1,true}');
});
