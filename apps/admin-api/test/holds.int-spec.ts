import type { HeldView, HoldApproveAnswer, HoldView } from '@portico/contracts';
import { ADMIN, expectProblem, expectSchema, openApiBench, VIEWER, type ApiBench } from './api-bench.js';
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

const causeId = 'read-0b5f6c1e-3a52-4f0e-9a5e-2f3f1c1d7a10';
const digest = `sha256:${'0a'.repeat(32)}`;
const HOLDS = '/v1/tenants/acme/holds';
const key = { portal: 'emea', causeId };
const admin = { tenant: 'acme', role: 'admin', name: 'Ada' };
const viewer = { tenant: 'acme', role: 'viewer', name: 'Vic' };

it('lists what is held, also for a viewer', async () => {
  const hold: HoldView = {
    portal: 'emea',
    cause: { kind: 'read', id: causeId },
    openedAt: '2026-01-12T10:00:00Z',
    judged: { people: 300, of: 400 },
    people: 2,
  };
  const { asked } = await stub('learnupon-provisioning', { holds: () => answer({ holds: [hold] }) });
  const body = await (await get(HOLDS, VIEWER)).json();
  expect(body).toEqual({ holds: [hold] });
  expectSchema('Holds', body);
  expect(asked).toEqual([
    { subject: 'portico.v1.ask.learnupon-provisioning.holds', question: { caller: viewer, body: {} } },
  ]);
});

it('pages the people of a hold with their names, and with the digest of them all', async () => {
  const since = '2026-01-12T10:00:00Z';
  const rows: HeldView[] = [
    { employeeId: '109', takes: 'disable', accountId: '991', since },
    { employeeId: '110', takes: 'expire', accountId: '992', expiresOn: '2026-02-01', since },
    { employeeId: '111', takes: 'cancel-invite', inviteId: 'i1', since },
  ];
  const { asked } = await stub('learnupon-provisioning', {
    'holds.people': () => answer({ rows, next: 'more', digest }),
  });
  await stub('realm-policy', { 'people.names': () => answer({ '109': 'Ada Moss', '111': 'Bo Lind' }) });
  const body = await (await get(`${HOLDS}/emea/${causeId}/people?limit=3&cursor=c`, VIEWER)).json();
  const names = ['Ada Moss', null, 'Bo Lind'];
  expect(body).toEqual({ rows: rows.map((row, index) => ({ ...row, name: names[index] })), next: 'more', digest });
  expectSchema('HeldPage', body);
  expect(asked[0]?.question).toEqual({ caller: viewer, body: { ...key, limit: 3, cursor: 'c' } });
});

describe('an approval', () => {
  const path = `${HOLDS}/emea/${causeId}/approval`;
  const approved: HoldApproveAnswer = {
    ...key,
    digest,
    people: 300,
    approvedBy: 'Ada',
    approvedAt: '2026-01-12T11:00:00Z',
  };

  it('names the digest, and is for admins alone', async () => {
    const { asked } = await stub('learnupon-provisioning', { 'holds.approve': () => answer(approved) });
    await expectProblem(await send('POST', path, VIEWER, { digest }), 403, /role admin/);
    expect(asked).toEqual([]);
    const response = await send('POST', path, ADMIN, { digest });
    expect([response.status, await response.clone().json()]).toEqual([200, approved]);
    expectSchema('HoldApproval', await response.json());
    expect(asked).toEqual([
      {
        subject: 'portico.v1.ask.learnupon-provisioning.holds.approve',
        question: { caller: admin, body: { ...key, digest } },
      },
    ]);
  });

  it.each([
    [409, 'conflict', 'The set has changed: look again.'],
    [404, 'not-found', 'Nothing is held there by that cause.'],
  ] as const)('that is refused comes back with what to do: %d', async (status, code, message) => {
    await stub('learnupon-provisioning', { 'holds.approve': () => ({ ok: false, error: { code, message } }) });
    await expectProblem(await send('POST', path, ADMIN, { digest }), status, new RegExp(message));
  });

  it('may take longer than other answers, since it is of everybody at once', async () => {
    const late = Promise.withResolvers<ReturnType<typeof answer>>();
    await stub('learnupon-provisioning', {
      holds: () => Promise.withResolvers<never>().promise,
      'holds.approve': () => late.promise,
    });
    const approval = send('POST', path, ADMIN, { digest });
    await expectProblem(await get(HOLDS), 503, /learnupon-provisioning/);
    late.resolve(answer(approved));
    expect((await approval).status).toBe(200);
  });

  it.each([undefined, 'sha256:0a', digest.toUpperCase(), `${digest}0`, digest.slice(7), `${digest}\n`, 7])(
    'with no digest never reaches the service: %j',
    async (wrong) => {
      const { asked } = await stub('learnupon-provisioning', { 'holds.approve': () => answer(approved) });
      const refused = await expectProblem(await send('POST', path, ADMIN, { digest: wrong }), 400, /fault/);
      expect(refused).toMatchObject({ faults: [{ path: 'digest' }] });
      expect(asked).toEqual([]);
    },
  );
});

it.each(['policy-12', 'date-2026-03-01-1772323200000', 'r', 'run:7.1'])('takes the cause %s', async (id) => {
  const { asked } = await stub('learnupon-provisioning', { 'holds.people': () => answer({ rows: [], digest }) });
  expect((await get(`${HOLDS}/emea/${id}/people`)).status).toBe(200);
  expect(asked[0]?.question.body).toEqual({ portal: 'emea', causeId: id });
});

it.each(['%00', 'a%00', 'a%2Fb', 'a b', '-a', '%F0%9F%92%A5'])('asks for no cause %s', async (id) => {
  const { asked } = await stub('learnupon-provisioning', { 'holds.people': () => answer({ rows: [], digest }) });
  const refused = await expectProblem(await get(`${HOLDS}/E%20A/${id}/people`), 400, /fault/);
  expect(refused).toMatchObject({ faults: [{ path: 'portal' }, { path: 'causeId' }] });
  expect(asked).toEqual([]);
});
