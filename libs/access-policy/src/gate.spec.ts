import * as fc from 'fast-check';
import type { PortalDecision } from './decide-access.js';
import { carryHolds, closesGate, DEFAULT_GATE, holdBack } from './gate.js';

const of = (access: PortalDecision['access'], more: Partial<PortalDecision> = {}): PortalDecision => ({
  portal: 'emea',
  access,
  reason: access === 'granted' ? 'in-audience' : 'left',
  leaving: 'disable',
  ...more,
});
const hold = { kind: 'read', id: 'read-1', people: 30, of: 40 };

describe('closesGate', () => {
  it.each([
    [20, 20, false],
    [21, 21, true],
    [21, 210, false],
    [22, 219, true],
    [5_000, 50_000, false],
    [5_001, 50_000, true],
  ])('unless told, %d of %d: %s', (taken, had, isClosed) => {
    expect(closesGate(DEFAULT_GATE, taken, had)).toBe(isClosed);
  });

  it('is open to nobody, and to everybody where 100 percent may go; a wider gate is never closed where a narrow one is open', () => {
    const gates = fc.record({ people: fc.nat(100), percent: fc.double({ min: 0, max: 100, noNaN: true }) });
    fc.assert(
      fc.property(gates, fc.nat(1_000), fc.nat(1_000), fc.nat(100), (gate, one, other, wider) => {
        const [taken, had] = [Math.min(one, other), Math.max(one, other)];
        expect(closesGate(gate, 0, had)).toBe(false);
        expect(closesGate({ ...gate, percent: 100 }, taken, had)).toBe(false);
        if (!closesGate(gate, taken, had)) {
          expect(closesGate({ ...gate, people: gate.people + wider }, taken, had)).toBe(false);
        }
      }),
    );
  });
});

describe('holdBack', () => {
  const holdOf = () => hold;

  it('holds what the cause takes away', () => {
    expect(holdBack([of('granted')], [of('withheld')], holdOf)).toEqual([of('withheld', { hold })]);
  });

  it.each<[string, PortalDecision[], PortalDecision]>([
    ['who keeps access', [of('granted')], of('granted')],
    ['who had none', [of('withheld')], of('withheld')],
    ['who is new', [], of('withheld')],
    ['an end of access that somebody confirmed', [of('granted')], of('withheld', { reason: 'access-ended' })],
  ])('does not hold %s', (_, before, after) => {
    expect(holdBack(before, [after], holdOf)).toEqual([after]);
  });

  it('holds nothing where the gate is open', () => {
    expect(holdBack([of('granted')], [of('withheld')], () => undefined)).toEqual([of('withheld')]);
  });
});

describe('carryHolds', () => {
  it('keeps a hold for as long as access is withheld', () => {
    const held = [of('withheld', { hold })];
    expect(carryHolds(held, [of('withheld', { reason: 'not-in-audience' })])).toEqual([
      of('withheld', { reason: 'not-in-audience', hold }),
    ]);
    expect(carryHolds(held, [of('undecided')])).toEqual([of('undecided')]);
    expect(carryHolds(held, [of('granted')])).toEqual([of('granted')]);
  });

  it('gives nobody else’s portal a hold', () => {
    const after = [of('withheld', { portal: 'apac' })];
    expect(carryHolds([of('withheld', { hold })], after)).toEqual(after);
  });
});
