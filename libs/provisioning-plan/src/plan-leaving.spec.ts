import { account, granted, linked, person, planFor, portal, realm, withheld } from '../test/samples.js';
import type { Cell, Realm } from './index.js';

describe('somebody who leaves', () => {
  const disable = { kind: 'disable', accountId: '991' };

  it('is disabled where Portico has the account, and stays where policy keeps it', () => {
    expect(planFor('emea', person(linked(withheld('emea'))))?.operation).toEqual(disable);
    expect(planFor('emea', person(linked(withheld('emea', { leaving: 'keep' }))))).toMatchObject({ reason: 'left' });
    expect(planFor('emea', person(linked(withheld('emea'), { enabled: false })))).toMatchObject({
      reason: 'left',
      actual: 'disabled',
    });
  });

  it('keeps an account that was made by hand', () => {
    expect(planFor('emea', person(withheld('emea', { accounts: [account()] })))).toEqual({
      portal: 'emea',
      reason: 'not-ours',
      actual: 'active',
    });
  });

  it('keeps what was never decided about', () => {
    const cell = { ...linked(withheld('emea')), access: 'undecided' as const, policyReason: 'employment-unknown' };
    expect(planFor('emea', person(cell))).toMatchObject({ reason: 'employment-unknown', actual: 'active' });
  });

  it.each<[string, Cell, Realm, string | undefined]>([
    ['nobody needs it', withheld('emea'), realm(), undefined],
    ['a sub-portal wants the person', granted('emea'), realm(), 'needed-in-sub-portal'],
    [
      'a sub-portal keeps leavers',
      linked(withheld('emea', { leaving: 'keep' }), { accountId: '7' }),
      realm(),
      'needed-in-sub-portal',
    ],
    [
      'a sub-portal has an account by hand',
      withheld('emea', { accounts: [account({ accountId: '7' })] }),
      realm(),
      'not-ours',
    ],
    [
      'a mirror is stale',
      withheld('emea'),
      realm({ portals: [portal('academy'), portal('emea', { usersFresh: false })] }),
      'waiting-for-mirror',
    ],
  ])('is disabled in the top-level portal, which cascades, unless needed: %s', (_, other, where, reason) => {
    const plan = planFor('academy', person(linked(withheld('academy')), other), where);
    expect(plan?.operation).toEqual(reason === undefined ? disable : undefined);
    if (reason !== undefined) expect(plan?.reason).toBe(reason);
  });
});
