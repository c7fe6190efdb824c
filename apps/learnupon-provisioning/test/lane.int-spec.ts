import { eventually } from '@portico/testing';
import { decisionOf, granted, learnerOf, openRealm, portalsOf, withheld, type TestRealm } from './fixtures.js';

let realm: TestRealm;
beforeEach(async () => {
  realm = await openRealm();
});
afterEach(() => realm.close());

const invited = (id: string, part = {}) => learnerOf(id, { onboarding: 'invite', ...part });
const emails = (rows: readonly { portal: string; email: string | null }[]) =>
  rows.map(({ portal, email }) => `${portal} ${email?.split('@')[0]}`).sort();

test('a learner is created at home, the others are invited, and what was written is read back', async () => {
  const { control, decide, settled, startWorker, eventsOf, status } = realm;
  startWorker();
  await decide(
    decisionOf('1', [
      granted('academy', learnerOf('1')),
      granted('emea', invited('1')),
      withheld('apac', { reason: 'not-in-audience' }),
    ]),
  );
  expect(await settled()).toEqual({
    '1 academy': 'converged',
    '1 apac': 'not-in-audience',
    '1 emea': 'waiting-for-accept',
  });
  const { accounts, invites } = await control.state();
  expect(accounts).toMatchObject([
    { portal: 'academy', email: 'person1@acme.example', lastName: 'Moss 1', customData: { 'Cost Centre': 'Sales' } },
  ]);
  expect(invites).toMatchObject([{ portal: 'emea', email: 'person1@acme.example', status: 'sent' }]);
  expect(await eventsOf()).toEqual(['1 academy created', '1 emea invited']);
  const [academy] = (await status()).portals;
  expect(academy).toMatchObject({
    portal: 'academy',
    wanted: 1,
    active: 1,
    effects: { created: 1 },
    calls: { writes: 1 },
  });
});

test('an accepted invite becomes the account, and its custom data is filled in', async () => {
  const { control, decide, settled, startWorker, eventsOf } = realm;
  startWorker({ invitePollSeconds: 1 });
  await decide(decisionOf('1', [granted('academy', learnerOf('1')), granted('emea', invited('1'))]));
  await settled();
  const [invite] = (await control.state()).invites;
  await control.accept(invite!.id);
  await eventually('the account in emea', async () => (await settled())['1 emea'] === 'converged');
  const { accounts } = await control.state();
  expect(accounts.find(({ portal }) => portal === 'emea')).toMatchObject({ customData: { 'Cost Centre': 'Sales' } });
  expect(await eventsOf()).toEqual(['1 academy created', '1 emea invited', '1 emea accepted', '1 emea updated']);
});

test('a create that is bound to be refused is tried once, reported, and tried again when the switch is turned', async () => {
  const { control, decide, settled, startWorker, eventsOf, realm: storeRealm } = realm;
  startWorker();
  const portals = [
    granted('academy', learnerOf('1')),
    granted('emea', learnerOf('1', { whenRefused: 'report' })),
    granted('apac', learnerOf('1', { whenRefused: 'invite' })),
  ];
  await decide(decisionOf('1', portals));
  expect(await settled()).toEqual({
    '1 academy': 'converged',
    '1 apac': 'waiting-for-accept',
    '1 emea': 'refused-exists',
  });
  await decide(decisionOf('1', portals));
  await settled();
  expect((await eventsOf()).filter((event) => event.endsWith('refused'))).toEqual(['1 emea refused']);

  await control.switch({ allowUserCreationIfUserAlreadyExists: true });
  await storeRealm({ allowUserCreationIfUserAlreadyExists: true });
  await eventually('the account in emea', async () => (await settled())['1 emea'] === 'converged');
  expect(emails((await control.state()).accounts)).toEqual(['academy person1', 'emea person1']);
});

test('a changed record is written once, where it differs, and nothing else is', async () => {
  const { calls, control, decide, settled, startWorker } = realm;
  startWorker();
  const record = (part = {}) =>
    decisionOf('1', [granted('academy', learnerOf('1', part)), withheld('emea', { reason: 'not-in-audience' })]);
  await decide(record());
  await settled();
  const before = await calls();
  await decide(record());
  await settled();
  expect(await calls()).toEqual(before);

  await decide(record({ lastName: 'Reed', email: 'ada.reed@acme.example', customData: { 'Cost Centre': null } }));
  await settled();
  expect((await control.state()).accounts).toMatchObject([
    { email: 'ada.reed@acme.example', firstName: 'Ada', lastName: 'Reed', customData: {} },
  ]);
  expect((await calls())[0]?.writes).toBe((before[0]?.writes ?? 0) + 1);
});

test('a leaver is disabled everywhere and enabled again when rehired', async () => {
  const { control, decide, settled, startWorker, eventsOf } = realm;
  await control.switch({ disableCascades: false, allowUserCreationIfUserAlreadyExists: true });
  await realm.realm({ allowUserCreationIfUserAlreadyExists: true });
  startWorker();
  const wanted = [granted('academy', learnerOf('1')), granted('emea', learnerOf('1'))];
  await decide(decisionOf('1', wanted));
  await settled();
  await decide(decisionOf('1', [withheld('academy'), withheld('emea')]));
  expect(await settled()).toEqual({ '1 academy': 'left', '1 emea': 'left' });
  expect((await control.state()).accounts.map(({ enabled }) => enabled)).toEqual([false, false]);

  await decide(decisionOf('1', wanted));
  expect(await settled()).toEqual({ '1 academy': 'converged', '1 emea': 'converged' });
  expect((await control.state()).accounts.map(({ enabled }) => enabled)).toEqual([true, true]);
  expect((await eventsOf()).filter((event) => /abled/.test(event)).sort()).toEqual([
    '1 academy disabled',
    '1 academy enabled',
    '1 emea disabled',
    '1 emea enabled',
  ]);
});

test('a leaver stays in the top-level portal while a sub-portal wants them, and a pending invite is cancelled', async () => {
  const { control, decide, settled, startWorker } = realm;
  startWorker();
  const emea = granted('emea', invited('1'));
  await decide(decisionOf('1', [granted('academy', learnerOf('1')), emea]));
  await settled();
  await decide(decisionOf('1', [withheld('academy', { reason: 'not-in-audience' }), emea]));
  expect(await settled()).toEqual({ '1 academy': 'needed-in-sub-portal', '1 emea': 'waiting-for-accept' });
  await decide(decisionOf('1', [withheld('academy'), withheld('emea')]));
  expect(await settled()).toEqual({ '1 academy': 'left', '1 emea': 'left' });
  const { accounts, invites } = await control.state();
  expect(accounts).toMatchObject([{ portal: 'academy', enabled: false }]);
  expect(invites).toMatchObject([{ status: 'canceled' }]);
});

test('an invite that is cancelled before it was read back leaves nothing to do', async () => {
  const { control, decide, settled, startWorker } = realm;
  startWorker();
  await decide(decisionOf('1', [granted('academy', invited('1'))]));
  await eventually('the invite', async () => (await control.state()).invites.length === 1);
  await decide(decisionOf('1', [withheld('academy')]));
  expect(await settled()).toEqual({ '1 academy': 'left' });
  expect((await control.state()).invites).toMatchObject([{ status: 'canceled' }]);
});

test('an account made by hand is taken over where it is wanted, and left alone where it is not', async () => {
  const { control, decide, settled, startWorker, allRead, eventsOf } = realm;
  await control.addAccount({ portal: 'academy', email: 'person1@acme.example', firstName: 'Ada', lastName: 'By Hand' });
  await control.addAccount({ portal: 'emea', email: 'person2@acme.example', firstName: 'Bo', lastName: 'By Hand' });
  startWorker();
  // Where the other portal is not read yet, LearnUpon says that the realm has them: refused, and then invited.
  await allRead();
  await decide(
    decisionOf('1', [granted('academy', learnerOf('1'))]),
    decisionOf('2', [granted('academy', learnerOf('2', { whenRefused: 'invite' })), withheld('emea')]),
  );
  expect(await settled()).toEqual({
    '1 academy': 'converged',
    '2 academy': 'waiting-for-accept',
    '2 emea': 'not-ours',
  });
  expect((await control.state()).accounts).toMatchObject([
    { portal: 'academy', lastName: 'Moss 1', enabled: true },
    { portal: 'emea', lastName: 'By Hand', enabled: true },
  ]);
  // Their calls are made at once, and end in any order.
  const events = Map.groupBy(await eventsOf(), (event) => event.split(' ')[0]);
  expect(events).toEqual(
    new Map([
      ['1', ['1 academy correlated', '1 academy updated']],
      ['2', ['2 academy invited']],
    ]),
  );
});

test('a recycled e-mail address never gives somebody the account of somebody else', async () => {
  const { control, decide, settled, startWorker } = realm;
  startWorker();
  const email = 'shared@acme.example';
  await decide(decisionOf('1', [granted('academy', learnerOf('1', { email }))]));
  await settled();
  await decide(
    decisionOf('1', [withheld('academy')]),
    decisionOf('2', [granted('academy', learnerOf('2', { email })), granted('emea', invited('2', { email }))]),
  );
  expect(await settled()).toMatchObject({ '1 academy': 'left', '2 academy': 'identifier-claimed' });
  expect((await control.state()).accounts).toMatchObject([{ lastName: 'Moss 1', enabled: false }]);

  // The address is free once the account that had it is gone for certain.
  const [account] = (await control.state()).accounts;
  await control.deleteAccount('academy', account!.id);
  await decide(decisionOf('1', [withheld('academy', { reason: 'not-in-audience' })]));
  await settled();
});

test('two people with one identifier: one gets the account, the other is told', async () => {
  const { control, decide, settled, startWorker } = realm;
  startWorker();
  const email = 'team@acme.example';
  await decide(
    decisionOf('1', [granted('academy', learnerOf('1', { email }))]),
    decisionOf('2', [granted('academy', learnerOf('2', { email: 'TEAM@acme.example' }))]),
  );
  expect(Object.values(await settled()).sort()).toEqual(['converged', 'identifier-claimed']);
  expect((await control.state()).accounts).toHaveLength(1);
});

test('a portal that only looks on is planned and not touched', async () => {
  const { control, decide, startWorker, cells, sandbox, realm: storeRealm, sql } = realm;
  const portals = portalsOf(sandbox).map((portal) => ({ ...portal, mode: 'observe' as const }));
  await storeRealm({ portals });
  startWorker();
  await decide(decisionOf('1', [granted('academy', learnerOf('1'))]));
  await eventually('a plan', async () => {
    const [row] = await sql<{ pending: string | null }>('select pending from cell');
    return row?.pending === 'create';
  });
  expect(await cells()).toMatchObject([{ reason: 'waiting-for-lane', actual: 'none' }]);
  expect((await control.state()).accounts).toEqual([]);
});

test('a portal taken out of the configuration is left as it is', async () => {
  const { control, decide, settled, startWorker, sandbox, realm: storeRealm } = realm;
  startWorker();
  await decide(decisionOf('1', [granted('academy', learnerOf('1')), granted('emea', invited('1'))]));
  await settled();
  const [academy] = sandbox.learnupon;
  await storeRealm({
    portals: [
      {
        portal: 'academy',
        title: 'Academy',
        topLevel: true,
        baseUrl: academy!.url,
        secretRef: 'academy',
        identifier: 'email',
        mode: 'on',
      },
    ],
  });
  await decide(decisionOf('1', [granted('academy', learnerOf('1'))]));
  expect(await settled()).toEqual({ '1 academy': 'converged', '1 emea': 'portal-off' });
  expect((await control.state()).invites).toMatchObject([{ status: 'sent' }]);
});

test('an account that was deleted in LearnUpon is made again, after the portal said so by its id', async () => {
  const { control, decide, settled, startWorker, sql } = realm;
  startWorker({ mirrorMaxAgeSeconds: 1 });
  await decide(decisionOf('1', [granted('academy', learnerOf('1'))]));
  await settled();
  const [account] = (await control.state()).accounts;
  await control.deleteAccount('academy', account!.id);
  await eventually('another account', async () => (await control.state()).accounts.length === 1);
  await settled();
  const [cell] = await sql<{ account_id: string }>('select account_id from cell');
  expect(cell?.account_id).not.toBe(String(account!.id));
});

test('licences that are used up stop creating without a call for each person', async () => {
  const { control, decide, settled, startWorker, status } = realm;
  await control.changePortal('academy', { licences: 2 });
  startWorker({ concurrency: 1 });
  await decide(
    ...Array.from({ length: 40 }, (_, index) => decisionOf(`${index}`, [granted('academy', learnerOf(`${index}`))])),
  );
  const reasons = Object.values(await settled());
  expect(reasons.filter((reason) => reason === 'licences-full')).toHaveLength(39);
  const [academy] = (await status()).portals;
  expect(academy?.calls.writes).toBeLessThanOrEqual(40);
});
