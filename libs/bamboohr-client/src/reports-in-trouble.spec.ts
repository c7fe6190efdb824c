import { against, failed, noRoster } from '../test/against.js';
import type { ScriptedAnswer } from '../test/scripted-server.js';

describe('a report that is not as it should be', () => {
  const sent = (body: string): ScriptedAnswer => ({ body, headers: { 'content-type': 'application/json' } });
  const rows = (employees: string) => sent(`{"fields":[{"id":"firstName"}],"employees":[${employees}]}`);
  const deep = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  const malformed = { kind: 'permanent', code: 'malformed' };

  it.each<[string, ScriptedAnswer, object]>([
    ['cut off after a row', sent('{"fields":[{"id":"firstName"}],"employees":[{"id":"1"},'), malformed],
    ['cut off in a row', sent('{"fields":[{"id":"firstName"}],"employees":[{"id":"1"},{"id":"2","fir'), malformed],
    ['cut off behind the rows', sent('{"fields":[{"id":"firstName"}],"employees":[{"id":"1"}]'), malformed],
    ['rows with nothing between two commas', rows('{"id":"1"},,{"id":"2"}'), malformed],
    ['a comma behind the last row', rows('{"id":"1"},'), malformed],
    ['a comma before the first row', rows(',{"id":"1"}'), malformed],
    ['a row that is no JSON', rows('{"id":"1"},{id:2}'), malformed],
    ['a row without an id', rows('{"id":"1"},{"firstName":"Ada"}'), malformed],
    ['a value that is nested without end', rows(`{"id":"1","firstName":${deep(200_000)}}`), malformed],
    ['something after the end', sent('{"fields":[],"employees":[]}]'), malformed],
    ['rows that are no list', sent('{"fields":[],"employees":{"1":{"id":"1"}}}'), malformed],
    ['no fields', sent('{"employees":[{"id":"1"}]}'), malformed],
    ['a page', { body: '<html>{"a":{"employees":[]}}</html>' }, malformed],
    ['a page that says it is JSON', sent('<html>{"employees":[{"id":"1"}]}</html>'), malformed],
    ['a page that looks like a report', { body: '{"fields":[],"employees":[]}' }, malformed],
    ['a limit beside rows', sent('{"fields":[],"employees":[{"id":"1"}],"error":{"code":429}}'), { kind: 'retry' }],
  ])('%s', async (_, answer, expected) => {
    await against(
      ({ method }) => (method === 'GET' ? noRoster : answer),
      async (client) => {
        const error = await failed(client.readAll({ fields: ['firstName'] }));
        expect(error).toMatchObject(expected);
        expect(`${error.message}${String(error.cause)}`).not.toContain('"id"');
      },
    );
  });

  it('gives up one that stalls in the middle, and one whose connection ends there', async () => {
    const begun = '{"fields":[{"id":"firstName"}],"employees":[{"id":"1"},';
    for (const [then, code] of [
      ['stall', 'timeout'],
      ['end', 'unreachable'],
    ] as const) {
      await against(
        ({ method }) => (method === 'GET' ? noRoster : { ...sent(begun), then }),
        async (client) => expect(await failed(client.readAll({ fields: ['firstName'] }))).toMatchObject({ code }),
        { timeoutMs: 300 },
      );
    }
  });
});
