import type { PortalMode } from '@portico/contracts';
import { listPeople } from '../src/list-cells.js';
import { decisionOf, granted, learnerOf, openRealm, TENANT, withheld, type TestRealm, waitFor } from './fixtures.js';

let realm: TestRealm;
afterEach(() => realm.close());

const setMode = (mode: PortalMode) =>
  realm.realm({
    allowUserCreationIfUserAlreadyExists: true,
    portals: realm.sandbox.learnupon.map(({ portal, name, url }, index) => ({
      portal,
      title: name,
      topLevel: index === 0,
      baseUrl: url,
      secretRef: portal,
      identifier: 'email',
      mode,
    })),
  });
const joinSales = async (id: number) => {
  const client = realm.clientOf('academy');
  await client.joinGroup((await client.listGroups(1)).groups[0]!.id, String(id));
};
const addGroup = async () => {
  const { url, username, password } = realm.sandbox.learnupon[0]!;
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const body = JSON.stringify({ Group: { title: 'Sales', description: '' } });
  await fetch(`${url}/api/v1/groups`, { method: 'POST', headers: { authorization }, body });
};

/** Accounts of 2 to 6 that Portico has, and then a record for each kind of write. */
const prepare = async () => {
  const ids = ['2', '3', '4', '5', '6'];
  await realm.decide(...ids.map((id) => decisionOf(id, [granted('academy', learnerOf(id, { groups: [] }))])));
  await realm.decide(decisionOf('7', [granted('emea', learnerOf('7', { onboarding: 'invite' }))]));
  await realm.settled();
  const [, , four] = (await realm.control.state()).accounts;
  await realm.control.changeAccount('academy', four!.id, { enabled: false });
  await joinSales(four!.id);
};
const everyWrite = () => [
  decisionOf('1', [granted('academy', learnerOf('1')), granted('emea', learnerOf('1', { onboarding: 'invite' }))]),
  decisionOf('2', [granted('academy', learnerOf('2', { lastName: 'Reed' }))]),
  decisionOf('3', [withheld('academy')]),
  decisionOf('4', [granted('academy', learnerOf('4'))]),
  decisionOf('5', [granted('academy', learnerOf('5', { groups: ['Sales'] }))]),
  decisionOf('6', [withheld('academy', { leaving: 'expire', expiresOn: realm.today().add({ days: 9 }).toString() })]),
  decisionOf('7', [withheld('emea')]),
];
const vendorWrites = async () => {
  const { portals } = await realm.control.calls();
  return Object.values(portals).reduce<number>((sum, calls) => sum + (calls as { writes: number }).writes, 0);
};

test('a portal that is observed is planned and reported, and not written to; the same is done when it is on', async () => {
  realm = await openRealm({ switches: { allowUserCreationIfUserAlreadyExists: true } });
  const { control, decide, settled, startWorker, status, orm, readAll } = realm;
  await addGroup();
  await setMode('on');
  startWorker();
  await prepare();
  await setMode('observe');
  await readAll();
  const before = await control.state();
  await control.clearCalls();

  await decide(...everyWrite());
  const planned = async () => (await status()).portals.map((portal) => portal.planned);
  await waitFor('every plan', async () => {
    const [academy] = await planned();
    return Object.values(academy ?? {}).reduce((sum, count) => sum + count, 0) === 6;
  });
  expect(await planned()).toEqual([
    { create: 1, update: 2, disable: 1, enable: 1, 'join-group': 1 },
    { invite: 1, 'cancel-invite': 1 },
    {},
  ]);
  const { rows } = await listPeople(orm, TENANT, { employeeIds: ['1'] });
  expect(rows[0]?.cells).toMatchObject([{ pending: 'create' }, { pending: 'invite' }]);
  expect(await settled()).toBeDefined();
  expect(await vendorWrites()).toBe(0);
  expect(await control.state()).toEqual(before);

  await setMode('on');
  await waitFor('everything', async () => {
    const reasons = await settled();
    return reasons['1 academy'] === 'converged' && reasons['7 emea'] === 'left';
  });
  expect(await vendorWrites()).toBe(8);
  expect((await status()).portals.map((portal) => portal.planned)).toEqual([undefined, undefined, undefined]);
});

test('a portal that is off decides nothing and is not even read', async () => {
  realm = await openRealm();
  await setMode('off');
  const { control, decide, startWorker, cells, sql } = realm;
  startWorker();
  await decide(...everyWrite());
  await sql('update lane set next_due = now()');
  await waitFor('the lanes to have been looked at', async () => (await cells()).length > 0);
  const { portals } = await control.calls();
  for (const calls of Object.values(portals)) expect(calls).toMatchObject({ reads: 0, writes: 0 });
  expect((await sql('select 1 from attempt')).length).toBe(0);
});
