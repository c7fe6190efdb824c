import fc from 'fast-check';
import { ada, compiled, portal, time } from '../test/examples.js';
import { decideOn, withEmployment, withFields } from '../test/deciding.js';
import { decideAccess } from './decide-access.js';
import { rampSeed, rampShare } from './ramp.js';

const reason = 'asked by Mo';
const granted = decideOn('2026-03-02', ada, {}).portals;

describe('a person excluded by hand', () => {
  const exclude = [{ employee: '109', reason, until: '2026-03-31' }];

  it('is withheld until the last day, and decided again on the next', () => {
    expect(decideOn('2026-03-31', ada, { exclude }, granted)).toMatchObject({
      access: 'withheld',
      reason: 'excluded',
      dueOn: '2026-04-01',
    });
    expect(decideOn('2026-04-01', ada, { exclude })).toMatchObject({ access: 'granted', dueOn: null });
  });

  it('is the only one', () => {
    expect(decideOn('2026-03-02', { ...ada, employeeId: '110' }, { exclude })).toMatchObject({ access: 'granted' });
  });
});

describe('a person included by hand', () => {
  const include = [{ employee: '109', reason, until: '2026-03-31' }];

  it('belongs, whatever the audience, the status, the start and the ramp say', () => {
    const rules = { include, audience: 'false', eligible: ['None'], start: 'hire-date', ramp: 0 } as const;
    expect(decideOn('2026-03-02', ada, rules)).toMatchObject({ access: 'granted', reason: 'included' });
    const expected = withEmployment({ state: 'expected', hireDate: '2026-09-01' });
    expect(decideOn('2026-03-02', expected, rules)).toMatchObject({ access: 'granted', dueOn: '2026-04-01' });
    expect(decideOn('2026-04-01', ada, { ...rules, ramp: 100 })).toMatchObject({ access: 'withheld' });
  });

  it('leaves like everybody else, and nothing is given while the employment is unknown', () => {
    expect(decideOn('2026-03-02', withEmployment({ state: 'left' }), { include })).toMatchObject({ reason: 'left' });
    const unknown = decideOn('2026-03-02', withEmployment({ state: 'unknown' }), { include });
    expect(unknown).toMatchObject({ access: 'undecided', reason: 'employment-unknown' });
  });
});

describe('an ended portal', () => {
  it('takes access from everybody, and only where it says so', () => {
    expect(decideOn('2026-03-02', ada, { ended: true }, granted)).toMatchObject({
      access: 'withheld',
      reason: 'access-ended',
    });
    const policy = compiled({
      defaults: { ended: true },
      portals: [portal(), portal({ portal: 'emea', ended: false })],
    });
    const { portals } = decideAccess(ada, policy, granted, time);
    expect(portals.map(({ access }) => access)).toEqual(['withheld', 'granted']);
  });
});

describe('an eligible status', () => {
  const eligible = ['Full-Time', 'Part-Time'];
  const decide = (status: string | null, facts = ada) =>
    decideOn('2026-03-02', withFields({ employmentHistoryStatus: status }, facts), { eligible }, granted);

  it.each([
    ['Full-Time', 'granted', 'in-audience'],
    [' Part-Time ', 'granted', 'in-audience'],
    ['Intern', 'withheld', 'not-eligible'],
    [null, 'withheld', 'not-eligible'],
  ])('%s', (status, access, why) => {
    expect(decide(status)).toMatchObject({ access, reason: why });
  });

  it('that is unknown keeps what was', () => {
    const hidden = { ...withFields({ employmentHistoryStatus: 'Intern' }), unconfirmed: ['employmentHistoryStatus'] };
    expect(decideOn('2026-03-02', hidden, { eligible }, granted)).toMatchObject({
      access: 'granted',
      reason: 'employment-unknown',
      keptSince: time.now,
    });
    expect(decideOn('2026-03-02', ada, { eligible })).toMatchObject({ access: 'undecided' });
  });

  it('counts from the first day: before it BambooHR shows none', () => {
    const expected = withEmployment({ state: 'expected', hireDate: '2026-03-05' });
    const facts = withFields({ employmentHistoryStatus: null }, expected);
    expect(decideOn('2026-03-02', facts, { eligible, start: 'at-once' })).toMatchObject({ access: 'granted' });
  });
});

describe('a ramp', () => {
  const ids = Array.from({ length: 10_000 }, (_, index) => String(index));
  const inShare = (ramp: number, prefix = 'academy') =>
    ids.filter((id) => rampShare(rampSeed('acme', prefix), id) < ramp);

  it('takes about the share that it says, another one in each portal', () => {
    expect(Math.abs(inShare(10).length - 1_000)).toBeLessThan(150);
    expect(Math.abs(inShare(50).length - 5_000)).toBeLessThan(250);
    const emea = new Set(inShare(10, 'emea'));
    expect(inShare(10).filter((id) => emea.has(id)).length).toBeLessThan(200);
  });

  it('only adds people when it grows, and never changes its mind', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 100, noNaN: true }),
        fc.double({ min: 0, max: 100, noNaN: true }),
        fc.string(),
        (one, other, id) => {
          const [less, more] = one < other ? [one, other] : [other, one];
          const share = rampShare(rampSeed('acme', 'academy'), id);
          expect(share < less && !(share < more)).toBe(false);
          expect(rampShare(rampSeed('acme', 'academy'), id)).toBe(share);
        },
      ),
    );
  });

  it('does nothing for those outside, and takes nothing from those who had access', () => {
    expect(decideOn('2026-03-02', ada, { ramp: 0 })).toMatchObject({ access: 'undecided', reason: 'not-in-ramp' });
    expect(decideOn('2026-03-02', withEmployment({ state: 'left' }), { ramp: 0 })).toMatchObject({
      access: 'undecided',
      reason: 'not-in-ramp',
    });
    expect(decideOn('2026-03-02', ada, { ramp: 0 }, granted)).toMatchObject({ access: 'granted' });
    const gone = decideOn('2026-03-02', withEmployment({ state: 'left' }), { ramp: 0 }, granted);
    expect(gone).toMatchObject({ access: 'withheld', reason: 'left' });
    expect(decideOn('2026-03-02', ada, { ramp: 0 }, gone.portals)).toMatchObject({ access: 'undecided' });
  });

  it('takes nothing from those whose access is held either, and lets them leave', () => {
    const hold = { kind: 'read', id: 'read-1', people: 30, of: 40 };
    const gone = decideOn('2026-03-02', withEmployment({ state: 'left' }), { ramp: 0 }, granted);
    const held = gone.portals.map((portal) => ({ ...portal, hold }));
    const back = decideOn('2026-03-02', ada, { ramp: 0 }, held);
    expect(back).toMatchObject({ access: 'granted', reason: 'in-audience' });
    expect(decideOn('2026-03-02', withEmployment({ state: 'left' }), { ramp: 0 }, back.portals)).toMatchObject({
      access: 'withheld',
      reason: 'left',
    });
  });
});
