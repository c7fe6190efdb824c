import type { CellView } from '@portico/contracts';
import { painter } from '../terminal.js';
import { describeCell, renderPeople, renderPerson } from './people-table.js';

const cell = (change: Partial<CellView>): CellView => ({
  portal: 'academy',
  wanted: 'granted',
  actual: 'active',
  reason: 'converged',
  since: '2026-01-12T10:00:00Z',
  ...change,
});

describe('a cell', () => {
  it.each<[string, Partial<CellView>]>([
    ['active', {}],
    ['invited', { actual: 'invited', reason: 'waiting-for-accept' }],
    ['none → create', { actual: 'none', pending: 'create', reason: 'in-audience' }],
    ['none → create: waiting-for-home', { actual: 'none', pending: 'create', reason: 'waiting-for-home' }],
    ['none: refused-exists', { actual: 'none', reason: 'refused-exists' }],
    ['–', { wanted: 'withheld', actual: 'none', reason: 'not-in-audience' }],
    ['–: left', { wanted: 'withheld', actual: 'none', reason: 'left' }],
    ['active → disable: left', { wanted: 'withheld', pending: 'disable', reason: 'left' }],
    ['active (not wanted): not-ours', { wanted: 'withheld', reason: 'not-ours' }],
    ['disabled', { wanted: 'withheld', actual: 'disabled', reason: 'disabled' }],
  ])('is shown as %j', (shown, change) => expect(describeCell(cell(change))).toBe(shown));
});

const ada = {
  employeeId: '109',
  name: 'Ada \u001b[31mMoss',
  cells: [cell({ accountId: '991' }), cell({ portal: 'emea', actual: 'none', reason: 'refused-exists' })],
};

describe('people', () => {
  it('are rows, portals columns; names can do nothing to the terminal', () => {
    const bo = { employeeId: '7', name: null, cells: [cell({ portal: 'emea' })] };
    expect(renderPeople([ada, bo], painter(false)).split('\n')).toEqual([
      'EMPLOYEE  NAME           ACADEMY  EMEA',
      '109       Ada �[31mMoss  active   none: refused-exists',
      '7                                 active',
    ]);
  });

  it('are coloured where colour is wanted', () => {
    expect(renderPeople([ada], painter(true))).toContain('\u001b[32mactive\u001b[39m');
  });

  it('one alone is told in words', () => {
    const text = renderPerson(ada, painter(false));
    expect(text).toContain('Ada �[31mMoss (employee 109)');
    expect(text).toMatch(/emea +granted +none +the realm refused: the identifier has an account/);
    const detail = 'employee 7 is to have this identifier too';
    const blocked = { ...ada, cells: [cell({ reason: 'identifier-claimed', detail })] };
    expect(renderPerson(blocked, painter(false)).split('\n').at(-1)).toBe(`academy: ${detail}`);
  });
});
