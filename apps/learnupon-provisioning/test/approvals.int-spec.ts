import type { NatsContext } from '@nestjs/microservices';
import type { HoldKey } from '@portico/contracts';
import { createLogger, systemClock } from '@portico/service-kit';
import { QuestionsController } from '../src/inbound/questions.controller.js';
import { decisionOf, granted, learnerOf, portalsOf, TENANT, waitFor, withheld } from './fixtures.js';
import { ADMIN, BY_READ, held, IDS, openHeldRealm, READ, type HeldRealm } from './holding.js';

let realm: HeldRealm;
beforeEach(async () => {
  realm = await openHeldRealm();
});
afterEach(() => realm.close());

describe('an approval', () => {
  test('takes from exactly those whom it names, once', async () => {
    await realm.give([...IDS, '4'], ['emea', 'apac']);
    await realm.decide(
      ...IDS.map((id) => decisionOf(id, [held('emea'), held('apac')])),
      decisionOf('4', [held('emea', { ...READ, id: 'read-8' }), granted('apac', learnerOf('4'))]),
    );
    await realm.settled();
    const { digest } = await realm.heldIn(BY_READ);
    const answer = await realm.approve(BY_READ, digest);
    expect(answer).toEqual({ ...BY_READ, digest, people: 3, approvedBy: 'Ines', approvedAt: expect.any(String) });
    await realm.settled();
    expect(await realm.enabled()).toEqual(['1 apac', '2 apac', '3 apac', '4 apac', '4 emea']);
    expect((await realm.holds()).map(({ portal, cause: { id }, people }) => [portal, id, people])).toEqual([
      ['apac', 'read-9', 3],
      ['emea', 'read-8', 1],
    ]);
    await expect(realm.approve(BY_READ, digest)).rejects.toMatchObject({ code: 'not-found' });
    expect((await realm.events()).filter((event) => event.startsWith('hold.approved'))).toEqual([
      'hold.approved emea read-9 3',
    ]);
    expect(
      await realm.sql('select approved_by, approved_people, digest from hold where approved_at is not null'),
    ).toEqual([{ approved_by: 'Ines', approved_people: 3, digest }]);
  });

  test('of another set than is held is refused, and changes nothing', async () => {
    await realm.give(IDS);
    await realm.hold(['1', '2']);
    const { digest: old } = await realm.heldIn(BY_READ);
    await realm.hold(['3']);
    const before = await realm.sql('select * from cell order by employee_id');
    for (const digest of [old, `sha256:${'0'.repeat(64)}`])
      await expect(realm.approve(BY_READ, digest)).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringMatching(/nothing was approved.*Look again$/),
      });
    expect(await realm.sql('select * from cell order by employee_id')).toEqual(before);
    expect(await realm.events()).toEqual(['hold.opened emea read-9 3']);
    await realm.settled();
    expect(await realm.enabled()).toEqual(['1 emea', '2 emea', '3 emea']);
    await realm.approveNow(BY_READ);
    await realm.settled();
    expect(await realm.enabled()).toEqual([]);
  });

  test('does not cover who comes later by the same cause, and that is told', async () => {
    await realm.give(IDS);
    await realm.hold(['1', '2']);
    await realm.approveNow(BY_READ);
    await realm.settled();
    expect(await realm.hold(['3'])).toEqual({ '1 emea': 'left', '2 emea': 'left', '3 emea': 'held' });
    expect(await realm.enabled()).toEqual(['3 emea']);
    expect(await realm.holds()).toMatchObject([{ people: 1 }]);
    // Whoever was approved opens nothing, whatever else is decided about them.
    await realm.decide(decisionOf('1', [held('emea', READ, { retainUntil: '2099-01-01' })]));
    await realm.approveNow(BY_READ);
    await realm.decide(decisionOf('2', [held('emea', READ, { retainUntil: '2099-01-01' })]));
    expect(await realm.settled()).toMatchObject({ '3 emea': 'left' });
    expect(await realm.holds()).toEqual([]);
    expect(await realm.events()).toEqual([
      'hold.opened emea read-9 3',
      'hold.approved emea read-9 2',
      'hold.opened emea read-9 3',
      'hold.approved emea read-9 1',
    ]);
  });

  test('ends when access is granted again: the same cause is held anew', async () => {
    await realm.give(['1']);
    await realm.hold(['1']);
    await realm.approveNow(BY_READ);
    await realm.settled();
    await realm.give(['1']);
    expect(await realm.hold(['1'])).toEqual({ '1 emea': 'held' });
    expect(await realm.enabled()).toEqual(['1 emea']);
  });

  test('cancels invites; one that was accepted meanwhile is another set', async () => {
    await realm.give(['1', '2'], ['emea'], { onboarding: 'invite' });
    await realm.hold(['1', '2']);
    const before = await realm.heldIn(BY_READ);
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
    await expect(realm.approve(BY_READ, before.digest)).rejects.toMatchObject({ code: 'conflict' });
    expect((await realm.heldIn(BY_READ)).rows).toMatchObject([
      { takes: 'disable', accountId: expect.any(String) },
      { takes: 'cancel-invite' },
    ]);
    await realm.approveNow(BY_READ);
    expect(await realm.settled()).toEqual({ '1 emea': 'left', '2 emea': 'left' });
    expect(await realm.accounts()).toEqual([expect.stringMatching(/emea false$/)]);
    expect((await realm.control.state()).invites.map(({ status }) => status)).toEqual(['accepted', 'canceled']);
  });

  test('of a last day names the day: when that has passed, it is another set', async () => {
    await realm.give(['1']);
    const expiresOn = realm.today().add({ days: 2 }).toString();
    await realm.decide(decisionOf('1', [held('emea', READ, { leaving: 'expire', expiresOn })]));
    await realm.settled();
    const before = await realm.heldIn(BY_READ);
    expect(before.rows).toMatchObject([{ takes: 'expire', expiresOn }]);
    await realm.moveOn(3);
    expect((await realm.heldIn(BY_READ)).rows).toMatchObject([{ takes: 'disable' }]);
    await expect(realm.approve(BY_READ, before.digest)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('in a sub-portal is waited for by the top-level portal, and then both end', async () => {
    await realm.give(['1'], ['academy', 'emea']);
    await realm.decide(decisionOf('1', [withheld('academy'), held('emea')]));
    expect(await realm.settled()).toEqual({ '1 academy': 'needed-in-sub-portal', '1 emea': 'held' });
    expect(await realm.enabled()).toEqual(['1 academy', '1 emea']);
    await realm.approveNow(BY_READ);
    expect(await realm.settled()).toEqual({ '1 academy': 'left', '1 emea': 'left' });
    expect(await realm.enabled()).toEqual([]);
  });

  test('of an invite is waited for by a new address elsewhere', async () => {
    const renamed = { email: 'new@acme.example' };
    await realm.give(['1'], ['academy']);
    const invited = granted('emea', learnerOf('1', { onboarding: 'invite' }));
    await realm.decide(decisionOf('1', [granted('academy', learnerOf('1')), invited]));
    await realm.settled();
    await realm.decide(decisionOf('1', [granted('academy', learnerOf('1', renamed)), held('emea')]));
    expect(await realm.settled()).toEqual({ '1 academy': 'held', '1 emea': 'held' });
    await realm.approveNow(BY_READ);
    expect(await realm.settled()).toEqual({ '1 academy': 'converged', '1 emea': 'left' });
    expect((await realm.control.state()).accounts).toMatchObject([renamed]);
  });

  test('in the top-level portal takes nothing from a sub-portal where the same cause is still held', async () => {
    await realm.give(['1'], ['academy', 'emea']);
    await realm.hold(['1'], ['academy', 'emea']);
    await realm.approveNow({ portal: 'academy', causeId: READ.id });
    expect(await realm.settled()).toEqual({ '1 academy': 'needed-in-sub-portal', '1 emea': 'held' });
    expect(await realm.enabled()).toEqual(['1 academy', '1 emea']);
    await realm.approveNow(BY_READ);
    expect(await realm.settled()).toEqual({ '1 academy': 'left', '1 emea': 'left' });
  });

  test('is of one tenant and one portal: others keep what they have', async () => {
    await realm.give(['1'], ['emea', 'apac']);
    await realm.hold(['1'], ['emea', 'apac']);
    await realm.decide(decisionOf('1', [held('emea')], { tenant: 'globex' }));
    await realm.sql(`update cell set account_id = '1', actual = 'active' where tenant = 'globex'`);
    const theirs = { ...ADMIN, tenant: 'globex' };
    const { digest } = await realm.heldIn(BY_READ);
    await expect(realm.approve({ ...BY_READ, portal: 'academy' }, digest, theirs)).rejects.toMatchObject({
      code: 'not-found',
    });
    await realm.approve(BY_READ, digest);
    await realm.settled();
    expect(await realm.enabled()).toEqual(['1 apac']);
    expect(await realm.holds('globex')).toMatchObject([{ portal: 'emea', people: 1 }]);
    await realm.approve(BY_READ, (await realm.heldIn(BY_READ, {}, 'globex')).digest, theirs);
    expect(await realm.holds()).toMatchObject([{ portal: 'apac', people: 1 }]);
  });

  test('is an admin’s, and says all that is wrong with it', async () => {
    await realm.give(['1']);
    await realm.hold(['1']);
    const { digest } = await realm.heldIn(BY_READ);
    await expect(realm.approve(BY_READ, digest, { ...ADMIN, role: 'viewer' })).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(realm.approve({ portal: '', causeId: '' }, 'nonsense')).rejects.toMatchObject({
      code: 'invalid',
      faults: [{ path: 'portal' }, { path: 'causeId' }, { path: 'digest' }],
    });
    await expect(realm.heldIn({} as HoldKey, { limit: 0, cursor: 'nonsense' })).rejects.toMatchObject({
      code: 'invalid',
      faults: [{ path: 'portal' }, { path: 'causeId' }, { path: 'limit' }, { path: 'cursor' }],
    });
    await expect(realm.heldIn({ ...BY_READ, causeId: 'read-10' })).rejects.toMatchObject({ code: 'not-found' });
    expect(await realm.settled()).toEqual({ '1 emea': 'held' });
  });

  test('of two at once is one', async () => {
    await realm.give(IDS);
    await realm.hold(IDS);
    const { digest } = await realm.heldIn(BY_READ);
    const answers = await Promise.allSettled([realm.approve(BY_READ, digest), realm.approve(BY_READ, digest)]);
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await realm.events()).filter((event) => event.startsWith('hold.approved'))).toHaveLength(1);
  });

  test('in a portal that is only observed is planned and not performed', async () => {
    await realm.give(['1']);
    const portals = portalsOf(realm.sandbox).map((portal) => ({ ...portal, mode: 'observe' as const }));
    await realm.realm({ allowUserCreationIfUserAlreadyExists: true, portals });
    const before = await realm.writes();
    await realm.hold(['1']);
    const emea = async () => (await realm.status()).portals[1];
    await waitFor('the plan', async () => (await emea())?.skipped['held'] === 1);
    expect((await emea())?.planned).toEqual({});
    await realm.approveNow(BY_READ);
    await waitFor('the plan', async () => (await emea())?.planned?.['disable'] === 1);
    expect(await realm.writes()).toBe(before);
    expect(await realm.enabled()).toEqual(['1 emea']);
  });
});

test('the questions are answered to the caller’s tenant', async () => {
  await realm.give(['1']);
  await realm.hold(['1']);
  const logger = createLogger({ name: 'test', level: 'silent' });
  const controller = new QuestionsController(realm.orm, logger, systemClock, realm.worker);
  const context = undefined as unknown as NatsContext;
  const answers: unknown[] = [];
  const { digest } = await realm.heldIn(BY_READ);
  for (const tenant of ['globex', TENANT]) {
    const caller = { ...ADMIN, tenant };
    answers.push(await controller.holds({ caller, body: {} }, context));
    answers.push(await controller.heldPeople({ caller, body: BY_READ }, context));
    answers.push(await controller.holdApprove({ caller, body: { ...BY_READ, digest } }, context));
  }
  expect(answers).toMatchObject([
    { ok: true, answer: { holds: [] } },
    { ok: false, error: { code: 'not-found' } },
    { ok: false, error: { code: 'not-found' } },
    { ok: true, answer: { holds: [{ people: 1 }] } },
    { ok: true, answer: { digest } },
    { ok: true, answer: { people: 1 } },
  ]);
  // Whoever looks again after an approval sees what it left.
  expect(await controller.heldPeople({ caller: ADMIN, body: BY_READ }, context)).toMatchObject({
    ok: false,
    error: { code: 'not-found' },
  });
  expect(await realm.settled()).toEqual({ '1 emea': 'left' });
});
