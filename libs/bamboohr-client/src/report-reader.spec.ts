import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { readBodyAround } from './read-body.js';
import { ReportReader, type ReportBatch } from './report-reader.js';

const ROWS_A_PIECE = 100;
const encode = (text: string) => Buffer.from(text);

async function* reportOf(pieces: number, rowOf: (id: number) => object, watch: () => void = () => undefined) {
  yield encode('{"title":"Portico","fields":[{"id":"firstName"},{"id":"note"}],"employees":[');
  for (let piece = 0; piece < pieces; piece += 1) {
    const rows = Array.from({ length: ROWS_A_PIECE }, (_, row) => JSON.stringify(rowOf(piece * ROWS_A_PIECE + row)));
    yield encode(`${piece === 0 ? '' : ','}${rows.join(',')}`);
    watch();
  }
  yield encode(']}');
}

const read = async (body: AsyncIterable<Uint8Array>, fields: readonly string[]): Promise<ReportBatch> => {
  const reader = new ReportReader('test', fields);
  return reader.finish(JSON.parse(await readBodyAround(reader.list, body, 'test')));
};

describe('the memory of a read', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const megabytes = (): number => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return (heapUsed + arrayBuffers) / 1e6;
  };

  it('holds rows, never the text that they came in', async () => {
    const note = 'n'.repeat(2_000);
    const before = megabytes();
    const seen: number[] = [];
    let pieces = 0;
    const watch = () => void ((pieces += 1) % 50 === 0 && seen.push(megabytes() - before));
    const rowOf = (id: number) => ({ id: String(id), firstName: `Ada ${id % 50}`, note: `${note}${id}` });
    // 60 MB of text.
    const { rows } = await read(reportOf(300, rowOf, watch), ['firstName']);
    expect(rows).toHaveLength(300 * ROWS_A_PIECE);
    expect(Math.max(...seen)).toBeLessThan(20);
  });
});

test('rows that come before their fields wait for them', async () => {
  async function* body() {
    yield encode('{"employees":[{"id":1,"4340.4":"x","secret":"y"},{"id":2}],"fie');
    yield encode('lds":[{"id":"4340.4"}]}');
  }
  expect(await read(body(), ['4340', 'secret'])).toEqual({
    returned: ['4340'],
    rows: [
      { employeeId: '1', values: { '4340': 'x' } },
      { employeeId: '2', values: {} },
    ],
  });
});

test('rows under a key that is written with an escape are rows', async () => {
  async function* body() {
    yield encode('{"fields":[{"id":"a"}],"employ\\u0065es":[{"id":1,"a":"b"}]}');
  }
  expect((await read(body(), ['a'])).rows).toEqual([{ employeeId: '1', values: { a: 'b' } }]);
});

test.each([
  ['[{"id":1},', ']}'],
  ['[', ',{"id":1}]}'],
  ['[{"id":1},', ',{"id":2}]}'],
])('a comma with nothing beside it is no JSON, wherever the text is cut: %s and %s', async (one, other) => {
  async function* body() {
    yield encode(`{"fields":[],"employees":${one}`);
    if (one === '[') yield encode(' ');
    yield encode(other);
  }
  await expect(read(body(), ['a'])).rejects.toMatchObject({ code: 'malformed' });
});
