import { listPeople } from '../src/list-cells.js';
import { decisionOf, granted, learnerOf, TENANT, withheld } from './fixtures.js';
import { BY_READ, held, IDS, openHeldRealm, READ, type HeldRealm } from './holding.js';

let realm: HeldRealm;
beforeEach(async () => {
  realm = await openHeldRealm();
});
afterEach(() => realm.close());

describe('what the gate keeps back', () => {
  test('stays as it is, account and invite, through many turns and a day, and the tenant settles', async () => {
    await realm.give(['1']);
    await realm.give(['2'], ['emea'], { onboarding: 'invite' });
    await realm.give(['3'], ['emea']);
    const before = await realm.writes();
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
    expect(await realm.writes()).toBe(before);
    expect(await realm.enabled()).toEqual(['1 emea', '3 emea']);
    const { accounts: all, invites } = await realm.control.state();
    expect(all.map(({ accountExpires }) => accountExpires)).toEqual([null, null]);
    expect(invites).toMatchObject([{ status: 'sent' }]);
    const [, emea] = (await realm.status()).portals;
    expect(emea).toMatchObject({ outstanding: 0, skipped: { held: 3 }, active: 2, pendingInvites: 1 });
  });

  test('is told: by the status, with what to type, by the cell, and with everybody whom it is about', async () => {
    await realm.give([...IDS, '10']);
    await realm.hold([...IDS, '10']);
    expect((await realm.status()).attention).toEqual([
      expect.stringMatching(
        /^emea: .* 4 of 4, since with read read-9 .*portico holds, then portico approve emea read-9/,
      ),
    ]);
    const { rows } = await listPeople(realm.orm, TENANT, { reason: 'held' });
    expect(rows[0]?.cells).toMatchObject([
      { reason: 'held', actual: 'active', detail: expect.stringMatching(/approves/) },
    ]);
    const [view, ...others] = await realm.holds();
    expect(others).toEqual([]);
    expect(view).toEqual({
      portal: 'emea',
      cause: { kind: 'read', id: 'read-9' },
      openedAt: expect.any(String),
      judged: { people: 3, of: 4 },
      people: 4,
    });
    const whole = await realm.heldIn(BY_READ);
    expect(whole.rows).toMatchObject(
      [...IDS, '10'].map((employeeId) => ({ employeeId, takes: 'disable', accountId: expect.any(String) })),
    );
    const pages = [await realm.heldIn(BY_READ, { limit: 3 })];
    pages.push(await realm.heldIn(BY_READ, { limit: 3, cursor: pages[0]!.next }));
    expect(pages.flatMap((page) => page.rows)).toEqual(whole.rows);
    expect(pages[1]?.next).toBeUndefined();
    expect(whole.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(pages.map(({ digest }) => digest)).toEqual([whole.digest, whole.digest]);
  });

  test('is not let go by other causes that leave it withheld, and is forgotten when access is granted again', async () => {
    await realm.give(['1', '2']);
    await realm.hold(['1', '2']);
    const [before] = await realm.holds();
    const date = { kind: 'date' as const, id: 'day-1', totals: { joiners: 0, movers: 1, leavers: 0 } };
    await realm.decide(
      decisionOf('1', [held('emea', READ, { reason: 'left', retainUntil: '2099-01-01' })], { cause: date }),
    );
    expect(await realm.settled()).toEqual({ '1 emea': 'held', '2 emea': 'held' });
    expect(await realm.holds()).toEqual([before]);

    await realm.give(['1', '2']);
    expect(await realm.holds()).toEqual([]);
    expect((await realm.status()).attention).toBeUndefined();
    await realm.decide(decisionOf('1', [withheld('emea')]));
    expect(await realm.settled()).toEqual({ '1 emea': 'left', '2 emea': 'converged' });
    expect(await realm.enabled()).toEqual(['2 emea']);
    expect(await realm.events()).toEqual(['hold.opened emea read-9 3']);
  });

  test('is over where the portal is taken out of the realm', async () => {
    await realm.give(['1']);
    await realm.hold(['1']);
    await realm.decide(decisionOf('1', [granted('apac', learnerOf('1'))]));
    await realm.settled();
    expect(await realm.holds()).toEqual([]);
    expect(await realm.enabled()).toContain('1 emea');
  });

  test('is nothing where policy keeps the accounts of leavers', async () => {
    await realm.give(['1']);
    await realm.decide(decisionOf('1', [held('emea', READ, { leaving: 'keep' })]));
    expect(await realm.settled()).toEqual({ '1 emea': 'left' });
    expect(await realm.holds()).toEqual([]);
    expect(await realm.events()).toEqual([]);
  });

  test('is no more who is disabled by hand meanwhile', async () => {
    await realm.give(['1', '2']);
    await realm.hold(['1', '2']);
    const before = await realm.heldIn(BY_READ);
    const [first] = (await realm.control.state()).accounts;
    await realm.control.changeAccount('emea', first!.id, { enabled: false });
    await realm.readAll();
    await realm.allRead();
    expect(await realm.settled()).toEqual({ '1 emea': 'left', '2 emea': 'held' });
    expect(await realm.holds()).toMatchObject([{ people: 1 }]);
    expect((await realm.heldIn(BY_READ)).digest).not.toBe(before.digest);
  });
});
