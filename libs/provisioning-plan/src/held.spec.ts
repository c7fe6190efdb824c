import {
  account,
  granted,
  invite,
  learner,
  linked,
  person,
  planFor,
  portal,
  realm,
  withheld,
} from '../test/samples.js';
import type { Account, Cell, CellPlan } from './index.js';

/** Today is 2 March 2026. */
const held = (name: string, change: Partial<Cell> = {}): Cell => withheld(name, { isHeld: true, ...change });
const expiring: Partial<Cell> = { leaving: 'expire', expiresOn: '2026-03-31' };
const invited: Partial<Cell> = { inviteId: '5', invites: [invite()] };
const disable = { kind: 'disable', accountId: '991' };
const unheld = ({ isHeld: _, ...cell }: Cell): Cell => cell;

describe('what the gate keeps back', () => {
  it.each<[string, Cell, string, string]>([
    ['an account to be disabled', linked(held('emea')), 'disable', 'active'],
    ['an account to expire', linked(held('emea', expiring)), 'update', 'active'],
    ['a pending invite', held('emea', invited), 'cancel-invite', 'invited'],
    ['an account in the top-level portal', linked(held('academy')), 'disable', 'active'],
  ])('is not taken, and says what to do: %s', (_, cell, kind, actual) => {
    const { portal: name } = cell;
    expect(planFor(name, person(unheld(cell)))?.operation?.kind).toBe(kind);
    expect(planFor(name, person(cell))).toEqual({
      portal: name,
      reason: 'held',
      actual,
      detail: expect.stringContaining('portico holds'),
    });
  });

  it('is asked for where a list lacks it', () => {
    const unlisted = linked(held('emea'), { listed: false });
    expect(planFor('emea', person(unlisted))?.operation).toEqual({ kind: 'check', accountId: '991' });
  });

  it('is linked when its invite turns out to be accepted', () => {
    const accepted = held('emea', {
      inviteId: '5',
      invites: [invite({ status: 'accepted' })],
      accounts: [account({ accountId: '7' })],
    });
    const plan = planFor('emea', person(accepted));
    expect(plan).toMatchObject({ reason: 'held', link: { accountId: '7', origin: 'accepted' }, inviteId: null });
    expect(plan?.operation).toBeUndefined();
  });

  it.each<[string, Cell]>([
    ['has no account', held('emea')],
    ['is disabled already', linked(held('emea'), { enabled: false })],
    ['keeps it by policy', linked(held('emea', { leaving: 'keep' }))],
    ['has one by hand', held('emea', { accounts: [account()] })],
    ['is an admin by hand', linked(held('emea'), { userType: 'admin' })],
    ['has an earlier last day', linked(held('emea', expiring), { accountExpires: '2026-03-15' })],
  ])('is nothing where somebody %s', (_, cell) => {
    const plan = planFor('emea', person(cell));
    expect(plan).toEqual(planFor('emea', person(unheld(cell))));
    expect(plan?.reason).not.toBe('held');
  });
});

describe('the top-level portal, where an end is one everywhere', () => {
  const onTop = (sub: Cell, top: Partial<Cell> = {}): CellPlan | undefined =>
    planFor('academy', person(linked(withheld('academy', top)), sub));
  const inEmea = (change: Partial<Cell> = {}, usable: Partial<Account> = {}): Cell =>
    linked(held('emea', change), { accountId: '7', ...usable });

  it.each<[string, Partial<Cell>, Partial<Cell>]>([
    ['disabling there', {}, {}],
    ['disabling there, before a last day here', expiring, {}],
    ['a last day there', {}, expiring],
    ['the same last day in both', expiring, expiring],
  ])('waits for what is kept back in a sub-portal: %s', (_, sub, top) => {
    expect(onTop(inEmea(sub), top)).toMatchObject({
      reason: 'needed-in-sub-portal',
      blockedBy: { portal: 'emea' },
      detail: expect.stringContaining('portico holds'),
    });
  });

  it.each<[string, Cell]>([
    ['no account', held('emea')],
    ['a disabled one', inEmea({}, { enabled: false })],
    ['one that was approved', unheld(inEmea())],
  ])('does not wait where the sub-portal has %s', (_, sub) => {
    expect(onTop(sub)?.operation).toEqual(disable);
  });
});

it('a new address waits for a kept invite to the old one, and says so', () => {
  const renamed = linked(granted('academy', { learner: learner({ email: 'new@acme.example' }) }));
  expect(planFor('academy', person(renamed, held('emea', invited)))).toEqual({
    portal: 'academy',
    reason: 'held',
    actual: 'active',
    detail: expect.stringMatching(/in emea is cancelled.*portico holds/),
    blockedBy: { portal: 'emea' },
  });
});

it('a hold of a portal that is off is nothing', () => {
  const off = realm({ portals: [portal('emea', { mode: 'off' })] });
  expect(planFor('emea', person(linked(held('emea'))), off)?.reason).toBe('portal-off');
});
