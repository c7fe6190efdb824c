import type { EmployeeChangedV1 } from '@portico/contracts';
import { admin, startBench, type TestBench } from './database.js';
import { ada, portal, withPortals } from './examples.js';

let bench: TestBench;
beforeEach(async () => (bench = await startBench()));
afterEach(() => bench.close());

const academy = (rules: Record<string, unknown>, realm: Record<string, unknown> = {}) => {
  const document = withPortals({ ...portal('academy', 'true'), topLevel: true, ...rules });
  return { ...document, ...realm };
};
const apply = async (document: Record<string, unknown>) => {
  await bench.realm.apply(admin, { document });
  await bench.redecide();
};
const arrive = (...employees: EmployeeChangedV1[]) =>
  bench.employees.decide(employees.map((employee) => ({ employee, traceparent: undefined })));
const cellOf = async (id = '109') => {
  const { dueOn, event } = (await bench.decisions())[id]!;
  return { dueOn, ...event.portals[0]!, cause: event.cause };
};
const work = (
  state: EmployeeChangedV1['employment']['state'],
  days: Partial<EmployeeChangedV1['employment']> = {},
) => ({
  state,
  hireDate: '2024-01-08',
  lastDay: null,
  evidence: 'test',
  ...days,
});
const changed = (revision: number, part: Partial<EmployeeChangedV1>) =>
  ada({ revision, recordedAt: bench.clock.now().toString(), ...part });

describe('a person is decided again when the day comes, and on no day before', () => {
  it.each<[string, Record<string, unknown>, Partial<EmployeeChangedV1>, string, [string, string], [string, string]]>([
    [
      'days before the hire date',
      { start: { from: 'hire-date', days: -7 } },
      { employment: work('expected', { hireDate: '2026-03-20' }) },
      '2026-03-13',
      ['withheld', 'not-started'],
      ['granted', 'in-audience'],
    ],
    [
      'days after the record was seen',
      { start: { from: 'date-added', days: 5 } },
      { addedAt: '2026-03-02T08:00:00Z', employment: work('expected', { hireDate: '2026-09-01' }) },
      '2026-03-07',
      ['withheld', 'not-started'],
      ['granted', 'in-audience'],
    ],
    [
      'the end of an exclusion',
      { exclude: [{ employee: 109, reason: 'on leave', until: '2026-03-09' }] },
      {},
      '2026-03-10',
      ['withheld', 'excluded'],
      ['granted', 'in-audience'],
    ],
    [
      'the end of an inclusion',
      { audience: 'false', include: [{ employee: '109', reason: 'auditor', until: '2026-03-09' }] },
      {},
      '2026-03-10',
      ['granted', 'included'],
      ['withheld', 'not-in-audience'],
    ],
    [
      'a rule that asks for the day',
      { audience: 'days("2026-03-01", today) >= 2' },
      {},
      '2026-03-03',
      ['withheld', 'not-in-audience'],
      ['granted', 'in-audience'],
    ],
  ])('%s', async (_name, rules, employee, day, before, after) => {
    await apply(academy(rules));
    await arrive(changed(1, employee));
    expect(await cellOf()).toMatchObject({ dueOn: day, access: before[0], reason: before[1] });
    bench.clock.set(`${Temporal.PlainDate.from(day).subtract({ days: 1 }).toString()}T23:30:00Z`);
    expect(await bench.redecide()).toBe(0);
    bench.clock.set(`${day}T00:30:00Z`);
    await bench.redecide();
    const decided = await cellOf();
    expect(decided).toMatchObject({ access: after[0], reason: after[1], cause: { kind: 'date' } });
    expect(decided.cause.totals.portals).toEqual({
      academy: {
        granted: after[0] === 'granted' ? 1 : 0,
        changed: 0,
        withheld: after[0] === 'withheld' ? 1 : 0,
      },
    });
  });

  it('the end of grace: access goes on, and ends by itself', async () => {
    await apply(academy({ leaving: { action: 'expire', graceDays: 14, expireDays: 30 } }));
    await arrive(ada());
    bench.clock.set('2026-03-11T09:00:00Z');
    await arrive(changed(2, { employment: work('left', { lastDay: '2026-03-10' }) }));
    expect(await cellOf()).toMatchObject({
      access: 'granted',
      reason: 'grace',
      lastDay: '2026-03-24',
      dueOn: '2026-03-25',
    });
    bench.clock.set('2026-03-25T00:30:00Z');
    await bench.redecide();
    expect(await cellOf()).toMatchObject({ access: 'withheld', reason: 'left', expiresOn: '2026-04-23', dueOn: null });
  });

  it.each([
    ['ahead of UTC', 'Pacific/Auckland', '2026-03-12T11:30:00Z'],
    ['behind UTC', 'America/Los_Angeles', '2026-03-13T07:30:00Z'],
  ])('in a time zone %s', async (_name, timeZone, moment) => {
    await apply(academy({ start: { from: 'hire-date', days: -7 } }, { timeZone }));
    await arrive(ada({ employment: work('expected', { hireDate: '2026-03-20' }) }));
    bench.clock.set(Temporal.Instant.from(moment).subtract({ hours: 1 }));
    expect(await bench.redecide()).toBe(0);
    bench.clock.set(moment);
    await bench.redecide();
    expect(await cellOf()).toMatchObject({ access: 'granted' });
  });

  it('a hire date that is moved while waiting takes the day along', async () => {
    await apply(academy({ start: { from: 'hire-date', days: -7 } }));
    await arrive(ada({ employment: work('expected', { hireDate: '2026-03-20' }) }));
    await arrive(changed(2, { employment: work('expected', { hireDate: '2026-04-20' }) }));
    bench.clock.set('2026-03-14T09:00:00Z');
    expect(await bench.redecide()).toBe(0);
    expect(await cellOf()).toMatchObject({ access: 'withheld', dueOn: '2026-04-13' });
  });
});

describe('the switches of a portal', () => {
  it('a ramp begins with some, and only adds when it grows', async () => {
    const people = Array.from({ length: 60 }, (_, index) => ada({ employeeId: String(index) }));
    await apply(academy({ ramp: 0 }));
    await arrive(...people);
    const granted = async () => {
      const decisions = Object.entries(await bench.decisions());
      return decisions.filter(([, { event }]) => event.portals[0]?.access === 'granted').map(([id]) => id);
    };
    expect(await granted()).toEqual([]);
    expect(await cellOf('7')).toMatchObject({ access: 'undecided', reason: 'not-in-ramp' });
    await apply(academy({ ramp: 30 }));
    const first = await granted();
    expect(first.length).toBeGreaterThan(5);
    await apply(academy({ ramp: 60 }));
    const second = await granted();
    expect(second).toEqual(expect.arrayContaining(first));
    await apply(academy({ ramp: 1 }));
    expect(await granted()).toEqual(second);
    await apply(academy({}));
    expect((await granted()).length).toBe(people.length);
  });

  it('to end it takes access from everybody with its totals; to take it out touches nobody', async () => {
    await apply(academy({}));
    await arrive(ada(), ada({ employeeId: '110' }));
    await bench.realm.apply(admin, { document: academy({ ended: true }) }, { origin: 'access-ended:academy' });
    await bench.redecide();
    expect(await cellOf()).toMatchObject({
      access: 'withheld',
      reason: 'access-ended',
      cause: { kind: 'policy', totals: { portals: { academy: { granted: 0, changed: 0, withheld: 2 } } } },
    });
    await apply(withPortals({ ...portal('other', 'false'), topLevel: true }));
    expect((await bench.decisions())['109']?.event.portals.map(({ portal: name }) => name)).toEqual(['other']);
  });
});
