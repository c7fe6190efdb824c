import { account, granted, learner, linked, person, planFor, portal, realm, withheld } from '../test/samples.js';
import type { Account, Cell, Holder } from './index.js';

describe('an identifier that somebody else holds', () => {
  it.each<[Holder['because'], RegExp]>([
    ['wanted', /employee 7 is to have this identifier too: correct one/],
    ['kept', /employee 7 has no e-mail address in BambooHR any more.*in emea.*give employee 7 an address/],
    ['account', /the account of employee 7 in emea still has this identifier/],
    ['invite', /employee 7 has a pending invite at this address in emea/],
    ['call', /a call for employee 7/],
  ])('is said with who and why: %s', (because, detail) => {
    const where = because === 'wanted' || because === 'call' ? {} : { portal: 'emea' };
    const claimedByOthers = new Map([['email:ada@acme.example', { employeeId: '7', because, ...where }]]);
    const plan = planFor('academy', { ...person(granted('academy')), claimedByOthers });
    expect(plan).toMatchObject({ reason: 'identifier-claimed', blockedBy: { employeeId: '7' } });
    expect(plan?.detail).toMatch(detail);
  });

  it('is said of an account that is linked to somebody else, too', () => {
    const plan = planFor('academy', person(granted('academy', { accounts: [account({ ownerId: '7' })] })));
    expect(plan).toMatchObject({ reason: 'identifier-claimed', blockedBy: { employeeId: '7' } });
  });
});

describe('an account by hand with the identifier of a person', () => {
  const found = (change: Partial<Account>, cell: Partial<Cell> = {}) =>
    person(granted('academy', { accounts: [account(change)], ...cell }));
  const former = { firstName: 'Bo', lastName: 'Hill' };

  it('is theirs when a part of the name is', () => {
    expect(planFor('academy', found({ lastName: 'Hill' }))?.link).toEqual({ accountId: '991', origin: 'correlated' });
    expect(planFor('academy', found({ firstName: '', lastName: '' }))?.link).toBeDefined();
  });

  it('waits for a yes when it has another name, and is not changed, invited or made again meanwhile', () => {
    const plan = planFor('academy', found(former));
    expect(plan).toMatchObject({ reason: 'name-mismatch', actual: 'active' });
    expect(plan?.detail).toContain('portico correlate 109 academy 991');
    expect(plan?.link).toBeUndefined();
    expect(plan?.operation).toBeUndefined();
  });

  it('is theirs after a yes for exactly that account', () => {
    expect(planFor('academy', found(former, { confirmedAccountId: '991' }))).toMatchObject({
      link: { accountId: '991', origin: 'correlated' },
      operation: { kind: 'update', changes: { firstName: 'Ada', lastName: 'Moss' } },
    });
    expect(planFor('academy', found(former, { confirmedAccountId: '7' }))?.reason).toBe('name-mismatch');
  });

  it('is theirs after a yes also with another identifier, and not when it is somebody else’s by now', () => {
    const renamed = { ...former, email: 'ada.before@acme.example' };
    expect(planFor('academy', found(renamed, { confirmedAccountId: '991' }))).toMatchObject({
      link: { accountId: '991' },
      operation: { kind: 'update', changes: { email: 'ada@acme.example' } },
    });
    const taken = found({ ...former, ownerId: '7' }, { confirmedAccountId: '991' });
    expect(planFor('academy', taken)).toMatchObject({ reason: 'identifier-claimed', blockedBy: { employeeId: '7' } });
  });

  it('that an accepted invite made is theirs under any name', () => {
    const invites = [{ inviteId: '5', email: 'ada@acme.example', status: 'accepted' as const, listed: true }];
    expect(planFor('academy', found(former, { inviteId: '5', invites }))?.link?.origin).toBe('accepted');
  });
});

describe('a top-level leaver and a portal that is off', () => {
  const disable = { kind: 'disable', accountId: '991' };
  const realmWith = (usersFresh: boolean) =>
    realm({ portals: [portal('academy'), portal('emea', { mode: 'off', usersFresh })] });
  const leaver = (...others: readonly Cell[]) => person(linked(withheld('academy')), ...others);
  const off = (accounts: readonly Account[]): Cell => ({
    ...withheld('emea', { accounts }),
    access: 'undecided',
    policyReason: 'portal-off',
  });

  it('waits until that portal is read, and says which', () => {
    const plan = planFor('academy', leaver(), realmWith(false));
    expect(plan).toMatchObject({ reason: 'waiting-for-mirror', blockedBy: { portal: 'emea' } });
    expect(plan?.detail).toMatch(/emea is off or was taken out, and is read once more/);
  });

  it('is disabled where the person has no enabled account there', () => {
    expect(planFor('academy', leaver(), realmWith(true))?.operation).toEqual(disable);
    const gone = off([account({ accountId: '7', enabled: false })]);
    expect(planFor('academy', leaver(gone), realmWith(true))?.operation).toEqual(disable);
  });

  it.each([
    ['by hand', {}],
    ['that Portico made before', { ownerId: '109' }],
  ])('is held back where the person has an enabled account there %s', (_, owner) => {
    const there = off([account({ accountId: '7', ...owner })]);
    for (const fresh of [true, false]) {
      const plan = planFor('academy', leaver(there), realmWith(fresh));
      expect(plan).toMatchObject({ reason: 'needed-in-sub-portal', blockedBy: { portal: 'emea' } });
      expect(plan?.detail).toContain('disable it in emea by hand');
      expect(plan?.operation).toBeUndefined();
    }
  });

  it('says which portal is in the way when it is one that is on', () => {
    const learning = planFor('academy', leaver(granted('emea', { learner: learner() })));
    expect(learning).toMatchObject({ reason: 'needed-in-sub-portal', blockedBy: { portal: 'emea' } });
    const byHand = planFor('academy', leaver(withheld('emea', { accounts: [account({ accountId: '7' })] })));
    expect(byHand).toMatchObject({ reason: 'not-ours', blockedBy: { portal: 'emea' } });
  });
});
