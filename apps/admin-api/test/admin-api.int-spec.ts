import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { connect, headers, type NatsConnection } from '@nats-io/transport-node';
import { filters, subjects, toHeaders, type CellView } from '@portico/contracts';
import { describeTopology, migrateTopology, MIGRATE_USER, renderNatsUsers } from '@portico/messaging';
import { createService, loadConfig, newTraceparent } from '@portico/service-kit';
import { eventually, testNats, type TestNats } from '@portico/testing';
import { AdminConfig } from '../src/config.js';
import { AppModule } from '../src/app.module.js';
import { serveApiDescription } from '../src/http/openapi.js';
import { schemas } from '../src/http/schemas.js';
import { readEvents } from './read-events.js';
import { answer, stubService } from './stub-services.js';

const ADMIN = 'token-of-the-admin-of-acme';
const VIEWER = 'token-of-a-viewer-of-acme';
const PLATFORM = 'token-of-the-platform-team';
const TOKENS = `${ADMIN} acme admin Ada\n${VIEWER} acme viewer Vic\n${PLATFORM} * admin platform\n`;

const topology = describeTopology({ pools: ['shared'] });
/** With users, so that what the admin API may not do does not work here either. */
const passwords = Object.fromEntries(topology.users.map(({ user }) => [user, `password-of-${user}`]));

const cell: CellView = {
  portal: 'academy',
  wanted: 'granted',
  actual: 'active',
  reason: 'converged',
  accountId: '991',
  since: '2026-01-12T10:00:00Z',
};

describe('the admin API', () => {
  let server: TestNats;
  let base: string;
  const closing: (() => Promise<unknown>)[] = [];
  const connections: Record<string, NatsConnection> = {};

  const connectAs = async (user: string): Promise<NatsConnection> => {
    const connection = await connect({
      servers: server.url,
      user,
      pass: passwords[user]!,
      inboxPrefix: `_INBOX_${user}`,
    });
    closing.unshift(() => connection.close());
    return connection;
  };

  const send = (method: string, path: string, token?: string, body?: unknown, more: Record<string, string> = {}) =>
    fetch(base + path, {
      method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...more,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  const get = (path: string, token = ADMIN) => send('GET', path, token);

  beforeAll(async () => {
    const users = renderNatsUsers(topology, passwords);
    server = await testNats({ config: users });
    closing.unshift(() => server.close());
    await migrateTopology(await connectAs(MIGRATE_USER), topology);
    for (const user of ['realm-policy', 'bamboohr-ingestion', 'learnupon-provisioning']) {
      connections[user] = await connectAs(user);
    }
    const tokensFile = join(mkdtempSync(join(tmpdir(), 'portico-admin-')), 'tokens');
    writeFileSync(tokensFile, TOKENS);
    const config = loadConfig(AdminConfig, {
      NATS_URL: server.url,
      NATS_USER: 'admin-api',
      NATS_PASSWORD: passwords['admin-api'],
      TOKENS_FILE: tokensFile,
      ASK_TIMEOUT_MS: '1000',
      LOG_LEVEL: 'silent',
    });
    const app = await createService(AppModule.with(config));
    closing.unshift(() => app.close());
    serveApiDescription(app);
    await app.listen(0, '127.0.0.1');
    base = await app.getUrl();
  });
  afterAll(async () => {
    for (const close of closing) await close();
  });

  const stubs: { stop(): void }[] = [];
  const stub = async (service: Parameters<typeof stubService>[1], answers: Parameters<typeof stubService>[2]) => {
    const made = await stubService(connections[service]!, service, answers);
    stubs.push(made);
    return made;
  };
  afterEach(async () => {
    for (const made of stubs.splice(0)) made.stop();
    await Promise.all(Object.values(connections).map((connection) => connection.flush()));
  });

  const ajv = addFormats.default(new Ajv2020({ strict: false }));
  ajv.addSchema({ $id: 'api', components: { schemas } });
  const expectSchema = (name: keyof typeof schemas, value: unknown) => {
    const validate = ajv.compile({ $ref: `api#/components/schemas/${name}` });
    validate(value);
    expect(validate.errors ?? []).toEqual([]);
  };
  const expectProblem = async (response: Response, status: number, detail: RegExp) => {
    const body = (await response.json()) as { detail: string; status: number };
    expect(body).toMatchObject({ status, detail: expect.stringMatching(detail) });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expectSchema('Problem', body);
    return body;
  };

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
      expect(await expectProblem(await put({ document: { tenant: 'globex' } }), 400, /faults/)).toMatchObject({
        faults: [{ path: 'tenant', message: 'is not acme, the tenant in the path' }],
      });
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

  it('asks for a run', async () => {
    const { asked } = await stub('bamboohr-ingestion', { run: () => answer({ runId: 'run-1' }) });
    const response = await send('POST', '/v1/tenants/acme/runs', ADMIN, { kind: 'changed' });
    expect([response.status, await response.json()]).toEqual([202, { runId: 'run-1' }]);
    expect(asked[0]?.question.body).toEqual({ kind: 'changed' });
    expect(
      await expectProblem(await send('POST', '/v1/tenants/acme/runs', ADMIN, { kind: 'x' }), 400, /fault/),
    ).toMatchObject({ faults: [{ path: 'kind' }] });
  });

  it('pages people with their names, and without where realm-policy is silent', async () => {
    const { asked } = await stub('learnupon-provisioning', {
      people: () => answer({ rows: [{ employeeId: '109', cells: [cell] }], next: 'more' }),
    });
    const policy = await stub('realm-policy', { 'people.names': () => answer({ '109': 'Ada Moss' }) });
    const path = '/v1/tenants/acme/people?portal=academy&reason=converged&employee=109&limit=5&cursor=c';
    const people = await (await get(path)).json();
    expect(people).toEqual({ rows: [{ employeeId: '109', name: 'Ada Moss', cells: [cell] }], next: 'more' });
    expectSchema('PeoplePage', people);
    expect(asked[0]?.question.body).toEqual({
      portal: 'academy',
      reason: 'converged',
      employeeIds: ['109'],
      limit: 5,
      cursor: 'c',
    });
    expect(policy.asked[0]?.question.body).toEqual({ employeeIds: ['109'] });
    policy.stop();
    await connections['realm-policy']!.flush();
    expect(await (await get('/v1/tenants/acme/people')).json()).toMatchObject({ rows: [{ name: null }] });
  });

  it('refuses a query that it does not know, with every fault', async () => {
    const body = await expectProblem(await get('/v1/tenants/acme/people?limit=0&reason=no&colour=red'), 400, /fault/);
    expect((body as unknown as { faults: { path: string }[] }).faults.map(({ path }) => path).sort()).toEqual([
      'colour',
      'limit',
      'reason',
    ]);
  });

  it('takes an admin at their word about whose account it is', async () => {
    const yes = { employeeId: '109', portal: 'academy', accountId: '991' };
    const { asked } = await stub('learnupon-provisioning', {
      correlate: () => answer({ ...yes, confirmedBy: 'Ada', confirmedAt: '2026-01-12T10:00:00Z' }),
    });
    const path = '/v1/tenants/acme/people/109/correlations';
    const body = { portal: 'academy', accountId: '991' };
    const response = await send('POST', path, ADMIN, body);
    expect(response.status).toBe(200);
    expectSchema('Correlation', await response.json());
    expect(asked[0]?.question).toMatchObject({ body: yes, caller: { tenant: 'acme', role: 'admin' } });
    await expectProblem(await send('POST', path, VIEWER, body), 403, /role admin/);
    const refused = await expectProblem(
      await send('POST', path, ADMIN, { portal: 'A B', accountId: 'x' }),
      400,
      /fault/,
    );
    expect(refused).toMatchObject({ faults: [{ path: 'portal' }, { path: 'accountId' }] });
  });

  it('gives the link of an invite to admins alone', async () => {
    const invite = { portal: 'emea', employeeId: '109', inviteId: 'i1', sentAt: '2026-01-12T10:00:00Z' };
    const acceptUrl = 'https://emea.learnupon.com/i/1';
    await stub('learnupon-provisioning', { invites: () => answer({ rows: [{ ...invite, acceptUrl }] }) });
    const invites = async (token: string) => (await get('/v1/tenants/acme/invites', token)).json();
    expect(await invites(ADMIN)).toEqual({ rows: [{ ...invite, acceptUrl, name: null }] });
    expect(await invites(VIEWER)).toEqual({ rows: [{ ...invite, name: null }] });
    expectSchema('InvitesPage', await invites(ADMIN));
  });

  it('lists what was created since a moment, or for some time', async () => {
    const row = { portal: 'academy', employeeId: '109', accountId: '991', createdAt: '2026-01-12T10:00:00Z' };
    const { asked } = await stub('learnupon-provisioning', { created: () => answer({ rows: [row] }) });
    const created = await (await get('/v1/tenants/acme/created?since=2026-01-12T09:00:00%2B01:00')).json();
    expectSchema('CreatedPage', created);
    await get('/v1/tenants/acme/created?since=PT2H');
    const [moment, ago] = asked.map(({ question }) => (question.body as { since: string }).since);
    expect(moment).toBe('2026-01-12T08:00:00Z');
    expect(Date.now() - Date.parse(ago ?? '')).toBeGreaterThanOrEqual(2 * 3_600_000);
    expect(Date.now() - Date.parse(ago ?? '')).toBeLessThan(2 * 3_600_000 + 60_000);
    for (const since of ['', 'yesterday', 'P', '2026-13-45T99:00:00Z']) {
      const refused = await expectProblem(await get(`/v1/tenants/acme/created?since=${since}`), 400, /fault/);
      expect(refused).toMatchObject({ faults: [{ path: 'since' }] });
    }
  });

  it('names a service that does not answer', async () => {
    expect(await expectProblem(await get('/v1/tenants/acme/people'), 503, /is not running/)).toMatchObject({
      service: 'learnupon-provisioning',
    });
    const mute = connections['learnupon-provisioning']!.subscribe(filters.asks('learnupon-provisioning'));
    stubs.push({ stop: () => mute.unsubscribe() });
    await connections['learnupon-provisioning']!.flush();
    await expectProblem(await get('/v1/tenants/acme/people'), 503, /did not answer in time/);
  });

  describe('events', () => {
    const publish = async (tenant: string, event: string, accountId: string) => {
      const subject = subjects.learner(tenant, 'academy', event);
      const attributes = { id: accountId, type: `portico.learner.${event}.v1`, source: 'learnupon-provisioning' };
      const sent = headers();
      const all = toHeaders({ ...attributes, time: '2026-01-12T10:00:00Z', traceparent: newTraceparent() });
      for (const [name, value] of Object.entries(all)) sent.set(name, value);
      const nats = connections['learnupon-provisioning']!;
      await nats.request(subject, JSON.stringify({ tenant, accountId }), { headers: sent, timeout: 5_000 });
    };
    const accounts = (events: readonly { data: string }[]) =>
      events.map(({ data }) => (JSON.parse(data) as { data: { accountId: string } }).data.accountId);

    it('come live, of this tenant alone, and go on where a connection broke off', async () => {
      await publish('acme', 'created', 'before');
      const first = await readEvents(`${base}/v1/tenants/acme/events`, ADMIN);
      await publish('globex', 'created', 'of another tenant');
      await publish('acme', 'created', 'one');
      await publish('acme', 'updated', 'two');
      const seen = await eventually('two events', async () => first.events.length >= 2 && first.events);
      expect(accounts(seen)).toEqual(['one', 'two']);
      expect(seen[0]).toMatchObject({ event: 'learner', data: expect.stringContaining('portico.learner.created.v1') });
      first.close();
      await publish('acme', 'disabled', 'three');

      const second = await readEvents(`${base}/v1/tenants/acme/events`, ADMIN, { 'last-event-id': seen[0]!.id });
      await eventually('what was missed', async () => second.events.length >= 2);
      expect(accounts(second.events)).toEqual(['two', 'three']);
      second.close();
    });

    it('end when the app stops', async () => {
      const config = loadConfig(AdminConfig, {
        NATS_URL: server.url,
        NATS_USER: 'admin-api',
        NATS_PASSWORD: passwords['admin-api'],
        TOKENS_FILE: join(mkdtempSync(join(tmpdir(), 'portico-admin-')), 'tokens'),
        LOG_LEVEL: 'silent',
      });
      writeFileSync(config.tokensFile, TOKENS);
      const app = await createService(AppModule.with(config));
      await app.listen(0, '127.0.0.1');
      const stream = await readEvents(`${await app.getUrl()}/v1/tenants/acme/events`, ADMIN);
      await app.close();
      await stream.ended;
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
});
