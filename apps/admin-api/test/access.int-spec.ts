import { schemas } from '../src/http/schemas.js';
import { expectProblem, expectSchema, openApiBench, VIEWER, type ApiBench } from './api-bench.js';

let bench: ApiBench;
let send: ApiBench['send'];
let get: ApiBench['get'];
beforeAll(async () => {
  bench = await openApiBench();
  ({ send, get } = bench);
});
afterAll(() => bench.close());
afterEach(() => bench.endStubs());

describe('lets in', () => {
  it('nobody without a token, on any route of the description', async () => {
    const { paths } = (await (await get('/openapi.json')).json()) as { paths: Record<string, object> };
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => [method, path.replace('{tenant}', 'acme')] as const),
    );
    expect(routes.length).toBeGreaterThanOrEqual(10);
    for (const [method, path] of routes) {
      await expectProblem(await send(method.toUpperCase(), path), 401, /Send a token/);
      await expectProblem(await send(method.toUpperCase(), path, 'token-that-nobody-has'), 401, /is not known/);
    }
  });

  it('nobody to another tenant, and a viewer to nothing that changes', async () => {
    await expectProblem(await get('/v1/tenants/globex/status'), 403, /another tenant than globex/);
    await expectProblem(await get('/v1/tenants/a.b/status'), 404, /named by a-z/);
    await expectProblem(await send('PUT', '/v1/tenants/acme/realm', VIEWER, {}), 403, /may only read/);
    await expectProblem(await send('POST', '/v1/tenants/acme/runs', VIEWER, { kind: 'full' }), 403, /may only read/);
  });

  it('whoever has a token, and says what it allows', async () => {
    const me = await (await get('/v1/me', VIEWER)).json();
    expect(me).toEqual({ name: 'Vic', role: 'viewer', tenant: 'acme' });
    expectSchema('Me', me);
  });
});

it('describes itself, and has a page to read it', async () => {
  const document = (await (await get('/openapi.json')).json()) as { openapi: string; paths: object };
  expect(document.openapi).toBe('3.1.0');
  expect(Object.keys(document.paths).sort()).toEqual([
    '/v1/me',
    '/v1/tenants/{tenant}/access/end',
    '/v1/tenants/{tenant}/access/explain/{employee}',
    '/v1/tenants/{tenant}/access/find',
    '/v1/tenants/{tenant}/created',
    '/v1/tenants/{tenant}/events',
    '/v1/tenants/{tenant}/holds',
    '/v1/tenants/{tenant}/holds/{portal}/{causeId}/approval',
    '/v1/tenants/{tenant}/holds/{portal}/{causeId}/people',
    '/v1/tenants/{tenant}/invites',
    '/v1/tenants/{tenant}/people',
    '/v1/tenants/{tenant}/people/{employeeId}/correlations',
    '/v1/tenants/{tenant}/policy/diff',
    '/v1/tenants/{tenant}/policy/examples',
    '/v1/tenants/{tenant}/policy/rollback',
    '/v1/tenants/{tenant}/policy/versions',
    '/v1/tenants/{tenant}/policy/versions/{version}',
    '/v1/tenants/{tenant}/realm',
    '/v1/tenants/{tenant}/realm/plan',
    '/v1/tenants/{tenant}/realm/retire',
    '/v1/tenants/{tenant}/runs',
    '/v1/tenants/{tenant}/status',
    '/v1/tenants/{tenant}/what-if',
    '/v1/tenants/{tenant}/what-if/{id}',
    '/v1/tenants/{tenant}/what-if/{id}/people',
  ]);
  const referred = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name);
  expect(referred.filter((name) => !(name! in schemas) && !name!.endsWith('Body'))).toEqual([]);
  expect((await send('GET', '/docs')).headers.get('content-type')).toContain('text/html');
  expect((await send('GET', '/docs/swagger-ui-bundle.js')).status).toBe(200);
  await expectProblem(await get('/v1/nothing'), 404, /nothing/);
});

it('answers the probes', async () => {
  expect((await send('GET', '/livez')).status).toBe(200);
  expect(await (await send('GET', '/readyz')).json()).toMatchObject({ details: { nats: { status: 'up' } } });
});
