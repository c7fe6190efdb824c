import type { Status } from '../src/answers.js';
import { problem } from './fake-api.js';
import { inTurn, settled } from './samples.js';
import { withApi } from './with-api.js';

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
