import { ADMIN, expectProblem, expectSchema, openApiBench, PLATFORM, VIEWER, type ApiBench } from './api-bench.js';
import { answer } from './stub-services.js';

let bench: ApiBench;
let send: ApiBench['send'];
let get: ApiBench['get'];
let stub: ApiBench['stub'];
beforeAll(async () => {
  bench = await openApiBench();
  ({ send, get, stub } = bench);
});
afterAll(() => bench.close());
afterEach(() => bench.endStubs());

describe('realms', () => {
  it('are planned, applied with the expected version, and read back', async () => {
    const change = { kind: 'changed', path: 'portals.academy.audience', from: 'false', to: 'true' };
    const plan = { tenant: 'acme', storedVersion: 3, changes: [change], warnings: [] };
    const { asked } = await stub('realm-policy', {
      'realm.plan': () => answer(plan),
      'realm.apply': () => answer({ ...plan, version: 4, applied: true }),
      'realm.get': () => answer({ version: 4, document: { tenant: 'acme' } }),
    });
    const document = { tenant: 'acme', portals: [] };
    const planned = await send('POST', '/v1/tenants/acme/realm/plan', VIEWER, { document });
    expect(planned.status).toBe(200);
    expectSchema('RealmPlan', await planned.json());

    const applied = await send('PUT', '/v1/tenants/acme/realm', PLATFORM, { document }, { 'if-match': '"3"' });
    expect(applied.headers.get('etag')).toBe('"4"');
    expectSchema('RealmApplied', await applied.json());
    expect(asked.map(({ question }) => question)).toEqual([
      { caller: { tenant: 'acme', role: 'viewer', name: 'Vic' }, body: { document } },
      { caller: { tenant: 'acme', role: 'admin', name: 'platform' }, body: { document, expectedVersion: 3 } },
    ]);

    const stored = await get('/v1/tenants/acme/realm');
    expect(stored.headers.get('etag')).toBe('"4"');
    expectSchema('Realm', await stored.json());
  });

  it('that are refused come back with every fault', async () => {
    const faults = [{ path: 'portals.1.audience', message: 'knows no field departmnt: write department' }];
    await stub('realm-policy', {
      'realm.plan': () => ({ ok: false, error: { code: 'invalid', message: 'Correct the realm.', faults } }),
      'realm.apply': () => ({ ok: false, error: { code: 'conflict', message: 'Version 5 is stored: plan again.' } }),
    });
    const invalid = await send('POST', '/v1/tenants/acme/realm/plan', ADMIN, { document: {} });
    expect(await expectProblem(invalid, 400, /Correct the realm/)).toMatchObject({ faults });
    await expectProblem(
      await send('PUT', '/v1/tenants/acme/realm', ADMIN, { document: {} }),
      409,
      /Version 5 is stored/,
    );
  });

  it('of another shape never reach the service', async () => {
    const put = (body: unknown, more = {}) => send('PUT', '/v1/tenants/acme/realm', ADMIN, body, more);
    await expectProblem(await put('{"tenant":'), 400, /JSON/);
    await expectProblem(await put([]), 400, /faults/);
    await expectProblem(await put({ document: {} }, { 'if-match': 'abc' }), 400, /If-Match/);
  });
});

describe('status', () => {
  const source = {
    employees: 1,
    maxRevision: 5,
    unpublished: 0,
    reads: [{ id: 'r', kind: 'full', state: 'running' }],
  };
  const policy = {
    employees: 1,
    maxEmployeeRevision: 5,
    decisions: 1,
    maxAccessRevision: 6,
    unpublished: 0,
    undecided: 0,
    policyVersion: 1,
  };

  it('joins what the services say', async () => {
    await stub('bamboohr-ingestion', { status: () => answer(source) });
    await stub('realm-policy', { status: () => answer(policy) });
    await stub('learnupon-provisioning', {
      status: () => answer({ people: 1, maxAccessRevision: 6, unpublished: 0, portals: [] }),
    });
    const status = await (await get('/v1/tenants/acme/status', VIEWER)).json();
    expect(status).toMatchObject({ tenant: 'acme', phase: 'reading', settled: false, source, policy });
    expectSchema('Status', status);
  });

  it('names a service that is silent, and shows the others', async () => {
    await stub('bamboohr-ingestion', { status: () => answer(source) });
    await stub('realm-policy', { status: () => answer(policy) });
    const status = await (await get('/v1/tenants/acme/status')).json();
    expect(status).toMatchObject({
      phase: 'unavailable',
      unavailable: ['learnupon-provisioning'],
      provisioning: null,
    });
    expectSchema('Status', status);
  });

  it('of a tenant that realm-policy does not know is a 404', async () => {
    await stub('realm-policy', {
      status: () => ({
        ok: false,
        error: { code: 'not-found', message: 'There is no tenant acme: apply its realm.' },
      }),
    });
    await expectProblem(await get('/v1/tenants/acme/status'), 404, /apply its realm/);
  });
});
