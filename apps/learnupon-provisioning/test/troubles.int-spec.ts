import { eventually } from '@portico/testing';
import { decisionOf, granted, learnerOf, openRealm, type TestRealm } from './fixtures.js';

let realm: TestRealm;
afterEach(() => realm.close());

const everywhere = (id: string) => [
  granted('academy', learnerOf(id)),
  granted('emea', learnerOf(id)),
  granted('apac', learnerOf(id)),
];
const statusOf = async (portal: string) => (await realm.status()).portals.find((one) => one.portal === portal);
const operations = async () => {
  const rows = await realm.sql<{ event: { event: string; portal?: string } }>(
    'select event from operation_outbox order by position',
  );
  return rows.flatMap(({ event }) =>
    event.event === 'realm.switch-observed' ? [] : [`${event.portal} ${event.event}`],
  );
};

const openFreeRealm = async (options: Parameters<typeof openRealm>[0] = {}) => {
  realm = await openRealm({ ...options, switches: { allowUserCreationIfUserAlreadyExists: true } });
  await realm.realm({ allowUserCreationIfUserAlreadyExists: true });
};

test.each([
  ['answers nothing', { kind: 'latency', ms: 3_000 }],
  ['fails', { kind: 'error', status: 503 }],
  ['throttles everything', { kind: 'throttle', retryAfter: 'none' }],
] as const)('a portal that %s delays no other, and goes on when it is well again', async (_, fault) => {
  await openFreeRealm();
  await realm.control.fault({ target: 'emea', ...fault });
  realm.startWorker({}, 2);
  await realm.decide(...['1', '2', '3'].map((id) => decisionOf(id, everywhere(id))));
  const others = async () => {
    const cells = (await realm.cells()).filter(({ portal }) => portal !== 'emea');
    return cells.every(({ reason }) => reason === 'converged');
  };
  await eventually('the other portals', others, { timeoutMs: 3_000 });
  await eventually('emea to be left alone for a while', async () => {
    const [lane] = await realm.sql<{ paused: boolean }>(
      `select lease_holder is null and paused_until > now() as paused from lane where portal = 'emea'`,
    );
    return lane?.paused;
  });
  expect((await statusOf('emea'))?.active).toBe(0);

  await realm.control.clearFaults();
  await realm.sql('update lane set paused_until = null');
  await realm.settled();
  expect((await realm.control.state()).accounts).toHaveLength(9);
});

test('keys that the portal refuses, and a secret that is not there, are named findings', async () => {
  await openFreeRealm();
  realm.outdated.add('emea');
  realm.missing.add('apac');
  realm.startWorker();
  await realm.decide(decisionOf('1', everywhere('1')));
  await eventually('both findings', async () => {
    const [emea, apac] = await Promise.all([statusOf('emea'), statusOf('apac')]);
    return emea?.quarantine !== undefined && apac?.quarantine !== undefined;
  });
  await eventually('the other portal', async () => (await statusOf('academy'))?.active === 1);
  expect((await statusOf('emea'))?.quarantine).toMatchObject({
    reason: 'portal-unauthorised',
    message: expect.stringContaining(`put the portal's current API keys in the secret "emea"`),
  });
  expect((await statusOf('apac'))?.quarantine).toMatchObject({ reason: 'secret-missing' });

  // Looking again costs the portal no call while its keys are the same.
  const before = (await statusOf('emea'))?.calls.reads;
  await realm.sql('update lane set paused_until = null');
  await eventually('another look', async () => {
    const [lane] = await realm.sql<{ failures: number }>(`select failures from lane where portal = 'emea'`);
    return (lane?.failures ?? 0) > 1;
  });
  expect((await statusOf('emea'))?.calls.reads).toBe(before);

  realm.outdated.clear();
  realm.missing.clear();
  await realm.sql('update lane set paused_until = null');
  await realm.settled();
  const isOver = (event: string) => event.endsWith('recovered') || event.endsWith('converged');
  // A portal may converge more than once while the others come back.
  const seen = async () => [...new Set(await operations())].sort();
  await eventually('both recoveries, and all as planned', async () => (await seen()).filter(isOver).length === 5);
  expect(await seen()).toEqual([
    'academy portal.converged',
    'apac portal.converged',
    'apac portal.recovered',
    'apac secret.missing',
    'emea portal.converged',
    'emea portal.quarantined',
    'emea portal.recovered',
  ]);
});

test('an address without a portal is a named finding, and a corrected one is tried at once', async () => {
  await openFreeRealm();
  const address = (await realm.sql<{ url: string }>(`select base_url as url from portal where portal = 'emea'`))[0]!
    .url;
  await realm.sql(`update portal set base_url = base_url || '-gone' where portal = 'emea'`);
  realm.startWorker();
  await realm.decide(decisionOf('1', everywhere('1')));
  await eventually('the finding', async () => (await statusOf('emea'))?.quarantine);
  expect((await statusOf('emea'))?.quarantine).toMatchObject({
    reason: 'portal-not-found',
    message: expect.stringContaining(`correct the portal's baseUrl, which is ${address}-gone`),
  });

  await realm.realm({ allowUserCreationIfUserAlreadyExists: true });
  await realm.settled();
  expect((await realm.control.state()).accounts).toHaveLength(3);
});

test.each([
  ['with what is left in each answer', null],
  ['that is not told', { kind: 'throttle', retryAfter: 'seconds', retryAfterSeconds: 1, rate: 0.2, method: 'POST' }],
] as const)('a rate %s is kept to', async (_, fault) => {
  await openFreeRealm({ ratePerMinute: fault === null ? 40 : null });
  if (fault !== null) await realm.control.fault({ target: 'academy', ...fault });
  realm.startWorker();
  const ids = Array.from({ length: fault === null ? 60 : 20 }, (_unused, index) => String(index));
  await realm.decide(...ids.map((id) => decisionOf(id, [granted('academy', learnerOf(id))])));
  if (fault === null) {
    // The rest of the minute is waited for in no worker's hands.
    await eventually('the rate to be used up', async () => ((await statusOf('academy'))?.calls.writes ?? 0) >= 30);
    expect((await statusOf('academy'))?.calls.throttled).toBe(0);
    const [lane] = await realm.sql<{ paused: boolean }>(
      `select lease_holder is null and paused_until > now() as paused from lane where portal = 'academy'`,
    );
    expect(lane?.paused).toBe(true);
  } else {
    await realm.settled();
    expect((await realm.control.state()).accounts).toHaveLength(20);
  }
});

test('several workers share the lanes, and nothing is done twice', async () => {
  await openFreeRealm();
  for (let worker = 0; worker < 3; worker += 1) realm.startWorker({}, 3);
  const ids = Array.from({ length: 300 }, (_, index) => String(index));
  for (let start = 0; start < 300; start += 30) {
    await realm.decide(...ids.slice(start, start + 30).map((id) => decisionOf(id, everywhere(id))));
  }
  await realm.settled();
  expect((await realm.control.state()).accounts).toHaveLength(900);
  const { portals } = await realm.status();
  expect(portals.map(({ calls, effects }) => [calls.writes, effects['created']])).toEqual([
    [300, 300],
    [300, 300],
    [300, 300],
  ]);
});
