import { confirmCorrelation } from '../src/confirm-correlation.js';
import { listPeople } from '../src/list-cells.js';
import { decisionOf, granted, learnerOf, openRealm, TENANT, withheld, type TestRealm, waitFor } from './fixtures.js';

let realm: TestRealm;
afterEach(() => realm.close());

const open = async (options: Parameters<typeof openRealm>[0] = {}) => {
  realm = await openRealm({ ...options, switches: { allowUserCreationIfUserAlreadyExists: true } });
  await realm.realm({ allowUserCreationIfUserAlreadyExists: true });
};
const cellOf = async (employeeId: string, portal: string) => {
  const { rows } = await listPeople(realm.orm, TENANT, { employeeIds: [employeeId] });
  return rows[0]?.cells.find((cell) => cell.portal === portal);
};
/** The realm with emea switched off, or taken out. */
const without = (portal: string, how: 'off' | 'out') => {
  const portals = realm.sandbox.learnupon.map(({ portal: name, url }, index) => ({
    portal: name,
    title: name,
    topLevel: index === 0,
    baseUrl: url,
    secretRef: name,
    identifier: 'email' as const,
    mode: name === portal ? ('off' as const) : ('on' as const),
  }));
  return realm.realm({
    allowUserCreationIfUserAlreadyExists: true,
    portals: how === 'off' ? portals : portals.filter((each) => each.portal !== portal),
  });
};

describe.each(['off', 'out'] as const)('a portal that is %s', (how) => {
  it('is read when a top-level leaver needs to know, and touched in no way', async () => {
    await open();
    const { control, decide, settled, startWorker, sql } = realm;
    await without('emea', how);
    startWorker();
    await decide(decisionOf('1', [granted('academy', learnerOf('1'))]));
    await settled();
    expect((await control.calls()).portals['emea']).toMatchObject({ reads: 0, writes: 0 });
    await control.addAccount({ portal: 'emea', email: 'somebody@acme.example', firstName: 'Bo', lastName: 'Hill' });

    await decide(decisionOf('1', [withheld('academy')]));
    await waitFor('the leaver', async () => (await settled())['1 academy'] === 'left');
    expect((await control.state()).accounts).toMatchObject([
      { portal: 'academy', enabled: false },
      { portal: 'emea', enabled: true },
    ]);
    expect((await control.calls()).portals['emea']).toMatchObject({ writes: 0, byCall: { 'GET /users': 1 } });
    await sql(`update lane set next_due = now() where portal = 'emea'`);
    await waitFor('the end of the watch', async () => {
      const [lane] = await sql<{ watched: boolean }>(`select watched from lane where portal = 'emea'`);
      return lane?.watched === false;
    });
  });

  it('holds a top-level leaver back who has an enabled account there, until that is disabled by hand', async () => {
    await open();
    const { control, decide, settled, startWorker } = realm;
    startWorker({ mirrorMaxAgeSeconds: 2 });
    await decide(decisionOf('1', [granted('academy', learnerOf('1')), granted('emea', learnerOf('1'))]));
    await settled();
    await without('emea', how);
    await decide(decisionOf('1', [withheld('academy')]));
    await waitFor('the reason', async () => (await settled())['1 academy'] === 'needed-in-sub-portal');
    expect(await cellOf('1', 'academy')).toMatchObject({
      actual: 'active',
      blockedBy: { portal: 'emea' },
      detail: expect.stringContaining('emea is off or was taken out'),
    });
    const accounts = (await control.state()).accounts;
    expect(accounts.map(({ enabled }) => enabled)).toEqual([true, true]);

    await control.changeAccount('emea', accounts.find(({ portal }) => portal === 'emea')!.id, { enabled: false });
    await waitFor('the leaver', async () => (await settled())['1 academy'] === 'left');
  });
});

test('a portal that is off and cannot be read is named where people look', async () => {
  await open();
  const { decide, startWorker, settled, status } = realm;
  realm.missing.add('emea');
  await without('emea', 'out');
  startWorker();
  await decide(decisionOf('1', [granted('academy', learnerOf('1'))]));
  await settled();
  await decide(decisionOf('1', [withheld('academy')]));
  await waitFor('the finding', async () => (await status()).attention?.length === 1);
  expect((await status()).attention?.[0]).toMatch(
    /emea is off and can't be read .*so 1 in the top-level portal are not/,
  );
  expect(await settled()).toMatchObject({ '1 academy': 'waiting-for-mirror' });
  expect(await cellOf('1', 'academy')).toMatchObject({ detail: expect.stringContaining('secret "emea"') });
});

describe('two people and one identifier', () => {
  it('who swap their addresses are named to people, and are done when one account has another by hand', async () => {
    await open();
    const { control, decide, settled, startWorker, status } = realm;
    startWorker({ mirrorMaxAgeSeconds: 2 });
    const wants = (id: string, of: string) =>
      decisionOf(id, [granted('academy', learnerOf(id, { email: `person${of}@acme.example` }))]);
    await decide(wants('1', '1'), wants('2', '2'));
    await settled();
    await decide(wants('1', '2'), wants('2', '1'));
    expect(await settled()).toEqual({ '1 academy': 'identifier-claimed', '2 academy': 'identifier-claimed' });
    expect(await cellOf('1', 'academy')).toMatchObject({
      blockedBy: { employeeId: '2' },
      detail: expect.stringContaining('the account of employee 2 in academy still has this identifier'),
    });
    expect((await status()).attention).toEqual([expect.stringContaining('employees 1, 2 are each to have')]);

    const [first] = (await control.state()).accounts;
    await control.changeAccount('academy', first!.id, { email: 'between@acme.example' });
    await waitFor('both', async () => {
      const reasons = await settled();
      return reasons['1 academy'] === 'converged' && reasons['2 academy'] === 'converged';
    });
    expect((await control.state()).accounts.map(({ email }) => email)).toEqual([
      'person2@acme.example',
      'person1@acme.example',
    ]);
    expect((await status()).attention).toBeUndefined();
  });

  it('of whom one has an emptied record and keeps it: the other is told what to do', async () => {
    await open();
    const { decide, settled, startWorker } = realm;
    startWorker();
    const kept = { ...granted('academy', learnerOf('1')), reason: 'no-email' as const };
    await decide(decisionOf('1', [granted('academy', learnerOf('1'))]));
    await settled();
    await decide(
      decisionOf('1', [kept]),
      decisionOf('2', [granted('academy', learnerOf('2', { email: 'person1@acme.example' }))]),
    );
    await settled();
    expect(await cellOf('2', 'academy')).toMatchObject({
      reason: 'identifier-claimed',
      blockedBy: { employeeId: '1' },
      detail: expect.stringMatching(/employee 1 has no e-mail address .* in academy: give employee 1 an address/),
    });
  });
});

describe('an account by hand under another name', () => {
  const admin = { tenant: TENANT, role: 'admin', name: 'Kim' } as const;
  const at = '2026-03-02T10:00:00Z';
  const former = { email: 'person1@acme.example', firstName: 'Bo', lastName: 'Hill' };

  it('waits for the yes of an admin, and is theirs after it', async () => {
    await open();
    const { control, decide, settled, startWorker, status, eventsOf, orm } = realm;
    const { id } = await control.addAccount({ portal: 'academy', ...former });
    startWorker();
    await decide(decisionOf('1', [granted('academy', learnerOf('1'))]));
    expect(await settled()).toEqual({ '1 academy': 'name-mismatch' });
    expect((await status()).attention).toEqual([expect.stringContaining('portico people --reason name-mismatch')]);
    expect((await control.state()).accounts).toMatchObject([former]);

    const yes = { employeeId: '1', portal: 'academy', accountId: String(id) };
    const answer = await confirmCorrelation(orm, admin, yes, at);
    expect(answer).toEqual({ ...yes, confirmedBy: 'Kim', confirmedAt: '2026-03-02T10:00:00.000Z' });
    expect(await confirmCorrelation(orm, { ...admin, name: 'Lee' }, yes, '2026-03-03T10:00:00Z')).toEqual(answer);
    await waitFor('the link', async () => (await settled())['1 academy'] === 'converged');
    expect((await control.state()).accounts).toMatchObject([{ id, firstName: 'Ada', lastName: 'Moss 1' }]);
    expect(await eventsOf()).toEqual(['1 academy correlated', '1 academy updated']);
  });

  it('is refused as whose it cannot be', async () => {
    await open();
    const { control, decide, settled, startWorker, orm } = realm;
    const { id } = await control.addAccount({ portal: 'academy', ...former });
    startWorker();
    await decide(
      decisionOf('1', [granted('academy', learnerOf('1'))]),
      decisionOf('2', [granted('academy', learnerOf('2'))]),
    );
    await settled();
    const linked = (await realm.cells()).find(({ employeeId }) => employeeId === '2')?.accountId ?? '';
    const ask = (part: object, caller: Parameters<typeof confirmCorrelation>[1] = admin) =>
      confirmCorrelation(orm, caller, { employeeId: '1', portal: 'academy', accountId: String(id), ...part }, at);
    await expect(ask({}, { ...admin, role: 'viewer' })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(ask({ accountId: '' })).rejects.toMatchObject({ code: 'invalid', faults: [{ path: 'accountId' }] });
    await expect(ask({ employeeId: '99' })).rejects.toMatchObject({ code: 'not-found' });
    await expect(ask({ portal: 'apac' })).rejects.toMatchObject({ code: 'not-found' });
    await expect(ask({ accountId: '12345' })).rejects.toMatchObject({ code: 'not-found' });
    await expect(ask({ accountId: linked })).rejects.toThrow("is employee 2's");
    await expect(ask({ employeeId: '2' })).rejects.toThrow(`has account ${linked}`);
    await expect(ask({}, { ...admin, tenant: 'globex' })).rejects.toMatchObject({ code: 'not-found' });
    expect(await settled()).toMatchObject({ '1 academy': 'name-mismatch' });
  });
});
