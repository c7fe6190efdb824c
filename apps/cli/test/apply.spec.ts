import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RealmPlanAnswer } from '@portico/contracts';
import { problem, TOKEN, whatIfRoutes, type Routes } from './fake-api.js';
import { folder, plan, realmFile } from './samples.js';
import { withApi } from './with-api.js';

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

  it('has all faults told also where the tenant is no name', async () => {
    const unnamed = join(folder, 'unnamed.yaml');
    writeFileSync(unnamed, 'timeZone: Nowhere\ntenant: Acme Ltd\n');
    const faults = ['tenant', 'timeZone'].map((path) => ({ path, message: 'is wrong' }));
    const me = (tenant: string) => ({ 'GET /v1/me': () => ({ body: { tenant } }) });
    const told = { 'POST realm/plan': () => problem(400, 'Correct the realm.', faults) };
    const api = await withApi({ ...told, ...me('acme') });
    const ran = await api.run(`apply -f ${unnamed} --yes`);
    expect(ran.err).toContain(`${unnamed}:1:1: timeZone: is wrong\n${unnamed}:2:1: tenant: is wrong\n`);
    const every = await withApi({ ...told, ...me('*') });
    const alone = await every.run(`apply -f ${unnamed} --yes`);
    expect(alone.err).toContain(`${unnamed}:2:1: tenant: write a name`);
    expect([ran.code, alone.code]).toEqual([1, 1]);
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
