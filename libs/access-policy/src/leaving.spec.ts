import { ada } from '../test/examples.js';
import { decideOn, withEmployment } from '../test/deciding.js';
import type { LeavingSource } from './policy.js';

const left = (lastDay: string | null, recordedOn = '2026-03-01') => ({
  ...withEmployment({ state: 'left', lastDay }),
  recordedOn,
});
const leaving: LeavingSource = { action: 'disable', graceDays: 14 };
const atWork = decideOn('2026-02-20', ada, { leaving });

describe('the days of grace', () => {
  it('keep access as it is, say so, and end by themselves', () => {
    const grace = decideOn('2026-03-01', left('2026-02-28'), { leaving }, atWork.portals);
    expect(grace).toMatchObject({
      access: 'granted',
      reason: 'grace',
      leaver: true,
      lastDay: '2026-03-14',
      dueOn: '2026-03-15',
    });
    expect(grace.learner).toEqual(atWork.learner);
    expect(decideOn('2026-03-14', left('2026-02-28'), { leaving }, grace.portals)).toMatchObject({ reason: 'grace' });
    const over = decideOn('2026-03-15', left('2026-02-28'), { leaving }, grace.portals);
    expect(over).toMatchObject({ access: 'withheld', reason: 'left', dueOn: null });
  });

  it('count over 29 February', () => {
    const day = left('2028-02-15', '2028-02-16');
    expect(decideOn('2028-02-29', day, { leaving }, atWork.portals)).toMatchObject({ reason: 'grace' });
    expect(decideOn('2028-03-01', day, { leaving }, atWork.portals)).toMatchObject({ reason: 'left' });
  });

  it('give nothing to whom had nothing', () => {
    expect(decideOn('2026-03-01', left('2026-02-28'), { leaving })).toMatchObject({
      access: 'withheld',
      reason: 'left',
    });
    const outside = decideOn('2026-02-20', ada, { leaving, audience: 'false' });
    expect(decideOn('2026-03-01', left('2026-02-28'), { leaving }, outside.portals)).toMatchObject({ reason: 'left' });
  });

  it('end with a rehire', () => {
    const grace = decideOn('2026-03-01', left('2026-02-28'), { leaving }, atWork.portals);
    const back = withEmployment({ state: 'employed', hireDate: '2026-03-05', lastDay: null });
    const rehired = decideOn('2026-03-05', back, { leaving }, grace.portals);
    expect(rehired).toMatchObject({ access: 'granted', reason: 'in-audience', leaver: false });
    expect(rehired.lastDay).toBeUndefined();
  });

  it('begin when it was noticed, where nobody knows the last day, and stay so', () => {
    const first = decideOn('2026-03-02', left(null, '2026-03-01'), { leaving }, atWork.portals);
    expect(first).toMatchObject({ reason: 'grace', lastDay: '2026-03-15' });
    const again = decideOn('2026-03-10', left(null, '2026-03-09'), { leaving }, first.portals);
    expect(again).toMatchObject({ reason: 'grace', lastDay: '2026-03-15' });
  });

  it('hold through a time when the employment is unknown', () => {
    const grace = decideOn('2026-03-01', left('2026-02-28'), { leaving }, atWork.portals);
    const unknown = decideOn('2026-03-05', withEmployment({ state: 'unknown' }), { leaving }, grace.portals);
    expect(unknown).toMatchObject({ access: 'granted', reason: 'employment-unknown' });
    const known = decideOn('2026-03-15', left('2026-02-28'), { leaving }, unknown.portals);
    expect(known).toMatchObject({ access: 'withheld', reason: 'left' });
  });

  it('keep the account also where its address is gone', () => {
    const gone = { ...left('2026-02-28'), fields: { ...ada.fields, workEmail: null } };
    const grace = decideOn('2026-03-01', gone, { leaving }, atWork.portals);
    expect(grace).toMatchObject({ reason: 'grace', learner: { email: 'ada@acme.example' } });
  });
});

describe('the end of access', () => {
  const expire: LeavingSource = { action: 'expire', graceDays: 7, expireDays: 30, retainDays: 365 };

  it('lets the account expire, and says from when nobody needs it, counted from the last day of access', () => {
    const grace = decideOn('2026-03-01', left('2026-02-28'), { leaving: expire }, atWork.portals);
    const ended = decideOn('2026-03-08', left('2026-02-28'), { leaving: expire }, grace.portals);
    expect(ended).toMatchObject({
      access: 'withheld',
      leaving: 'expire',
      lastDay: '2026-03-07',
      expiresOn: '2026-04-06',
      retainUntil: '2027-03-07',
    });
    expect(decideOn('2026-09-01', left('2026-02-28'), { leaving: expire }, ended.portals).portals).toEqual(
      ended.portals,
    );
  });

  it('of a mover is the day before, whenever it is looked at again', () => {
    const mover = { audience: 'department == "Legal"', leaving: expire };
    const ended = decideOn('2026-03-02', ada, mover, atWork.portals);
    expect(ended).toMatchObject({ reason: 'not-in-audience', lastDay: '2026-03-01', expiresOn: '2026-03-31' });
    expect(decideOn('2026-04-01', ada, mover, ended.portals).portals).toEqual(ended.portals);
    const unknown = { ...ada, unconfirmed: ['department'] };
    expect(decideOn('2026-04-01', unknown, mover, ended.portals)).toMatchObject({ expiresOn: '2026-03-31' });
  });

  it('has no dates for whom had no access, or where leaving counts no days', () => {
    const never = decideOn('2026-03-02', ada, { audience: 'false', leaving: expire });
    expect(never).not.toHaveProperty('expiresOn');
    expect(decideOn('2026-03-02', left('2026-02-28'), { leaving: 'keep' }, atWork.portals).portals).toEqual([
      { portal: 'academy', access: 'withheld', reason: 'left', leaving: 'keep' },
    ]);
  });
});
