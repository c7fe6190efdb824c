import { mkdtempSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PortalStatus, RealmPlanAnswer } from '@portico/contracts';
import type { Status } from '../src/answers.js';
import { main } from '../src/program.js';
import { problem, startFakeApi, TOKEN, whatIfRoutes, type Routes } from './fake-api.js';
import { fakeTerminal } from './fake-terminal.js';

const folder = mkdtempSync(join(tmpdir(), 'portico-cli-'));
const realmFile = join(folder, 'acme.realm.yaml');
writeFileSync(realmFile, 'tenant: acme\nlearnupon:\n  portals:\n    - portal: emea\n      audience: departmnt\n');

const plan = (change: Partial<RealmPlanAnswer> = {}): RealmPlanAnswer => ({
  tenant: 'acme',
  storedVersion: 3,
  changes: [
    { kind: 'changed', path: 'learnupon.portals.emea.audience', from: 'false', to: 'true' },
    { kind: 'added', path: 'learnupon.portals.apac', to: { portal: 'apac', title: 'Asia' } },
    { kind: 'removed', path: 'learnupon.language', from: 'en' },
  ],
  warnings: ['nobody is in the audience of apac'],
  ...change,
});

const academy: PortalStatus = {
  portal: 'academy',
  title: 'Acme Academy',
  wanted: 250,
  active: 240,
  pendingInvites: 2,
  outstanding: 0,
  inDoubt: 0,
  skipped: { 'refused-exists': 8 },
  effects: { created: 240, updated: 3, invited: 2 },
  calls: { reads: 4, writes: 243, throttled: 1 },
};
const settled: Status = {
  tenant: 'acme',
  phase: 'settled',
  settled: true,
  waitingFor: [],
  attention: [],
  keptOut: [],
  unavailable: [],
  source: {
    employees: 250,
    maxRevision: 5,
    unpublished: 0,
    reads: [
      {
        id: 'run-1',
        kind: 'full',
        state: 'certified',
        startedAt: '2026-01-12T10:00:00Z',
        finishedAt: '2026-01-12T10:00:09Z',
        rows: 250,
        totals: { joiners: 250, movers: 0, leavers: 0 },
      },
    ],
  },
  policy: {
    employees: 250,
    maxEmployeeRevision: 5,
    decisions: 250,
    maxAccessRevision: 6,
    unpublished: 0,
    undecided: 0,
    policyVersion: 1,
  },
  provisioning: { people: 250, maxAccessRevision: 6, unpublished: 0, portals: [academy] },
};
const working: Status = {
  ...settled,
  phase: 'provisioning',
  settled: false,
  waitingFor: ['110 cells of academy'],
  provisioning: { ...settled.provisioning!, portals: [{ ...academy, active: 130, outstanding: 110 }] },
};

/** Each answer once, the last for ever. */
const inTurn = <T>(...answers: readonly T[]) => {
  let next = 0;
  return (): { body: T } => ({ body: answers[Math.min(next++, answers.length - 1)]! });
};

type RunOptions = NonNullable<Parameters<typeof fakeTerminal>[0]> & { readonly interrupted?: AbortSignal };

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

describe('portico', () => {
  const servers: Awaited<ReturnType<typeof startFakeApi>>[] = [];
  const withApi = async (routes: Routes) => {
    const api = await startFakeApi({
      'GET /v1/me': () => ({ body: { name: 'Ada', role: 'admin', tenant: 'acme' } }),
      ...routes,
    });
    servers.push(api);
    const run = async (line: string, options: RunOptions = {}): Promise<Ran> => {
      const env = { PORTICO_URL: api.url, PORTICO_TOKEN: TOKEN, ...options.env };
      const { terminal, stdout, stderr } = fakeTerminal({ ...options, env });
      const code = await main(line.split(' '), terminal, options.interrupted ?? new AbortController().signal);
      return { code, out: stdout(), err: stderr() };
    };
    return { ...api, run };
  };
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
  });

  describe('apply', () => {
    const routes = (change: Partial<RealmPlanAnswer> = {}): Routes => ({
      'POST realm/plan': () => ({ body: plan(change) }),
      'PUT realm': () => ({ body: { ...plan(change), version: 4, applied: true } }),
      ...whatIfRoutes(),
    });
    const puts = (api: { asked: { method: string; path: string; body: unknown }[] }) =>
      api.asked.filter(({ method }) => method === 'PUT');

    it('shows the difference and applies it over the version that was shown', async () => {
      const api = await withApi(routes());
      const { code, out, err } = await api.run(`apply -f ${realmFile} --yes`);
      expect([code, out]).toEqual([0, 'applied acme.realm.yaml: version 4\n']);
      expect(err).toBe(
        [
          'acme, over version 3:',
          '  ~ learnupon.portals.emea.audience: false → true',
          '  + learnupon.portals.apac:',
          '      portal: apac',
          '      title: Asia',
          '  - learnupon.language: en',
          '! nobody is in the audience of apac',
          'effect on 2026-03-02, of 250 people: 15 touched, at most 15 writes to LearnUpon',
          'PORTAL  NOW  THEN  JOIN  LEAVE  CHANGE  STOPPED  WRITES',
          'emea    40   49    12    3      0       0        15',
          '',
        ].join('\n'),
      );
      expect(puts(api)).toMatchObject([{ path: '/v1/tenants/acme/realm', body: { expectedVersion: 3 } }]);
      expect(api.asked[0]?.headers.authorization).toBe(`Bearer ${TOKEN}`);
    });

    it.each([
      ['y\n', 0, 1],
      ['n\n', 1, 0],
      ['\n', 1, 0],
    ])('asks on a terminal: %j', async (typed, code, applied) => {
      const api = await withApi(routes());
      const ran = await api.run(`apply -f ${realmFile}`, { isTTY: true, typed });
      expect(ran.err).toContain('Apply this? [y/N]');
      expect([ran.code, puts(api).length]).toEqual([code, applied]);
    });

    it('does not ask where nobody can answer, and applies nothing', async () => {
      const api = await withApi(routes());
      expect(await api.run(`apply -f ${realmFile}`)).toMatchObject({
        code: 2,
        err: expect.stringContaining('add --yes'),
      });
      expect(await api.run(`apply -f ${realmFile} --dry-run`)).toMatchObject({
        code: 0,
        out: 'nothing was applied (version 3 is stored)\n',
      });
      expect(puts(api)).toEqual([]);
    });

    it('twice has nothing to change', async () => {
      const api = await withApi(routes({ changes: [], warnings: [] }));
      const ran = await api.run(`apply -f ${realmFile}`);
      expect(ran).toEqual({ code: 0, out: 'nothing to change (version 3 is stored)\n', err: '' });
      expect(puts(api)).toEqual([]);
    });

    it('takes standard input, and answers JSON alone', async () => {
      const api = await withApi(routes());
      const ran = await api.run('apply -f - --yes -o json', { typed: 'tenant: acme\nportals: []\n' });
      expect(JSON.parse(ran.out)).toMatchObject({ version: 4, applied: true });
      expect(puts(api)).toMatchObject([{ body: { document: { tenant: 'acme', portals: [] } } }]);
    });

    it('shows all faults with their lines', async () => {
      const faults = [
        { path: 'learnupon.portals.emea.audience', message: 'knows no field departmnt' },
        { path: 'timeZone', message: 'is missing' },
      ];
      const api = await withApi({ 'POST realm/plan': () => problem(400, 'Correct the realm.', faults) });
      expect(await api.run(`apply -f ${realmFile} --yes`)).toEqual({
        code: 1,
        out: '',
        err:
          `portico: 2 faults; nothing was applied\n${realmFile}:1:1: timeZone: is missing\n` +
          `${realmFile}:5:7: learnupon.portals.emea.audience: knows no field departmnt\n`,
      });
    });

    it('sends nothing that is no YAML, or the realm of another tenant', async () => {
      const api = await withApi(routes());
      const broken = join(folder, 'broken.yaml');
      writeFileSync(broken, 'tenant: acme\nportals: [a\n');
      expect(await api.run(`apply -f ${broken} --yes`)).toMatchObject({
        code: 1,
        err: expect.stringContaining(`${broken}:3:1: Flow sequence`),
      });
      expect(await api.run(`apply -f ${realmFile} --yes --tenant globex`)).toMatchObject({ code: 2 });
      expect(await api.run('apply -f nowhere.yaml')).toMatchObject({
        code: 2,
        err: expect.stringContaining("can't be read"),
      });
      expect(api.asked).toEqual([]);
    });

    it('says so when somebody else applied meanwhile', async () => {
      const api = await withApi({ ...routes(), 'PUT realm': () => problem(409, 'Version 5 is stored.') });
      expect(await api.run(`apply -f ${realmFile} --yes`)).toMatchObject({
        code: 1,
        err: expect.stringContaining('Version 5 is stored. Somebody applied another version meanwhile'),
      });
    });
  });

  describe('run', () => {
    const runs: Routes = { 'POST runs': () => ({ body: { runId: 'run-1' } }) };

    it('asks for a read', async () => {
      const api = await withApi(runs);
      expect(await api.run('run')).toMatchObject({ code: 0, out: 'asked for a read of changes: run-1\n' });
      expect(await api.run('run --full -o json')).toMatchObject({ code: 0, out: '{\n  "runId": "run-1"\n}\n' });
      const asked = api.asked.filter(({ method }) => method === 'POST');
      expect(asked.map(({ body }) => body)).toEqual([{ kind: 'changed' }, { kind: 'full' }]);
    });

    it('waits until it is done, not for what was settled before', async () => {
      const before = { ...settled, source: { ...settled.source!, reads: [] } };
      const api = await withApi({ ...runs, 'GET status': inTurn(before, working, settled) });
      const { code, out } = await api.run('run --full --wait');
      expect(code).toBe(0);
      expect(out).toContain('full read certified, 250 people, 250 joined');
      expect(out).toMatch(/academy +250 +240 +240 +2 +2 +3 +0 +0 +8: 8 refused-exists +4 r, 243 w, 1 throttled/);
      expect(api.asked.filter(({ path }) => path.endsWith('status'))).toHaveLength(3);
    });

    it('fails when a portal was kept out, which nobody waits for, and says what to do', async () => {
      const attention = ['emea is kept out since 2026-01-12T10:00:00Z: the portal refuses its key. Mount a new one.'];
      const status = { ...settled, attention, keptOut: ['emea'] };
      const api = await withApi({ ...runs, 'GET status': inTurn<Status>(status) });
      const { code, out, err } = await api.run('run --full --wait');
      expect(code).toBe(1);
      expect(out).toContain('! emea is kept out since 2026-01-12T10:00:00Z');
      expect(err).toContain('portico: not done in emea');
      const json = await api.run('run --full --wait -o json');
      expect(json.code).toBe(1);
      expect(JSON.parse(json.out)).toMatchObject({ status: { keptOut: ['emea'], attention } });
    });

    it('fails when the read is refused, and when it takes too long', async () => {
      const read = { id: 'run-1', kind: 'full', state: 'refused', finishedAt: 'x', reason: 'half is missing' } as const;
      const refused = { ...settled, source: { ...settled.source!, reads: [read] } };
      const api = await withApi({ ...runs, 'GET status': inTurn<Status>(refused) });
      expect(await api.run('run --wait')).toMatchObject({
        code: 1,
        err: 'portico: the read of BambooHR was refused: half is missing\n',
      });
      const slow = await withApi({ ...runs, 'GET status': inTurn(working) });
      expect(await slow.run('run --wait --timeout 1')).toMatchObject({
        code: 1,
        err: expect.stringContaining('not done after 1 s'),
      });
    });
  });

  describe('watch', () => {
    const event = (id: string, accountId: string) =>
      `id: ${id}\nevent: learner\ndata: ${JSON.stringify({
        kind: 'learner',
        type: 'portico.learner.created.v1',
        time: '2026-01-12T10:00:00Z',
        data: { event: 'created', employeeId: '109', portal: 'academy', accountId },
      })}\n\n`;
    const people = () => ({ body: { rows: [{ employeeId: '109', name: 'Ada Moss', cells: [] }] } });
    const streaming =
      (text: string, ends = false) =>
      (response: ServerResponse) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write(`: connected\n\n${text}`);
        if (ends) response.end();
      };

    it('shows progress and events in plain lines, and ends when settled', async () => {
      const api = await withApi({
        'GET status': inTurn(working, working, settled),
        'GET events': () => streaming(event('1.0', '991')),
        'GET people': people,
      });
      const { code, out } = await api.run('watch --until-settled');
      expect(code).toBe(0);
      expect(out).toContain('provisioning · academy 132/250 (110 to do)\n');
      expect(out).toContain('10:00:00  created      academy  Ada Moss (109)  account 991\n');
      expect(out).toMatch(/settled · academy 242\/250\n$/);
      expect(out).not.toContain('\u001b');
    });

    it('takes a broken stream up where it was, and ends when interrupted', async () => {
      const interrupted = new AbortController();
      let connections = 0;
      const api = await withApi({
        'GET status': inTurn(settled),
        'GET events': () => {
          connections++;
          if (connections === 1) return streaming(event('1.0', '991'), true);
          setTimeout(() => interrupted.abort(), 50);
          return streaming(event('2.0', '992'));
        },
        'GET people': people,
      });
      const { code, out } = await api.run('watch -o json', { interrupted: interrupted.signal });
      expect(code).toBe(0);
      const lines = out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { data: { accountId: string } });
      expect(lines.map(({ data }) => data.accountId)).toEqual(['991', '992']);
      const asked = api.asked.filter(({ path }) => path.endsWith('events'));
      expect(asked.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '1.0']);
    });

    it('writes one living line on a terminal', async () => {
      const api = await withApi({ 'GET status': inTurn(working, settled), 'GET events': () => streaming('') });
      const { out } = await api.run('watch --until-settled', { isTTY: true });
      expect(out).toContain('\r\u001b[2Kprovisioning · academy');
    });

    it('gives up when told to', async () => {
      const api = await withApi({ 'GET status': inTurn(working), 'GET events': () => streaming('') });
      expect(await api.run('watch --until-settled --timeout 1')).toMatchObject({
        code: 1,
        err: expect.stringContaining('not settled'),
      });
    });

    it('says what a wrong token is told', async () => {
      const api = await withApi({
        'GET status': () => problem(401, 'This token is not known.'),
        'GET events': () => problem(401, 'This token is not known.'),
      });
      expect(await api.run('watch')).toMatchObject({ code: 1, err: 'portico: This token is not known.\n' });
    });
  });

  it('status shows what waits for people, in colour on a terminal alone', async () => {
    const attention = ['emea is kept out: the portal refuses its key. Mount a new one.'];
    const api = await withApi({ 'GET status': inTurn<Status>({ ...settled, attention }) });
    const { out } = await api.run('status');
    expect(out).toContain('acme  settled\n');
    expect(out).toContain('! emea is kept out');
    expect(out).not.toContain('\u001b');
    expect((await api.run('status', { isTTY: true })).out).toContain('\u001b[32msettled');
    expect((await api.run('status', { isTTY: true, env: { NO_COLOR: '1' } })).out).not.toContain('\u001b');
    expect(JSON.parse((await api.run('status -o json')).out)).toMatchObject({ phase: 'settled', attention });
  });

  it('correlate says whose account it is', async () => {
    const answer = { employeeId: '109', portal: 'emea', accountId: '991' };
    const api = await withApi({
      'POST people/109/correlations': () => ({
        body: { ...answer, confirmedBy: 'Ada', confirmedAt: '2026-01-12T10:00:00Z' },
      }),
    });
    const { code, out } = await api.run('correlate 109 emea 991');
    expect([code, out]).toEqual([0, "account 991 in emea is employee 109's (Ada, 2026-01-12T10:00:00Z)\n"]);
    expect(api.asked.at(-1)).toMatchObject({ method: 'POST', body: { portal: 'emea', accountId: '991' } });
    expect((await api.run('correlate 109 emea')).code).toBe(2);
  });

  it('people pages as far as it is told', async () => {
    const person = (id: number) => ({ employeeId: String(id), name: `Person ${id}`, cells: [] });
    const api = await withApi({
      'GET people': ({ query }) => {
        const from = Number(query.get('cursor') ?? 0);
        const limit = Number(query.get('limit'));
        const rows = Array.from({ length: Math.min(limit, 450 - from) }, (_, index) => person(from + index));
        return { body: { rows, ...(from + limit < 450 ? { next: String(from + limit) } : {}) } };
      },
    });
    const first = await api.run('people');
    expect(first.out.split('\n')).toHaveLength(102);
    expect(first.err).toContain('add --all');
    const all = await api.run('people --all -o json --portal emea --reason left --employee 1 --employee 2');
    expect(JSON.parse(all.out)).toHaveLength(450);
    expect(all.err).toBe('');
    expect(String(api.asked.at(-1)?.query)).toBe('portal=emea&reason=left&employee=1&employee=2&limit=200&cursor=400');
  });

  it('invites gives links only when asked', async () => {
    const row = { portal: 'emea', employeeId: '109', name: 'Ada Moss', inviteId: 'i1', sentAt: '2026-01-12T10:00:00Z' };
    const api = await withApi({ 'GET invites': () => ({ body: { rows: [{ ...row, acceptUrl: 'https://e.x/i1' }] } }) });
    expect((await api.run('invites')).out).not.toContain('https://');
    expect((await api.run('invites --links')).out).toMatch(
      /109 +Ada Moss +emea +2026-01-12T10:00:00Z +https:\/\/e.x\/i1/,
    );
  });

  it.each([
    ['2h', 'PT2H'],
    ['30m', 'PT30M'],
    ['3d', 'P3D'],
    ['1w', 'P1W'],
    ['2026-01-12', '2026-01-12T00:00:00Z'],
    ['2026-01-12T10:00:00+01:00', '2026-01-12T10:00:00+01:00'],
  ])('created --since %s asks for %s', async (since, sent) => {
    const api = await withApi({ 'GET created': () => ({ body: { rows: [] } }) });
    expect(await api.run(`created --since ${since}`)).toEqual({ code: 0, out: 'none\n', err: '' });
    expect(api.asked.at(-1)?.query.get('since')).toBe(sent);
  });

  describe('says what to do', () => {
    it.each([
      ['nonsense', 'unknown command'],
      ['run --full --changed', 'cannot be used with'],
      ['created', "required option '--since"],
      ['created --since yesterday', 'write 30m, 2h'],
      ['people --limit 0', 'whole number'],
      ['status -o xml', 'Allowed choices are table, json'],
      ['status --url nowhere', 'is no URL'],
      ['status --token-file /nowhere', "can't be read"],
    ])('and ends with 2: %s', async (line, message) => {
      const api = await withApi({});
      expect(await api.run(line)).toMatchObject({ code: 2, err: expect.stringContaining(message) });
    });

    it('without a token, or with one for every tenant', async () => {
      const api = await withApi({ 'GET /v1/me': () => ({ body: { name: 'p', role: 'admin', tenant: '*' } }) });
      expect(await api.run('status', { env: { PORTICO_TOKEN: '' } })).toMatchObject({
        code: 2,
        err: expect.stringContaining('no token'),
      });
      expect(await api.run('status')).toMatchObject({ code: 2, err: expect.stringContaining('--tenant <tenant>') });
      await api.run('status --tenant globex');
      await api.run('status', { env: { PORTICO_TENANT: 'initech' } });
      expect(api.asked.slice(-2).map(({ path }) => path)).toEqual([
        '/v1/tenants/globex/status',
        '/v1/tenants/initech/status',
      ]);
    });

    it('when nobody is there, or somebody else', async () => {
      const api = await withApi({ 'GET status': () => (response) => response.writeHead(502).end('<html>') });
      expect(await api.run('status')).toMatchObject({
        code: 1,
        err: expect.stringContaining("is it Portico's admin API?"),
      });
      await api.stop();
      const { code, err } = await api.run('status');
      expect(code).toBe(1);
      expect(err).toContain(`the admin API at ${api.url} can't be reached`);
      expect(err).toContain('PORTICO_URL');
    });

    it('when a service is silent', async () => {
      const api = await withApi({
        'GET people': () => problem(503, 'learnupon-provisioning is not running: see that it is up.'),
      });
      expect(await api.run('people')).toEqual({
        code: 1,
        out: '',
        err: 'portico: learnupon-provisioning is not running: see that it is up.\n',
      });
    });
  });

  it.each(['', 'apply', 'run', 'watch', 'status', 'people', 'invites', 'created'])(
    'has help with examples: %s',
    async (command) => {
      const api = await withApi({});
      const { code, out } = await api.run(`${command} --help`.trim());
      expect(code).toBe(0);
      expect(out).toContain('$ portico ');
    },
  );
});
