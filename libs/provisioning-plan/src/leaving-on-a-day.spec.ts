import { granted, linked, person, planFor, realm, withheld } from '../test/samples.js';
import type { Account, Cell } from './index.js';

/** Today is 2 March 2026. */
const expiring = (name: string, change: Partial<Cell> = {}, account: Partial<Account> = {}): Cell =>
  linked(withheld(name, { leaving: 'expire', expiresOn: '2026-03-31', ...change }), account);
const expire = { kind: 'update', accountId: '991', changes: { accountExpires: '2026-03-31' } };
const disable = { kind: 'disable', accountId: '991' };

describe('an account that is to expire', () => {
  it.each<[string, Partial<Cell>, Partial<Account>, object | undefined]>([
    ['gets its last day', {}, {}, expire],
    ['has it', {}, { accountExpires: '2026-03-31' }, undefined],
    ['keeps an earlier one that somebody set', {}, { accountExpires: '2026-03-15' }, undefined],
    [
      'gets a later one in place of its own',
      { written: { accountExpires: '2026-03-15' } },
      { accountExpires: '2026-03-15' },
      expire,
    ],
    ['gets it in place of a later one', {}, { accountExpires: '2027-01-01' }, expire],
    ['is disabled when the day has passed', { expiresOn: '2026-03-01' }, {}, disable],
    ['ends with its last day, not before', { expiresOn: '2026-03-02' }, { accountExpires: '2026-03-02' }, undefined],
  ])('%s', (_, cell, account, operation) => {
    expect(planFor('emea', person(expiring('emea', cell, account)))?.operation).toEqual(operation);
  });

  it('counts as gone when its day has passed, also where LearnUpon still shows it enabled', () => {
    const gone = expiring('emea', { expiresOn: '2026-03-01' }, { accountExpires: '2026-03-01' });
    expect(planFor('emea', person(gone))).toEqual({ portal: 'emea', reason: 'left', actual: 'disabled' });
  });

  it.each([
    ['later', '2026-04-30', 'needed-in-sub-portal'],
    ['on the same day', '2026-03-31', undefined],
    ['earlier', '2026-03-15', undefined],
  ])('in the top-level portal, where it would end elsewhere too: elsewhere %s', (_, expiresOn, reason) => {
    const who = person(expiring('academy'), expiring('emea', { expiresOn }, { accountId: '7' }));
    const plan = planFor('academy', who);
    expect(plan?.operation).toEqual(reason === undefined ? expire : undefined);
    if (reason !== undefined) expect(plan).toMatchObject({ reason, blockedBy: { portal: 'emea' } });
  });

  it('elsewhere holds back what would end at once', () => {
    const who = person(linked(withheld('academy')), expiring('emea', {}, { accountId: '7' }));
    expect(planFor('academy', who)).toMatchObject({ reason: 'needed-in-sub-portal' });
    const over = person(
      linked(withheld('academy')),
      expiring('emea', {}, { accountId: '7', accountExpires: '2026-03-01' }),
    );
    expect(planFor('academy', over)?.operation).toEqual(disable);
  });
});

describe('somebody who comes back', () => {
  const back = (account: Partial<Account>, written?: Cell['written']) =>
    planFor('emea', person(linked(granted('emea', written === undefined ? {} : { written }), account)))?.operation;

  it('loses the last day that Portico set, and no other', () => {
    const ours = { accountExpires: '2026-03-31' };
    expect(back(ours, ours)).toEqual({ ...expire, changes: { accountExpires: null } });
    expect(back(ours)).toBeUndefined();
  });

  it('is enabled after it, whoever set it', () => {
    const enable = { kind: 'enable', accountId: '991', changes: { accountExpires: null } };
    expect(back({ accountExpires: '2026-03-01' })).toEqual(enable);
    expect(back({ accountExpires: '2026-03-01', enabled: false })).toEqual(enable);
  });
});

describe('retention', () => {
  it.each([
    ['is over', '2026-03-02', { enabled: false }, 'retention-over'],
    ['goes on', '2026-03-03', { enabled: false }, 'left'],
    ['is over of an account that has expired', '2026-03-01', { accountExpires: '2026-02-01' }, 'retention-over'],
  ])('%s', (_, retainUntil, account, reason) => {
    const plan = planFor('emea', person(linked(withheld('emea', { retainUntil }), account)));
    expect(plan).toEqual({ portal: 'emea', reason, actual: 'disabled' });
  });

  it('never deletes, and first ends what is there', () => {
    const plan = planFor('emea', person(linked(withheld('emea', { retainUntil: '2026-01-01' }))), realm());
    expect(plan?.operation).toEqual(disable);
    const kept = planFor('emea', person(linked(withheld('emea', { retainUntil: '2026-01-01', leaving: 'keep' }))));
    expect(kept).toMatchObject({ reason: 'left', actual: 'active' });
  });
});
