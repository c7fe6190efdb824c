import { admin, startBench, type TestBench } from './database.js';
import { portal, written } from './examples.js';

let bench: TestBench;
beforeEach(async () => (bench = await startBench()));
afterEach(() => bench.close());

const documentOf = (tenant: string, refs: { bamboohr?: string; academy?: string } = {}) =>
  written({
    tenant,
    bamboohr: { company: tenant, ...(refs.bamboohr ? { secretRef: refs.bamboohr } : {}) },
    learnupon: {
      portals: [{ ...portal('academy', 'true'), topLevel: true, ...(refs.academy ? { secretRef: refs.academy } : {}) }],
    },
  });
const apply = (tenant: string, refs?: Parameters<typeof documentOf>[1]) =>
  bench.realm.apply({ ...admin, tenant }, { document: documentOf(tenant, refs) });
const plan = (tenant: string, refs?: Parameters<typeof documentOf>[1]) =>
  bench.realm.plan({ ...admin, tenant }, { document: documentOf(tenant, refs) });
const pathsOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'applied',
    (error: { faults?: { path: string }[] }) => error.faults?.map(({ path }) => path),
  );

it('a realm names the secrets of its own tenant only, and all faults are told at once', async () => {
  const foreign = { bamboohr: 'globex-bamboohr', academy: 'acmecorp-academy' };
  const paths = ['bamboohr.secretRef', 'learnupon.portals.academy.secretRef'];
  expect(await pathsOf(apply('acme', foreign))).toEqual(paths);
  expect(await pathsOf(plan('acme', foreign))).toEqual(paths);
  expect(await pathsOf(apply('acme', { bamboohr: 'acme', academy: 'acme-eu-academy' }))).toBe('applied');
});

it('of two tenants with one beginning, the secret is the one with the longer name', async () => {
  await apply('acme-eu');
  expect(await pathsOf(apply('acme', { academy: 'acme-eu-academy' }))).toEqual(['learnupon.portals.academy.secretRef']);
  expect(await pathsOf(plan('acme', { academy: 'acme-eu-academy' }))).toEqual(['learnupon.portals.academy.secretRef']);
  expect(await pathsOf(apply('acme', { academy: 'acme-europe-academy' }))).toBe('applied');
});

it('a new tenant is refused while another one names what would be its secrets', async () => {
  await apply('acme', { academy: 'acme-eu-academy' });
  await expect(apply('acme-eu')).rejects.toMatchObject({
    faults: [{ path: 'tenant', message: expect.stringContaining('acme uses the secret "acme-eu-academy"') }],
  });
  await apply('acme', { academy: 'acme-academy' });
  expect(await pathsOf(apply('acme-eu'))).toBe('applied');
});

it('no two applies at once get past it', async () => {
  const outcomes = await Promise.all([
    pathsOf(apply('acme', { academy: 'acme-eu-academy' })),
    pathsOf(apply('acme-eu')),
  ]);
  expect(outcomes.filter((outcome) => outcome === 'applied')).toHaveLength(1);
});

it('what was stored before goes on, is shown, and can be put right', async () => {
  await apply('acme');
  await bench.sql(
    `update realm set document = jsonb_set(document, '{learnupon,portals,0,secretRef}', '"globex-academy"')`,
  );
  expect(await plan('acme')).toMatchObject({ changes: [{ kind: 'changed' }] });
  expect(await apply('acme')).toMatchObject({ applied: true });
});
