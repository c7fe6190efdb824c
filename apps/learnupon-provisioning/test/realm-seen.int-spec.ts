import { inTransaction } from '@portico/database';
import { eventually } from '@portico/testing';
import { decisionOf, granted, learnerOf, openRealm, PORTALS, type TestRealm, waitFor } from './fixtures.js';
import { wakeLanes, type LaneLease } from '../src/persistence/lanes.js';
import { savePortals } from '../src/persistence/seen-portals.js';

let realm: TestRealm;
afterEach(() => realm.close());

const operations = async (name: string) => {
  const rows = await realm.sql<{ event: { event: string; details: object } }>(
    'select event from operation_outbox order by position',
  );
  return rows.flatMap(({ event }) => (event.event === name ? [event.details] : []));
};
const everywhere = (id: string) => ['academy', 'emea'].map((portal) => granted(portal, learnerOf(id)));
const observed = async () => (await realm.status()).observedSwitch;

/** Woken, because a turn that is about to end would put off the next one. */
const readPortalsAgain = async (): Promise<void> => {
  await realm.sql(`update lane set portals_read_at = null where portal = 'academy'`);
  await wakeLanes(realm.sql, ['acme'], ['academy']);
};

test('the switch is observed in what becomes of creates, and a difference to what is declared is said', async () => {
  realm = await openRealm();
  const { control, decide, settled, startWorker, status } = realm;
  await realm.realm({ allowUserCreationIfUserAlreadyExists: true });
  startWorker({}, 1);
  await decide(decisionOf('1', everywhere('1')));
  await settled();
  expect(await observed()).toMatchObject({ allowUserCreationIfUserAlreadyExists: false, at: expect.any(String) });
  expect((await status()).attention).toEqual([
    expect.stringMatching(/declares .* on, and LearnUpon showed it off .*allowUserCreationIfUserAlreadyExists: false/),
  ]);

  await control.switch({ allowUserCreationIfUserAlreadyExists: true });
  await decide(decisionOf('2', [everywhere('2')[0]!]));
  await settled();
  // Nobody's first account says anything.
  expect(await observed()).toMatchObject({ allowUserCreationIfUserAlreadyExists: false });
  await decide(decisionOf('2', everywhere('2')));
  await waitFor('the switch', async () => (await observed())?.allowUserCreationIfUserAlreadyExists === true);
  expect((await status()).attention).toBeUndefined();
  expect(await operations('realm.switch-observed')).toEqual([
    { allowUserCreationIfUserAlreadyExists: false, declared: true },
    { allowUserCreationIfUserAlreadyExists: true, declared: true },
  ]);
});

test('sub-portals that the realm does not name are told once', async () => {
  realm = await openRealm({ portals: [...PORTALS, { portal: 'partners', title: 'Partners' }] });
  const { sandbox, startWorker, status, sql } = realm;
  const named = sandbox.learnupon.filter(({ portal }) => portal !== 'partners');
  await realm.realm({
    portals: named.map(({ portal, name, url }, index) => ({
      portal,
      title: name,
      topLevel: index === 0,
      baseUrl: url,
      secretRef: portal,
      identifier: 'email',
      mode: 'on',
    })),
  });
  startWorker();
  const partners = { subdomain: 'partners', title: 'Partners' };
  await waitFor('the discovery', async () => (await status()).undeclaredPortals !== undefined);
  expect((await status()).undeclaredPortals).toEqual([partners]);
  await readPortalsAgain();
  await waitFor('another list', async () => {
    const lanes = await sql(`select 1 from lane where portal = 'academy' and portals_read_at is not null`);
    return lanes.length === 1;
  });
  expect(await operations('portal.discovered')).toEqual([partners]);
  await realm.realm();
  await waitFor('the realm to name it', async () => (await status()).undeclaredPortals === undefined);
});

test('a sub-portal without licences is neither created nor invited into, without a call, and goes on when there are some', async () => {
  realm = await openRealm({ switches: { allowUserCreationIfUserAlreadyExists: true } });
  const { control, decide, settled, startWorker, status } = realm;
  await realm.realm({ allowUserCreationIfUserAlreadyExists: true });
  await control.addAccount({ portal: 'emea', email: 'somebody@acme.example', firstName: 'Bo', lastName: 'Hill' });
  await control.changePortal('emea', { licences: 1 });
  startWorker();
  await waitFor('the licences', async () => (await status()).portals[1]?.licences !== undefined);
  await decide(
    decisionOf('1', [granted('emea', learnerOf('1'))]),
    decisionOf('2', [granted('emea', learnerOf('2', { onboarding: 'invite' }))]),
  );
  expect(await settled()).toEqual({ '1 emea': 'licences-full', '2 emea': 'licences-full' });
  expect((await status()).portals[1]).toMatchObject({ licences: { purchased: 1, used: 1 }, calls: { writes: 0 } });

  await control.changePortal('emea', { licences: 10 });
  await readPortalsAgain();
  await waitFor('both', async () => (await settled())['2 emea'] === 'waiting-for-accept');
  expect(await settled()).toEqual({ '1 emea': 'converged', '2 emea': 'waiting-for-accept' });
});

test('somebody who is planned while a read finds licences again waits for no other read', async () => {
  realm = await openRealm();
  const { control, orm, sql, decide, settled, startWorker, cells } = realm;
  const emea = { id: '2', title: 'EMEA', subdomain: 'emea', licencesPurchased: 1, licencesUsed: 1 };
  const lease = { tenant: 'acme', portal: 'academy' } as LaneLease;
  await inTransaction(orm, (within) => savePortals(within, lease, [emea]));
  await control.changePortal('emea', { licences: 10 });
  await sql(`update lane set portals_read_at = now() where portal = 'academy'`);
  await decide(decisionOf('1', [granted('emea', learnerOf('1'))]));
  await inTransaction(orm, async (within) => {
    await savePortals(within, lease, [{ ...emea, licencesPurchased: 10 }]);
    startWorker();
    await eventually('the plan from what was before', async () => (await cells())[0]?.reason === 'licences-full');
  });
  await waitFor('the licence', async () => (await settled())['1 emea'] === 'converged');
});

test('sub-portals that cannot be listed keep nothing else waiting', async () => {
  realm = await openRealm();
  const { control, decide, settled, startWorker, status } = realm;
  await control.fault({ target: 'academy', kind: 'error', status: 503, path: '/portals' });
  startWorker();
  await decide(decisionOf('1', [granted('academy', learnerOf('1'))]));
  expect(await settled()).toEqual({ '1 academy': 'converged' });
  expect((await status()).portals[0]?.quarantine).toBeUndefined();
});
