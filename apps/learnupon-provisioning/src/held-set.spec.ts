import { digestOf, heldViews } from './held-set.js';
import type { HeldCell } from './persistence/holds.js';

const cell = (employeeId: string, part: Partial<HeldCell> = {}): HeldCell => ({
  employeeId,
  leaving: 'disable',
  expiresOn: null,
  accountId: `a${employeeId}`,
  inviteId: null,
  since: '2026-03-02 10:00:00+00',
  ...part,
});
const TODAY = '2026-03-02';
const digest = (cells: readonly HeldCell[], today = TODAY): string => digestOf(heldViews(cells, today));
const expiring: Partial<HeldCell> = { leaving: 'expire', expiresOn: '2026-03-05' };

it('the digest is of sorted lines, so that anybody can compute it, in whatever order people come', () => {
  const cells = [cell('10'), cell('9', expiring), cell('a', { accountId: null, inviteId: 'i1' })];
  // Of ["10","disable",null,"a10",null], ["9","expire","2026-03-05","a9",null], ["a","cancel-invite",null,null,"i1"].
  const expected = 'sha256:13c3f5ba55448e776c5adcae789a863703adbb86ecdd4f97ec6df037092cd1d1';
  expect(digest(cells)).toBe(expected);
  expect(digestOf(heldViews(cells, TODAY).toReversed())).toBe(expected);
  expect(digest(cells.map((one) => ({ ...one, since: '2026-03-09 10:00:00+00' })))).toBe(expected);
});

it.each<[string, HeldCell[]]>([
  ['another person', [cell('2', { accountId: 'a1' })]],
  ['another account', [cell('1', { accountId: 'a2' })]],
  ['an invite', [cell('1', { accountId: null, inviteId: 'i1' })]],
  ['a last day', [cell('1', expiring)]],
  ['one more', [cell('1'), cell('2')]],
  ['nobody', []],
])('the digest is another one for %s', (_, cells) => {
  expect(digest(cells)).not.toBe(digest([cell('1')]));
});

it('a last day counts while it is ahead; when it has passed the account is disabled', () => {
  expect(heldViews([cell('1', expiring)], '2026-03-05')).toMatchObject([{ takes: 'expire', expiresOn: '2026-03-05' }]);
  expect(digest([cell('1', expiring)], '2026-03-06')).toBe(digest([cell('1')]));
  const later = cell('1', { ...expiring, expiresOn: '2026-03-04' });
  expect(digest([later])).not.toBe(digest([cell('1', expiring)]));
});
