import type { AccessHold, Caller, HoldKey, HoldView, PortalAccess } from '@portico/contracts';
import { approveHold, listHeldPeople, listHolds } from '../src/holds.js';
import { listPeople } from '../src/list-cells.js';
import {
  decisionOf,
  granted,
  learnerOf,
  openRealm,
  portalsOf,
  TENANT,
  waitFor,
  withheld,
  type TestRealm,
} from './fixtures.js';

let realm: TestRealm;
beforeEach(async () => {
  realm = await openRealm({ switches: { allowUserCreationIfUserAlreadyExists: true } });
  await realm.realm({ allowUserCreationIfUserAlreadyExists: true });
  realm.startWorker({ invitePollSeconds: 1 });
});
afterEach(() => realm.close());

const ADMIN: Caller = { tenant: TENANT, role: 'admin', name: 'Ines' };
const READ: AccessHold = { kind: 'read', id: 'read-9', people: 3, of: 4 };
const BY_READ: HoldKey = { portal: 'emea', causeId: READ.id };
const IDS = ['1', '2', '3'];

const today = () => realm.today().toString();
const now = () => ({ today: today(), at: new Date().toISOString() });
const held = (portal: string, hold: AccessHold = READ, part: Partial<PortalAccess> = {}) =>
  withheld(portal, { hold, ...part });
const holds = async (tenant = TENANT): Promise<readonly HoldView[]> =>
  (await listHolds(realm.orm, tenant, today())).holds;
const heldIn = (key: HoldKey, part = {}, tenant = TENANT) =>
  listHeldPeople(realm.orm, tenant, { ...key, ...part }, today());
const approve = (key: HoldKey, digest: string, caller = ADMIN) =>
  approveHold(realm.orm, caller, { ...key, digest }, now());
const approveNow = async (key: HoldKey) => approve(key, (await heldIn(key)).digest);

const give = async (ids: readonly string[], portals: readonly string[] = ['emea'], part = {}) => {
  await realm.decide(
    ...ids.map((id) =>
      decisionOf(
        id,
        portals.map((portal) => granted(portal, learnerOf(id, part))),
      ),
    ),
  );
  return realm.settled();
};
const hold = async (ids: readonly string[], portals: readonly string[] = ['emea'], by = READ) => {
  await realm.decide(
    ...ids.map((id) =>
      decisionOf(
        id,
        portals.map((portal) => held(portal, by)),
      ),
    ),
  );
  return realm.settled();
};
const accounts = async () =>
  (await realm.control.state()).accounts.map(({ portal, lastName, enabled }) => `${lastName} ${portal} ${enabled}`);
/** By person and portal, those who can still log in. */
const enabled = async () =>
  (await accounts())
    .filter((one) => one.endsWith('true'))
    .map((one) => one.slice(5, -5))
    .sort();
const writes = async () => (await realm.status()).portals.reduce((sum, { calls }) => sum + calls.writes, 0);
const events = async () => {
  const rows = await realm.sql<{ event: { event: string; portal: string; details: Record<string, unknown> } }>(
    'select event from operation_outbox order by position',
  );
  return rows.flatMap(({ event: { event, portal, details } }) =>
    event.startsWith('hold.') ? [`${event} ${portal} ${details['causeId']} ${details['people']}`] : [],
  );
};

describe('what the gate keeps back', () => {
  test('stays as it is, account and invite, through many turns and a day, and the tenant settles', async () => {
    await give(['1']);
    await give(['2'], ['emea'], { onboarding: 'invite' });
    await give(['3'], ['emea']);
    const before = await writes();
    await realm.decide(
      decisionOf('1', [held('emea')]),
      decisionOf('2', [held('emea')]),
      decisionOf('3', [
        held('emea', READ, { leaving: 'expire', expiresOn: realm.today().add({ days: 9 }).toString() }),
      ]),
    );
    const reasons = { '1 emea': 'held', '2 emea': 'held', '3 emea': 'held' };
    expect(await realm.settled()).toEqual(reasons);
    for (let turn = 0; turn < 3; turn += 1) {
      await realm.moveOn(1);
      await realm.sql('update cell set priority = 1, dirty_at = now()');
      await realm.allRead();
      expect(await realm.settled()).toEqual(reasons);
    }
    expect(await writes()).toBe(before);
    expect(await enabled()).toEqual(['1 emea', '3 emea']);
    const { accounts: all, invites } = await realm.control.state();
    expect(all.map(({ accountExpires }) => accountExpires)).toEqual([null, null]);
    expect(invites).toMatchObject([{ status: 'sent' }]);
    const [, emea] = (await realm.status()).portals;
    expect(emea).toMatchObject({ outstanding: 0, skipped: { held: 3 }, active: 2, pendingInvites: 1 });
  });

  test('is told: by the status, with what to type, by the cell, and with everybody whom it is about', async () => {
    await give([...IDS, '10']);
    await hold([...IDS, '10']);
    expect((await realm.status()).attention).toEqual([
      expect.stringMatching(/^emea: .* 4 of 4, since read read-9 .*portico holds, then portico approve emea read-9/),
    ]);
    const { rows } = await listPeople(realm.orm, TENANT, { reason: 'held' });
    expect(rows[0]?.cells).toMatchObject([
      { reason: 'held', actual: 'active', detail: expect.stringMatching(/approves/) },
    ]);
    const [view, ...others] = await holds();
    expect(others).toEqual([]);
    expect(view).toEqual({
      portal: 'emea',
      cause: { kind: 'read', id: 'read-9' },
      openedAt: expect.any(String),
      judged: { people: 3, of: 4 },
      people: 4,
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    });
    const whole = await heldIn(BY_READ);
    expect(whole.rows).toMatchObject(
      [...IDS, '10'].map((employeeId) => ({ employeeId, takes: 'disable', accountId: expect.any(String) })),
    );
    const pages = [await heldIn(BY_READ, { limit: 3 })];
    pages.push(await heldIn(BY_READ, { limit: 3, cursor: pages[0]!.next }));
    expect(pages.flatMap((page) => page.rows)).toEqual(whole.rows);
    expect(pages[1]?.next).toBeUndefined();
    expect([whole, ...pages].map(({ digest }) => digest)).toEqual([view?.digest, view?.digest, view?.digest]);
  });

  test('is not let go by other causes that leave it withheld, and is forgotten when access is granted again', async () => {
    await give(['1', '2']);
    await hold(['1', '2']);
    const [before] = await holds();
    const date = { kind: 'date' as const, id: 'day-1', totals: { joiners: 0, movers: 1, leavers: 0 } };
    await realm.decide(
      decisionOf('1', [held('emea', READ, { reason: 'left', retainUntil: '2099-01-01' })], { cause: date }),
    );
    expect(await realm.settled()).toEqual({ '1 emea': 'held', '2 emea': 'held' });
    expect(await holds()).toEqual([before]);

    await give(['1', '2']);
    expect(await holds()).toEqual([]);
    expect((await realm.status()).attention).toBeUndefined();
    await realm.decide(decisionOf('1', [withheld('emea')]));
    expect(await realm.settled()).toEqual({ '1 emea': 'left', '2 emea': 'converged' });
    expect(await enabled()).toEqual(['2 emea']);
    expect(await events()).toEqual(['hold.opened emea read-9 3']);
  });

  test('is over where the portal is taken out of the realm', async () => {
    await give(['1']);
    await hold(['1']);
    await realm.decide(decisionOf('1', [granted('apac', learnerOf('1'))]));
    await realm.settled();
    expect(await holds()).toEqual([]);
    expect(await enabled()).toContain('1 emea');
  });

  test('is nothing where policy keeps the accounts of leavers', async () => {
    await give(['1']);
    await realm.decide(decisionOf('1', [held('emea', READ, { leaving: 'keep' })]));
    expect(await realm.settled()).toEqual({ '1 emea': 'left' });
    expect(await holds()).toEqual([]);
    expect(await events()).toEqual([]);
  });

  test('is no more who is disabled by hand meanwhile', async () => {
    await give(['1', '2']);
    await hold(['1', '2']);
    const [before] = await holds();
    const [first] = (await realm.control.state()).accounts;
    await realm.control.changeAccount('emea', first!.id, { enabled: false });
    await realm.readAll();
    await realm.allRead();
    expect(await realm.settled()).toEqual({ '1 emea': 'left', '2 emea': 'held' });
    const [after] = await holds();
    expect(after).toMatchObject({ people: 1 });
    expect(after?.digest).not.toBe(before?.digest);
  });
});

describe('an approval', () => {
  test('takes from exactly those whom it names, once', async () => {
    await give([...IDS, '4'], ['emea', 'apac']);
    await realm.decide(
      ...IDS.map((id) => decisionOf(id, [held('emea'), held('apac')])),
      decisionOf('4', [held('emea', { ...READ, id: 'read-8' }), granted('apac', learnerOf('4'))]),
    );
    await realm.settled();
    const { digest } = await heldIn(BY_READ);
    const answer = await approve(BY_READ, digest);
    expect(answer).toEqual({ ...BY_READ, digest, people: 3, approvedBy: 'Ines', approvedAt: expect.any(String) });
    await realm.settled();
    expect(await enabled()).toEqual(['1 apac', '2 apac', '3 apac', '4 apac', '4 emea']);
    expect((await holds()).map(({ portal, cause: { id }, people }) => [portal, id, people])).toEqual([
      ['apac', 'read-9', 3],
      ['emea', 'read-8', 1],
    ]);
    await expect(approve(BY_READ, digest)).rejects.toMatchObject({ code: 'not-found' });
    expect((await events()).filter((event) => event.startsWith('hold.approved'))).toEqual([
      'hold.approved emea read-9 3',
    ]);
    expect(
      await realm.sql('select approved_by, approved_people, digest from hold where approved_at is not null'),
    ).toEqual([{ approved_by: 'Ines', approved_people: 3, digest }]);
  });

  test('of another set than is held is refused, and changes nothing', async () => {
    await give(IDS);
    await hold(['1', '2']);
    const { digest: old } = await heldIn(BY_READ);
    await hold(['3']);
    const before = await realm.sql('select * from cell order by employee_id');
    for (const digest of [old, `sha256:${'0'.repeat(64)}`])
      await expect(approve(BY_READ, digest)).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringMatching(/Look again with portico holds/),
      });
    expect(await realm.sql('select * from cell order by employee_id')).toEqual(before);
    expect(await events()).toEqual(['hold.opened emea read-9 3']);
    await realm.settled();
    expect(await enabled()).toEqual(['1 emea', '2 emea', '3 emea']);
    await approveNow(BY_READ);
    await realm.settled();
    expect(await enabled()).toEqual([]);
  });

  test('does not cover who comes later by the same cause, and that is told', async () => {
    await give(IDS);
    await hold(['1', '2']);
    await approveNow(BY_READ);
    await realm.settled();
    expect(await hold(['3'])).toEqual({ '1 emea': 'left', '2 emea': 'left', '3 emea': 'held' });
    expect(await enabled()).toEqual(['3 emea']);
    expect(await holds()).toMatchObject([{ people: 1 }]);
    // Whoever was approved opens nothing, whatever else is decided about them.
    await realm.decide(decisionOf('1', [held('emea', READ, { retainUntil: '2099-01-01' })]));
    await approveNow(BY_READ);
    await realm.decide(decisionOf('2', [held('emea', READ, { retainUntil: '2099-01-01' })]));
    expect(await realm.settled()).toMatchObject({ '3 emea': 'left' });
    expect(await holds()).toEqual([]);
    expect(await events()).toEqual([
      'hold.opened emea read-9 3',
      'hold.approved emea read-9 2',
      'hold.opened emea read-9 3',
      'hold.approved emea read-9 1',
    ]);
  });

  test('ends when access is granted again: the same cause is held anew', async () => {
    await give(['1']);
    await hold(['1']);
    await approveNow(BY_READ);
    await realm.settled();
    await give(['1']);
    expect(await hold(['1'])).toEqual({ '1 emea': 'held' });
    expect(await enabled()).toEqual(['1 emea']);
  });

  test('cancels invites; one that was accepted meanwhile is another set', async () => {
    await give(['1', '2'], ['emea'], { onboarding: 'invite' });
    await hold(['1', '2']);
    const before = await heldIn(BY_READ);
    expect(before.rows).toMatchObject([
      { takes: 'cancel-invite', inviteId: expect.any(String) },
      { takes: 'cancel-invite', inviteId: expect.any(String) },
    ]);
    const [invite] = (await realm.control.state()).invites;
    await realm.control.accept(invite!.id);
    await realm.sql('update lane set invites_completed_at = null');
    await realm.readAll();
    await realm.allRead();
    await waitFor('the account', async () => (await realm.cells())[0]?.accountId !== null);
    await expect(approve(BY_READ, before.digest)).rejects.toMatchObject({ code: 'conflict' });
    expect((await heldIn(BY_READ)).rows).toMatchObject([
      { takes: 'disable', accountId: expect.any(String) },
      { takes: 'cancel-invite' },
    ]);
    await approveNow(BY_READ);
    expect(await realm.settled()).toEqual({ '1 emea': 'left', '2 emea': 'left' });
    expect(await accounts()).toEqual([expect.stringMatching(/emea false$/)]);
    expect((await realm.control.state()).invites.map(({ status }) => status)).toEqual(['accepted', 'canceled']);
  });

  test('of a last day names the day: when that has passed, it is another set', async () => {
    await give(['1']);
    const expiresOn = realm.today().add({ days: 2 }).toString();
    await realm.decide(decisionOf('1', [held('emea', READ, { leaving: 'expire', expiresOn })]));
    await realm.settled();
    const before = await heldIn(BY_READ);
    expect(before.rows).toMatchObject([{ takes: 'expire', expiresOn }]);
    await realm.moveOn(3);
    expect((await heldIn(BY_READ)).rows).toMatchObject([{ takes: 'disable' }]);
    await expect(approve(BY_READ, before.digest)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('in a sub-portal is waited for by the top-level portal, and then both end', async () => {
    await give(['1'], ['academy', 'emea']);
    await realm.decide(decisionOf('1', [withheld('academy'), held('emea')]));
    expect(await realm.settled()).toEqual({ '1 academy': 'needed-in-sub-portal', '1 emea': 'held' });
    expect(await enabled()).toEqual(['1 academy', '1 emea']);
    await approveNow(BY_READ);
    expect(await realm.settled()).toEqual({ '1 academy': 'left', '1 emea': 'left' });
    expect(await enabled()).toEqual([]);
  });

  test('in the top-level portal takes nothing from a sub-portal where the same cause is still held', async () => {
    await give(['1'], ['academy', 'emea']);
    await hold(['1'], ['academy', 'emea']);
    await approveNow({ portal: 'academy', causeId: READ.id });
    expect(await realm.settled()).toEqual({ '1 academy': 'needed-in-sub-portal', '1 emea': 'held' });
    expect(await enabled()).toEqual(['1 academy', '1 emea']);
    await approveNow(BY_READ);
    expect(await realm.settled()).toEqual({ '1 academy': 'left', '1 emea': 'left' });
  });

  test('is of one tenant and one portal: others keep what they have', async () => {
    await give(['1'], ['emea', 'apac']);
    await hold(['1'], ['emea', 'apac']);
    await realm.decide(decisionOf('1', [held('emea')], { tenant: 'globex' }));
    await realm.sql(`update cell set account_id = '1', actual = 'active' where tenant = 'globex'`);
    const theirs = { ...ADMIN, tenant: 'globex' };
    const { digest } = await heldIn(BY_READ);
    await expect(approve({ ...BY_READ, portal: 'academy' }, digest, theirs)).rejects.toMatchObject({
      code: 'not-found',
    });
    await approve(BY_READ, digest);
    await realm.settled();
    expect(await enabled()).toEqual(['1 apac']);
    expect(await holds('globex')).toMatchObject([{ portal: 'emea', people: 1 }]);
    await approve(BY_READ, (await heldIn(BY_READ, {}, 'globex')).digest, theirs);
    expect(await holds()).toMatchObject([{ portal: 'apac', people: 1 }]);
  });

  test('is an admin’s, and says all that is wrong with it', async () => {
    await give(['1']);
    await hold(['1']);
    const { digest } = await heldIn(BY_READ);
    await expect(approve(BY_READ, digest, { ...ADMIN, role: 'viewer' })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(approve({ portal: '', causeId: '' }, 'nonsense')).rejects.toMatchObject({
      code: 'invalid',
      faults: [{ path: 'portal' }, { path: 'causeId' }, { path: 'digest' }],
    });
    await expect(heldIn({} as HoldKey, { limit: 0, cursor: 'nonsense' })).rejects.toMatchObject({
      code: 'invalid',
      faults: [{ path: 'portal' }, { path: 'causeId' }, { path: 'limit' }, { path: 'cursor' }],
    });
    await expect(heldIn({ ...BY_READ, causeId: 'read-10' })).rejects.toMatchObject({ code: 'not-found' });
    expect(await realm.settled()).toEqual({ '1 emea': 'held' });
  });

  test('of two at once is one', async () => {
    await give(IDS);
    await hold(IDS);
    const { digest } = await heldIn(BY_READ);
    const answers = await Promise.allSettled([approve(BY_READ, digest), approve(BY_READ, digest)]);
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await events()).filter((event) => event.startsWith('hold.approved'))).toHaveLength(1);
  });

  test('in a portal that is only observed is planned and not performed', async () => {
    await give(['1']);
    const portals = portalsOf(realm.sandbox).map((portal) => ({ ...portal, mode: 'observe' as const }));
    await realm.realm({ allowUserCreationIfUserAlreadyExists: true, portals });
    const before = await writes();
    await hold(['1']);
    const emea = async () => (await realm.status()).portals[1];
    await waitFor('the plan', async () => (await emea())?.skipped['held'] === 1);
    expect((await emea())?.planned).toEqual({});
    await approveNow(BY_READ);
    await waitFor('the plan', async () => (await emea())?.planned?.['disable'] === 1);
    expect(await writes()).toBe(before);
    expect(await enabled()).toEqual(['1 emea']);
  });
});
