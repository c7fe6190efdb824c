import type { ExplainAnswer, WhatIfAnswer } from '@portico/contracts';
import { ADMIN, expectSchema, openApiBench, VIEWER, type ApiBench } from './api-bench.js';
import { answer } from './stub-services.js';

let bench: ApiBench;
let stub: ApiBench['stub'];
beforeAll(async () => {
  bench = await openApiBench();
  ({ stub } = bench);
});
afterAll(() => bench.close());
afterEach(() => bench.endStubs());

const send = async (method: string, path: string, body?: unknown, token = VIEWER) => {
  const response = await bench.send(method, `/v1/tenants/acme/${path}`, token, body);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

const version = { version: 3, appliedAt: '2026-03-02T12:00:00.000Z', appliedBy: 'Mo', origin: 'applied' };
const change = { kind: 'changed', path: 'timeZone', from: 'UTC', to: 'Asia/Tokyo' };
const plan = { tenant: 'acme', storedVersion: 3, changes: [change], warnings: [], version: 4, applied: true };

it('lists, shows and compares versions', async () => {
  const { asked } = await stub('realm-policy', {
    'realm.history': () => answer({ rows: [{ ...version, changes: 2 }], next: '3' }),
    'realm.version': () => answer({ ...version, document: { tenant: 'acme' } }),
    'realm.diff': () => answer({ from: 1, to: 3, changes: [change] }),
  });
  expectSchema('VersionsPage', (await send('GET', 'policy/versions?limit=1&cursor=4')).body);
  expectSchema('Version', (await send('GET', 'policy/versions/3')).body);
  expectSchema('VersionDiff', (await send('GET', 'policy/diff?from=1')).body);
  expect(asked.map(({ question }) => question.body)).toEqual([{ limit: 1, cursor: '4' }, { version: 3 }, { from: 1 }]);
  expect(await send('GET', 'policy/diff?from=0')).toMatchObject({ status: 400, body: { faults: [{ path: 'from' }] } });
});

it('lets admins alone go back, retire and end access', async () => {
  const ended = { portals: { emea: 3 }, cells: 3, people: 3, disables: 3, done: false };
  const { asked } = await stub('realm-policy', {
    'realm.rollback': () => answer(plan),
    'realm.retire': () => answer(plan),
    'access.end': () => answer(ended),
  });
  for (const path of ['policy/rollback', 'realm/retire', 'access/end']) {
    expect(await send('POST', path, {})).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  }
  expect(asked).toEqual([]);
  expectSchema('RealmApplied', (await send('POST', 'policy/rollback', { version: 1, expectedVersion: 3 }, ADMIN)).body);
  expectSchema('RealmApplied', (await send('POST', 'realm/retire', {}, ADMIN)).body);
  expectSchema('EndedAccess', (await send('POST', 'access/end', { portal: 'emea', confirm: 3 }, ADMIN)).body);
  expect(asked.at(-1)?.question.body).toEqual({ portal: 'emea', confirm: 3 });
});

it('lists the examples, and finds people', async () => {
  await stub('realm-policy', {
    'realm.examples': () =>
      answer([{ name: 'sales', outcome: 'holds', differences: [], in: ['emea'], notIn: [], employeeId: '109' }]),
    'people.find': () => answer({ people: [{ employeeId: '109', name: 'Ada Moss', email: null, match: 'name' }] }),
  });
  const { body } = await send('GET', 'policy/examples');
  expectSchema('Example', (body as unknown as unknown[])[0]);
  expectSchema('FoundPeople', (await send('GET', 'access/find?text=ada')).body);
});

it('asks what a draft would do, over the fields that the account has', async () => {
  const done: WhatIfAnswer = {
    id: 'w1',
    state: 'done',
    done: 5,
    total: 5,
    expiresAt: '2026-03-02T13:00:00.000Z',
    result: {
      storedVersion: 3,
      changes: [],
      warnings: [],
      today: '2026-03-02',
      people: 5,
      touched: 1,
      totals: { joiners: 1, movers: 0, leavers: 0 },
      writes: 1,
      portals: [
        {
          ...{ portal: 'emea', before: 1, after: 2, granted: 1, changed: 0, withheld: 0, stopped: 0 },
          writes: { create: 1, invite: 0, update: 0, disable: 0 },
          causes: { 'granted/in-audience': 1 },
          held: { people: 30, of: 40 },
        },
      ],
    },
  };
  const after = { access: 'granted', reason: 'in-audience' };
  const { asked } = await stub('realm-policy', {
    'realm.whatif.start': () => answer({ id: 'w1' }),
    'realm.whatif.get': () => answer(done),
    'realm.whatif.cancel': () => answer({ ...done, state: 'cancelled' }),
    'realm.whatif.people': () =>
      answer({ rows: [{ employeeId: '109', cells: [{ portal: 'emea', effect: 'granted', before: null, after }] }] }),
    'people.names': () => answer({ '109': 'Ada Moss' }),
  });
  await stub('bamboohr-ingestion', { fields: () => answer({ readAt: 'x', fields: [{ name: 'department' }] }) });
  const started = await send('POST', 'what-if', { document: { tenant: 'acme' }, at: '2026-03-01' });
  expect(started).toEqual({ status: 202, body: { id: 'w1' } });
  expect(asked[0]?.question.body).toEqual({
    document: { tenant: 'acme' },
    at: '2026-03-01',
    knownFields: [{ name: 'department' }],
  });
  expectSchema('WhatIf', (await send('GET', 'what-if/w1')).body);
  expectSchema('WhatIf', (await send('DELETE', 'what-if/w1')).body);
  const people = await send('GET', 'what-if/w1/people?portal=emea&effect=granted');
  expect(people.body).toMatchObject({ rows: [{ name: 'Ada Moss' }] });
  expectSchema('WhatIfPeoplePage', people.body);
});

describe('explains a cell', () => {
  const explanation: ExplainAnswer = {
    employeeId: '109',
    name: 'Ada Moss',
    tense: 'present',
    at: '2026-03-02T12:00:00Z',
    today: '2026-03-02',
    leaver: false,
    decidedAt: '2026-03-02T11:00:00Z',
    cause: { kind: 'read', id: 'r', totals: { joiners: 1, movers: 0, leavers: 0 } },
    policy: { version: 3, appliedAt: '2026-03-02T10:00:00.000Z', appliedBy: 'Mo' },
    employee: { revision: 5, recordedAt: '2026-03-02T11:00:00Z', cause: { kind: 'read', id: 'r' } },
    isBehind: false,
    cells: [
      {
        portal: 'emea',
        title: 'EMEA',
        access: 'withheld',
        reason: 'not-in-audience',
        sentence: 'is outside the audience',
        clause: {
          path: 'learnupon.portals.emea.audience',
          text: 'department == "Sales"',
          expression: 'department == "Sales"',
          character: 1,
          holds: 'false',
        },
        values: [{ field: 'department', value: 'Legal', isConfirmed: true }],
        flip: { field: 'department', from: 'Legal', to: 'Sales', becomes: 'granted', reason: 'in-audience' },
      },
    ],
  };
  const cell = { portal: 'emea', wanted: 'withheld', actual: 'none', reason: 'absent', since: '2026-03-02T12:00:00Z' };

  it('of the present beside what LearnUpon shows', async () => {
    const { asked } = await stub('realm-policy', { 'access.explain': () => answer(explanation) });
    await stub('learnupon-provisioning', { people: () => answer({ rows: [{ employeeId: '109', cells: [cell] }] }) });
    const { body } = await send('GET', 'access/explain/109?portal=emea');
    expect(body).toMatchObject({ cells: [{ shown: { actual: 'none' } }], unavailable: [] });
    expectSchema('Explanation', body);
    expect(asked[0]?.question.body).toEqual({ employeeId: '109', portal: 'emea' });
  });

  it('of the past without asking anybody else, and says so where LearnUpon is not known', async () => {
    await stub('realm-policy', { 'access.explain': () => answer(explanation) });
    const past = await send('GET', 'access/explain/109?at=2026-03-01');
    expect(past.body).toMatchObject({ unavailable: [] });
    const { body } = await send('GET', 'access/explain/109');
    expect(body).toMatchObject({ unavailable: ['learnupon-provisioning'] });
    expectSchema('Explanation', body);
    expect(await send('GET', 'access/explain/109?at=yesterday')).toMatchObject({ status: 400 });
    expect(await send('GET', 'access/explain/%00')).toMatchObject({ status: 404 });
    expect(await send('GET', 'access/find?text=%00')).toMatchObject({ status: 400 });
  });
});

it('says which portals there are for one that there is not', async () => {
  await stub('learnupon-provisioning', { people: () => answer({ rows: [] }) });
  await stub('realm-policy', {
    'realm.get': () => answer({ version: 1, document: { learnupon: { portals: [{ portal: 'a' }, { portal: 'b' }] } } }),
  });
  expect(await send('GET', 'people?portal=nope')).toMatchObject({
    status: 400,
    body: { faults: [{ path: 'portal', message: 'there is no portal "nope": take one of a, b' }] },
  });
  expect(await send('GET', 'people?portal=a')).toEqual({ status: 200, body: { rows: [] } });
});

it('serves the schema of realm.yaml to editors, without a token', async () => {
  const response = await bench.send('GET', '/v1/schemas/realm.yaml.json');
  expect(response.headers.get('content-type')).toContain('application/schema+json');
  expect(await response.json()).toMatchObject({ required: ['tenant', 'timeZone', 'bamboohr', 'learnupon'] });
});
