import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { RealmPlanAnswer } from '@portico/contracts';
import { problem, whatIfRoutes, type Routes } from './fake-api.js';
import { cliWithApi } from './run-cli.js';

const folder = mkdtempSync(join(tmpdir(), 'portico-policy-'));
const document = { tenant: 'acme', timeZone: 'UTC', learnupon: { portals: [{ portal: 'emea', audience: 'true' }] } };
const fileOf = (name: string, head = ''): string => {
  const file = join(folder, name);
  writeFileSync(file, `${head}tenant: acme\nlearnupon:\n  portals:\n    - portal: emea\n      audience: departmnt\n`);
  return file;
};
const plan: RealmPlanAnswer = {
  tenant: 'acme',
  storedVersion: 3,
  changes: [{ kind: 'changed', path: 'timeZone', from: 'UTC', to: 'Asia/Tokyo' }],
  warnings: ['mind the time'],
};
const nothing = { ...plan, changes: [], warnings: [] };

const servers: { stop(): Promise<unknown> }[] = [];
const open = async (routes: Routes) => {
  const api = await cliWithApi({ ...whatIfRoutes(), ...routes });
  servers.push(api);
  return api;
};
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

describe('validate', () => {
  it('says that a file is valid, with what it warns of', async () => {
    const { run } = await open({ 'POST realm/plan': () => ({ body: plan }) });
    const file = fileOf('good.yaml');
    expect(await run(['validate', '-f', file])).toEqual({
      code: 0,
      out: `${file} is valid\n`,
      err: '! mind the time\n',
    });
    expect(JSON.parse((await run(['validate', '-f', file, '-o', 'json'])).out)).toMatchObject({ valid: true });
  });

  it('lists all faults with line and column, and exits with 1', async () => {
    const faults = [
      { path: 'learnupon.portals.emea.audience', message: 'knows no field departmnt' },
      { path: 'timeZone', message: 'is missing' },
    ];
    const { run } = await open({ 'POST realm/plan': () => problem(400, 'Correct it.', faults) });
    const { code, err } = await run(['validate', '-f', fileOf('bad.yaml')]);
    expect(code).toBe(1);
    expect(err).toContain('bad.yaml:1:1: timeZone: is missing');
    expect(err).toContain('bad.yaml:5:7: learnupon.portals.emea.audience: knows no field departmnt');
  });
});

describe('-o json', () => {
  const faults = [{ path: 'timeZone', message: 'must be an IANA time zone' }];

  it.each(['validate', 'plan', 'apply', 'what-if'])('of %s has the faults too, each with its line', async (command) => {
    const { run } = await open({
      'POST realm/plan': () => problem(400, 'Correct it.', faults),
      'POST what-if': () => problem(400, 'Correct it.', faults),
    });
    const file = fileOf('faulty.yaml');
    const { code, out } = await run([command, '-f', file, '-o', 'json']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({
      error: '1 fault; nothing was applied',
      faults: [{ file, line: 1, column: 1, path: 'timeZone', message: 'must be an IANA time zone' }],
    });
  });

  it('has what was called wrongly, and what the API refused', async () => {
    const { run } = await open({ 'GET policy/versions/9': () => problem(404, 'acme has no version 9') });
    const called = await run(['policy', 'show', 'x', '-o', 'json']);
    expect([called.code, JSON.parse(called.out)]).toEqual([2, { error: expect.stringContaining('x is no version') }]);
    const refused = await run(['policy', 'show', '9', '-o', 'json']);
    expect([refused.code, JSON.parse(refused.out)]).toEqual([1, { error: 'acme has no version 9' }]);
  });
});

it('a realm file that is longer than the API takes says so', async () => {
  const { run } = await open({ 'POST realm/plan': () => ({ body: plan }) });
  const file = fileOf('long.yaml');
  writeFileSync(file, `tenant: acme\nexamples:\n  - ${'x'.repeat(7_000_000)}\n`);
  const { code, err } = await run(['validate', '-f', file]);
  expect([code, err]).toEqual([1, expect.stringContaining('the admin API takes 1 MiB')]);
});

describe('a day that is none', () => {
  const faults = [{ path: 'at', message: 'must be a day' }];

  it.each([
    ['what-if', ['-f']],
    ['explain', ['109']],
  ])('is a fault of the call, and none of the file: %s', async (command, args) => {
    const { run } = await open({
      'POST what-if': () => problem(400, 'Correct it.', faults),
      'GET access/find': () => ({ body: { people: [{ employeeId: '109', name: 'Ada', email: null, match: 'id' }] } }),
      'GET access/explain/109': () => problem(400, 'Correct what the faults name.', faults),
    });
    const given = command === 'what-if' ? [...args, fileOf('day.yaml')] : args;
    const { code, err } = await run([command, ...given, '--at', 'soon']);
    expect([code, err]).toEqual([2, 'portico: --at: must be a day\n']);
  });
});

describe('plan', () => {
  it('says what the gate would keep back', async () => {
    const held = whatIfRoutes({ held: { people: 30, of: 40 } });
    const { run } = await open({ ...held, 'POST realm/plan': () => ({ body: plan }) });
    const { out } = await run(['plan', '-f', fileOf('plan.yaml')]);
    expect(out).toContain('\nemea: the gate keeps back that 30 of 40 leave, until somebody approves it\n');
  });

  it('shows the difference and whom it touches, and changes nothing', async () => {
    const { run, asked } = await open({ 'POST realm/plan': () => ({ body: plan }) });
    const { code, out } = await run(['plan', '-f', fileOf('plan.yaml')]);
    expect([code, out]).toEqual([
      0,
      [
        'acme, over version 3:',
        '  ~ timeZone: UTC → Asia/Tokyo',
        '! mind the time',
        'effect on 2026-03-02, of 250 people: 15 touched, at most 15 writes to LearnUpon',
        'PORTAL  NOW  THEN  JOIN  LEAVE  CHANGE  STOPPED  WRITES',
        'emea    40   49    12    3      0       0        15',
        '',
      ].join('\n'),
    ]);
    expect(asked.filter(({ method }) => method === 'PUT')).toEqual([]);
    expect(JSON.parse((await run(['plan', '-f', fileOf('plan.yaml'), '-o', 'json'])).out)).toMatchObject({
      changes: plan.changes,
      effect: { touched: 15 },
    });
  });

  it('sends the version that the file was got from, or the one that is told', async () => {
    const { run, sent } = await open({ 'POST realm/plan': () => ({ body: nothing }) });
    await run(['plan', '-f', fileOf('got.yaml', '# portico: acme version 2\n')]);
    await run(['plan', '-f', fileOf('got.yaml', '# portico: other version 2\n')]);
    await run(['plan', '-f', fileOf('got.yaml', '# portico: acme version 2\n'), '--expect-version', '7']);
    expect(
      sent('POST', 'realm/plan').map(({ body }) => (body as { expectedVersion?: number }).expectedVersion),
    ).toEqual([2, undefined, 7]);
  });
});

describe('apply', () => {
  it('moves the version that a file was got from, so that its next edit is no stale one', async () => {
    const { run } = await open({
      'POST realm/plan': () => ({ body: plan }),
      'PUT realm': () => ({ body: { ...plan, version: 4, applied: true } }),
    });
    const file = fileOf('moved.yaml', '# portico: acme version 3\n');
    expect(await run(['apply', '-f', file, '--yes'])).toMatchObject({ code: 0 });
    expect(readFileSync(file, 'utf8')).toMatch(/^# portico: acme version 4\ntenant: acme\n/);
  });

  it.each([
    ['', 0, 'nothing to change (version 5 is stored)'],
    [' --expect-version 3', 1, 'version 5 is stored, and you began with 3'],
  ])('that changes nothing minds a version that is told, not that of the file%s', async (more, code, text) => {
    const { run } = await open({
      'POST realm/plan': ({ body }) =>
        (body as { expectedVersion?: number }).expectedVersion === undefined
          ? { body: { ...plan, storedVersion: 5, changes: [], warnings: [] } }
          : problem(409, 'version 5 is stored, and you began with 3'),
    });
    const file = fileOf('same.yaml', '# portico: acme version 3\n');
    const ran = await run(['apply', '-f', file, '--yes', ...more.split(' ').filter(Boolean)]);
    expect([ran.code, ran.out + ran.err]).toEqual([code, expect.stringContaining(text)]);
  });

  it('of a stale file is refused before anything is asked', async () => {
    const { run, sent } = await open({
      'POST realm/plan': () => problem(409, 'version 5 is stored, and you began with 3'),
    });
    const file = fileOf('stale.yaml', '# portico: acme version 3\n');
    expect(await run(['apply', '-f', file, '--yes'])).toMatchObject({
      code: 1,
      err: expect.stringMatching(/version 5 is stored/),
    });
    expect(sent('PUT', 'realm')).toEqual([]);
  });
});

describe('what-if', () => {
  const people = {
    rows: [
      {
        employeeId: '109',
        name: 'Ada Moss',
        cells: [
          { portal: 'emea', effect: 'granted', before: null, after: { access: 'granted', reason: 'in-audience' } },
        ],
      },
    ],
  };

  it('says what would differ by portal, cause and person', async () => {
    const { run, sent } = await open({ 'GET what-if/w1/people': () => ({ body: people }) });
    const { code, out } = await run(['what-if', '-f', fileOf('draft.yaml'), '--at', '2026-01-31', '--portal', 'emea']);
    expect(code).toBe(0);
    expect(out).toContain('emea\n  12 join: belongs to the audience (in-audience)\n  3 leave: is outside');
    expect(out).toMatch(/109 +Ada Moss +emea +joins +– +granted \(in-audience\)/);
    expect(sent('POST', 'what-if')[0]?.body).toMatchObject({ at: '2026-01-31' });
    expect(sent('GET', 'what-if/w1/people')[0]?.query.get('portal')).toBe('emea');
  });

  it('that is interrupted is cancelled', async () => {
    const running = { id: 'w1', state: 'running', done: 1, total: 250, expiresAt: 'x' };
    const interrupt = new AbortController();
    const { run, sent } = await open({
      'GET what-if/w1': () => {
        interrupt.abort();
        return { body: running };
      },
      'DELETE what-if/w1': () => ({ body: { ...running, state: 'cancelled' } }),
    });
    const ran = await run(['what-if', '-f', fileOf('draft.yaml')], { interrupted: interrupt.signal });
    expect(ran).toMatchObject({ code: 1, err: expect.stringContaining('cancelled') });
    expect(sent('DELETE', 'what-if/w1')).toHaveLength(1);
  });
});

describe('policy', () => {
  const versions = {
    rows: [
      { version: 3, appliedAt: '2026-03-02T12:00:00Z', appliedBy: 'Mo', origin: 'rolled-back:1', changes: 2 },
      { version: 2, appliedAt: '2026-03-01T12:00:00Z', appliedBy: 'Bo', origin: 'access-ended:*', changes: 1 },
    ],
  };

  it('lists, shows and compares versions', async () => {
    const { run } = await open({
      'GET policy/versions': () => ({ body: versions }),
      'GET policy/versions/2': () => ({ body: { ...versions.rows[1], document } }),
      'GET policy/diff': ({ query }) => ({ body: { from: Number(query.get('from')), to: 3, changes: plan.changes } }),
    });
    expect((await run(['policy', 'history'])).out).toMatch(/3 +2026-03-02T12:00:00Z +Mo +back to version 1 +2/);
    expect((await run(['policy', 'show', '2'])).out).toContain('# version 2, 2026-03-01T12:00:00Z, Bo, ended access');
    expect((await run(['policy', 'diff', '2'])).out).toBe('from version 2 to 3:\n  ~ timeZone: UTC → Asia/Tokyo\n');
    expect(await run(['policy', 'diff', 'yesterday'])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/no version/),
    });
  });

  it('goes back over the version that was shown, after it was asked', async () => {
    const { run, sent } = await open({
      'GET policy/versions/1': () => ({ body: { ...versions.rows[1], version: 1, document } }),
      'POST policy/rollback': ({ body }) => ({
        body: { ...plan, version: 4, applied: (body as { dryRun?: boolean }).dryRun !== true },
      }),
    });
    expect(await run(['policy', 'rollback', '1'])).toMatchObject({ code: 2, err: expect.stringMatching(/--yes/) });
    expect(await run(['policy', 'rollback', '1', '--dry-run'])).toMatchObject({
      out: expect.stringMatching(/nothing was applied/),
    });
    const ran = await run(['policy', 'rollback', '1', '--yes']);
    expect(ran).toMatchObject({ code: 0, out: 'version 4 has the content of version 1\n' });
    expect(ran.err).toContain('15 touched');
    expect(sent('POST', 'policy/rollback').at(-1)?.body).toEqual({ version: 1, expectedVersion: 3 });
  });

  it('lists the examples with how they stand', async () => {
    const rows = [
      {
        name: 'sales',
        outcome: 'broken',
        differences: ['109 is not in emea'],
        in: ['emea'],
        notIn: [],
        employeeId: '109',
      },
    ];
    const { run } = await open({ 'GET policy/examples': () => ({ body: rows }) });
    expect((await run(['policy', 'examples'])).out).toMatch(/sales +broken +emea +109 is not in emea/);
  });
});

it('realm get gives a file that says what it was got from, and is the document', async () => {
  const { run, url } = await open({ 'GET realm': () => ({ body: { version: 3, document } }) });
  const { out } = await run(['realm', 'get']);
  expect(out).toContain(
    `# yaml-language-server: $schema=${url}/v1/schemas/realm.yaml.json\n# portico: acme version 3\n`,
  );
  expect(parse(out)).toEqual(document);
  expect((await run(['export'])).out).toBe(out);
});
