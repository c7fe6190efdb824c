import { filters, type CellView } from '@portico/contracts';
import { ADMIN, expectProblem, expectSchema, openApiBench, VIEWER, type ApiBench } from './api-bench.js';
import { answer } from './stub-services.js';

let bench: ApiBench;
let send: ApiBench['send'];
let get: ApiBench['get'];
let stub: ApiBench['stub'];
let connections: ApiBench['connections'];
let stubs: ApiBench['stubs'];
beforeAll(async () => {
  bench = await openApiBench();
  ({ send, get, stub, connections, stubs } = bench);
});
afterAll(() => bench.close());
afterEach(() => bench.endStubs());

const cell: CellView = {
  portal: 'academy',
  wanted: 'granted',
  actual: 'active',
  reason: 'converged',
  accountId: '991',
  since: '2026-01-12T10:00:00Z',
};

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
  const refused = await expectProblem(await send('POST', path, ADMIN, { portal: 'A B', accountId: 'x' }), 400, /fault/);
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
