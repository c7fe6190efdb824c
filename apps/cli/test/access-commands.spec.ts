import { problem, type Routes } from './fake-api.js';
import { cliWithApi } from './run-cli.js';

const document = { tenant: 'acme' };

const servers: { stop(): Promise<unknown> }[] = [];
const open = async (routes: Routes) => {
  const api = await cliWithApi(routes);
  servers.push(api);
  return api;
};
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

describe('explain', () => {
  const explanation = {
    employeeId: '109',
    name: 'Ada Moss',
    tense: 'present',
    at: '2026-03-02T12:00:00Z',
    today: '2026-03-02',
    leaver: false,
    decidedAt: '2026-03-01T08:00:00Z',
    cause: { kind: 'read', id: 'read-7', totals: { joiners: 1, movers: 0, leavers: 0 } },
    policy: { version: 3, appliedAt: '2026-02-01T08:00:00Z', appliedBy: 'Mo' },
    employee: { revision: 5, recordedAt: '2026-03-01T08:00:00Z', cause: { kind: 'read', id: 'read-7' } },
    isBehind: false,
    unavailable: [],
    cells: [
      {
        portal: 'emea',
        title: 'EMEA',
        access: 'withheld',
        reason: 'not-in-audience',
        sentence: 'is outside the audience',
        clause: {
          path: 'learnupon.portals.emea.audience',
          text: 'department == "Sales" && division == "EMEA"',
          expression: 'division == "EMEA"',
          character: 26,
          holds: 'false',
        },
        values: [{ field: 'division', value: 'APAC', isConfirmed: true, since: '2026-01-12T10:00:00Z' }],
        flip: { field: 'division', from: 'APAC', to: 'EMEA', becomes: 'granted', reason: 'in-audience' },
        shown: { portal: 'emea', wanted: 'withheld', actual: 'none', reason: 'absent', since: 'x' },
      },
    ],
  };
  const ada = { employeeId: '109', name: 'Ada Moss', email: 'ada@acme.example' };

  it('says what decided, what it read, and what would flip it', async () => {
    const { run, sent } = await open({
      'GET access/find': () => ({ body: { people: [{ ...ada, match: 'email' }] } }),
      'GET access/explain/109': () => ({ body: explanation }),
    });
    const { code, out } = await run(['explain', 'ada@acme.example', 'emea', '--at', '2026-03-02']);
    expect(code).toBe(0);
    for (const line of [
      'decided 2026-03-01T08:00:00Z because of read read-7 (1 joined, 0 moved, 0 left)',
      'emea  withheld: is outside the audience (not-in-audience)',
      '  because division == "EMEA" (at character 26) is false',
      '  read    division: "APAC", since 2026-01-12T10:00:00Z',
      '  flips   division: "APAC" → "EMEA" would make it granted (in-audience)',
      '  shows   –',
    ]) {
      expect(out).toContain(`${line}\n`);
    }
    expect(String(sent('GET', 'access/explain/109')[0]?.query)).toBe('portal=emea&at=2026-03-02');
  });

  it.each([
    ['held', true],
    ['left', false],
    [undefined, true],
  ])('says that the gate keeps it back while the cell is held, or where nobody knows: %s', async (reason, isSaid) => {
    const [cell] = explanation.cells;
    const shown = reason === undefined ? undefined : { ...cell!.shown, reason };
    const held = { ...cell, shown, hold: { kind: 'read', id: 'read-7', people: 30, of: 40 } };
    const { run } = await open({
      'GET access/find': () => ({ body: { people: [{ ...ada, match: 'email' }] } }),
      'GET access/explain/109': () => ({ body: { ...explanation, cells: [held] } }),
    });
    const { out } = await run(['explain', 'ada@acme.example', 'emea']);
    expect(out).toContain('  because ');
    expect(out.includes('  gate ')).toBe(isSaid);
    if (isSaid)
      expect(out).toContain(
        '  gate    keeps back what read read-7 takes from 30 of 40, until somebody approves it: see portico holds\n',
      );
  });

  it('lists the candidates where a name is that of several, or nobody', async () => {
    const two = [
      { ...ada, match: 'name' },
      { ...ada, employeeId: '110', email: null, match: 'name' },
    ];
    const { run } = await open({
      'GET access/find': ({ query }) => ({ body: { people: query.get('text') === 'Ada Moss' ? two : [] } }),
    });
    expect(await run(['explain', 'Ada Moss'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('  109  Ada Moss  ada@acme.example\n  110  Ada Moss\n'),
    });
    expect(await run(['explain', 'Nobody'])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/nobody is known as "Nobody"/),
    });
  });
});

describe('end-access', () => {
  const counted = { portals: { emea: 37 }, cells: 37, people: 37, disables: 30, done: false };
  const routes: Routes = {
    'POST access/end': ({ body }) =>
      (body as { confirm?: number }).confirm === undefined
        ? { body: counted }
        : { body: { ...counted, done: true, version: 4 } },
  };

  it('says how many, and wants that number typed or confirmed', async () => {
    const { run, sent } = await open(routes);
    const typed = await run(['end-access', 'emea'], { isTTY: true, typed: '37\n' });
    expect(typed).toMatchObject({ code: 0, out: 'access is ended for 37 cells: version 4\n' });
    expect(typed.err).toContain('this ends the access of 37 people: 37 cells, 30 accounts to be disabled');
    expect(await run(['end-access', 'emea', '--confirm', '37'])).toMatchObject({ code: 0 });
    expect(sent('POST', 'access/end').map(({ body }) => body)).toEqual([
      { portal: 'emea' },
      { portal: 'emea', confirm: 37 },
      { portal: 'emea' },
      { portal: 'emea', confirm: 37 },
    ]);
  });

  it.each([
    [true, 'access is ended for 0 cells: version 4\n'],
    [false, 'access was ended there before (version 4)\n'],
  ])('ends it also where nobody has access yet: %s', async (done, out) => {
    const none = { portals: { emea: 0 }, cells: 0, people: 0, disables: 0, done: false };
    const { run, sent } = await open({
      'POST access/end': ({ body }) => ({ body: 'confirm' in (body as object) ? { ...none, done, version: 4 } : none }),
    });
    expect(await run(['end-access', 'emea', '--confirm', '0'])).toMatchObject({ code: 0, out });
    expect(sent('POST', 'access/end').at(-1)?.body).toEqual({ portal: 'emea', confirm: 0 });
    expect(await run(['end-access', 'emea'])).toMatchObject({ code: 2, err: expect.stringMatching(/--confirm 0/) });
  });

  it('does nothing for another number, nobody to ask, or neither portal nor --all', async () => {
    const { run, sent } = await open(routes);
    expect(await run(['end-access', 'emea'], { isTTY: true, typed: 'yes\n' })).toMatchObject({ code: 1 });
    expect(await run(['end-access', 'emea'])).toMatchObject({ code: 2, err: expect.stringMatching(/--confirm 37/) });
    expect(await run(['end-access'])).toMatchObject({ code: 2, err: expect.stringMatching(/--all/) });
    expect(await run(['end-access', 'emea', '--all'])).toMatchObject({ code: 2 });
    expect(sent('POST', 'access/end').filter(({ body }) => 'confirm' in (body as object))).toEqual([]);
  });
});

it('retire says what it is, asks, and goes over the version that is stored', async () => {
  const { run, sent } = await open({
    'GET realm': () => ({ body: { version: 3, document } }),
    'POST realm/retire': () => ({ body: { version: 4, applied: true } }),
  });
  expect(await run(['retire'])).toMatchObject({ code: 2, err: expect.stringMatching(/touches no account/) });
  expect((await run(['retire'])).err).toMatch(/nobody can be asked here: add --yes\n$/);
  expect(await run(['retire', '--yes'])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/acme is taken out: version 4/),
  });
  expect(sent('POST', 'realm/retire')[0]?.body).toEqual({ expectedVersion: 3 });
});

describe('people', () => {
  it('lists the reason codes for one that there is not', async () => {
    const { run, asked } = await open({});
    const { code, err } = await run(['people', '--reason', 'nope']);
    expect(code).toBe(2);
    expect(err).toMatch(/waiting-for-accept +was invited and has not accepted/);
    expect(asked).toEqual([]);
  });

  it('says which portals there are for one that there is not', async () => {
    const faults = [{ path: 'portal', message: 'there is no portal "nope": take one of academy, emea' }];
    const { run } = await open({ 'GET people': () => problem(400, 'Correct what the faults name.', faults) });
    expect(await run(['people', '--portal', 'nope'])).toMatchObject({
      code: 2,
      err: 'portico: --portal: there is no portal "nope": take one of academy, emea\n',
    });
  });
});

it.each(['validate', 'plan', 'apply', 'what-if', 'explain', 'end-access', 'retire', 'export'])(
  'portico %s --help has examples',
  async (command) => {
    const { run } = await open({});
    expect(await run([command, '--help'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/Examples:\n {2}\$ portico /),
    });
  },
);
