import type { EmployeeChangedV1 } from '@portico/contracts';
import { sqlOf } from '@portico/database';
import { admin, startBench, type TestBench } from './database.js';
import { ada, portal, withPortals, written } from './examples.js';

let bench: TestBench;
beforeEach(async () => {
  bench = await startBench();
  await bench.realm.apply(admin, { document: written() });
  await bench.redecide();
});
afterEach(() => bench.close());

const arrive = (...employees: EmployeeChangedV1[]) =>
  bench.employees.decide(employees.map((employee) => ({ employee, traceparent: undefined })));
const academy = (audience: string) => withPortals({ ...portal('academy', audience), topLevel: true });
const inDepartment = (id: string, department: string) =>
  ada({ employeeId: id, fields: { ...ada().fields, department, location: 'Cork' } });
const accesses = async () =>
  Object.fromEntries(
    Object.entries(await bench.decisions()).map(([id, { event }]) => [id, event.portals.map(({ access }) => access)]),
  );
const employment = (state: 'expected' | 'employed', days: { hireDate?: string; lastDay?: string }) =>
  ada({ employment: { state, hireDate: null, lastDay: null, evidence: 'test', ...days } });

describe('a policy that changed', () => {
  it('is decided for everybody, and published where it makes a difference', async () => {
    await arrive(inDepartment('1', 'Sales'), inDepartment('2', 'Legal'));
    await bench.realm.apply(admin, { document: academy('department == "Sales"') });
    await bench.redecide();
    const first = await bench.decisions();
    await bench.realm.apply(admin, { document: academy('department == "Sales" && workEmail != ""') });
    await bench.redecide();
    const second = await bench.decisions();
    expect(await accesses()).toEqual({ '1': ['granted'], '2': ['withheld'] });
    expect(second).toEqual({
      '1': { ...first['1'], policyVersion: 3 },
      '2': { ...first['2'], policyVersion: 3 },
    });
  });

  it('has its totals known before its first decision, per portal and person', async () => {
    await arrive(inDepartment('1', 'Sales'), inDepartment('2', 'Legal'), inDepartment('3', 'Legal'));
    await bench.realm.apply(admin, {
      document: withPortals(
        { ...portal('academy', 'department == "Sales"'), topLevel: true, customData: { Department: 'department' } },
        portal('emea', 'department == "Legal"'),
        portal('apac', 'department == "Nobody"'),
      ),
    });
    await bench.redecide();
    const causes = Object.values(await bench.decisions()).map(({ event }) => event.cause);
    expect(new Set(causes.map((cause) => JSON.stringify(cause))).size).toBe(1);
    expect(causes[0]).toEqual({
      kind: 'policy',
      id: 'policy-2',
      totals: {
        joiners: 0,
        movers: 3,
        leavers: 0,
        portals: {
          academy: { granted: 0, changed: 0, withheld: 2 },
          emea: { granted: 2, changed: 0, withheld: 1 },
          apac: { granted: 0, changed: 0, withheld: 0 },
        },
      },
    });
  });

  it('goes on where it stopped', async () => {
    await arrive(...Array.from({ length: 2_500 }, (_, index) => inDepartment(String(10_000 + index), 'Sales')));
    await bench.realm.apply(admin, { document: academy('department == "Legal"') });
    for (let chunk = 0; chunk < 4; chunk += 1) await bench.people.runChunk(['shared']);
    expect(await bench.policy.status(admin)).toMatchObject({ undecided: 1_500 });
    expect(await bench.people.runChunk(['big'])).toBe(false);
    expect(await bench.redecide()).toBe(2);
    expect(await bench.policy.status(admin)).toMatchObject({ undecided: 0 });
  });

  it('is superseded by a newer one', async () => {
    await arrive(inDepartment('1', 'Sales'));
    await bench.realm.apply(admin, { document: academy('false') });
    await bench.people.runChunk(['shared']);
    await bench.realm.apply(admin, { document: academy('true') });
    await bench.redecide();
    expect(Object.values(await bench.decisions())).toMatchObject([
      { policyVersion: 3, event: { cause: { id: 'policy-3' }, portals: [{ access: 'granted' }] } },
    ]);
  });

  it('misses nobody who arrives meanwhile', async () => {
    const ids = Array.from({ length: 40 }, (_, index) => String(index));
    await Promise.all([
      ...ids.map((id) => arrive(inDepartment(id, 'Sales'))),
      bench.realm.apply(admin, { document: academy('false') }).then(() => bench.redecide()),
    ]);
    expect(await bench.policy.status(admin)).toMatchObject({ employees: 40, undecided: 0 });
    expect(new Set(Object.values(await accesses()).flat())).toEqual(new Set(['withheld']));
  });

  it('takes nothing away for something unknown', async () => {
    await arrive(inDepartment('1', 'Sales'));
    await arrive({ ...inDepartment('1', 'Sales'), revision: 2, unconfirmed: ['department'] });
    await bench.realm.apply(admin, { document: academy('department == "Legal"') });
    await bench.redecide();
    expect((await bench.decisions())['1']!.event.portals).toMatchObject([
      { access: 'granted', reason: 'audience-unknown', keptSince: '2026-03-02T12:00:00Z' },
    ]);
  });

  it('delays no other tenant where its own is broken', async () => {
    const sql = sqlOf(bench.orm.em.fork());
    await arrive(inDepartment('1', 'Sales'));
    await bench.realm.apply(admin, { document: academy('false') });
    const other = { ...admin, tenant: 'other' };
    await bench.realm.apply(other, { document: { ...academy('true'), tenant: 'other' } });
    await arrive({ ...inDepartment('1', 'Sales'), tenant: 'other' });
    await bench.realm.apply(other, { document: { ...academy('false'), tenant: 'other' } });
    await sql(
      `update realm set version = 9, document = jsonb_set(document, '{learnupon,portals,0,audience}', '"no rule"')
       where tenant = 'acme'`,
    );
    await expect(bench.people.runChunk(['shared'])).rejects.toThrow('the realm of acme must be applied again');
    await bench.people.runChunk(['shared']);
    await expect(bench.people.runChunk(['shared'])).rejects.toThrow('acme');
    await bench.people.runChunk(['shared']);
    expect((await bench.decisions('other'))['1']!.event.portals).toMatchObject([{ access: 'withheld' }]);
  });
});

describe('a day that comes', () => {
  it.each([
    ['the hire date', employment('expected', { hireDate: '2026-03-04' }), '2026-03-04', 'withheld', 'granted'],
    [
      'the day after the last day',
      employment('employed', { lastDay: '2026-03-04' }),
      '2026-03-05',
      'granted',
      'withheld',
    ],
    ['29 February', employment('employed', { lastDay: '2028-02-28' }), '2028-02-29', 'granted', 'withheld'],
  ])('%s decides again, and no day before', async (_name, employee, day, before, after) => {
    await arrive(employee);
    expect((await bench.decisions())['109']!.dueOn).toBe(day);
    bench.clock.set(`${Temporal.PlainDate.from(day).subtract({ days: 1 }).toString()}T23:30:00Z`);
    expect(await bench.redecide()).toBe(0);
    expect((await accesses())['109']?.[0]).toBe(before);
    bench.clock.set(`${day}T00:30:00Z`);
    await bench.redecide();
    const { dueOn, event } = (await bench.decisions())['109']!;
    expect({ dueOn, access: event.portals[0]?.access, today: event.today }).toEqual({
      dueOn: null,
      access: after,
      today: day,
    });
    expect(event.cause).toMatchObject({ kind: 'date', totals: { [after === 'granted' ? 'joiners' : 'leavers']: 1 } });
  });

  it.each([
    ['Pacific/Auckland', '2026-03-03T11:30:00Z'],
    ['America/Los_Angeles', '2026-03-04T08:30:00Z'],
  ])('comes in %s when it comes there', async (timeZone, moment) => {
    await bench.realm.apply(admin, { document: written({ timeZone }) });
    await bench.redecide();
    await arrive(employment('expected', { hireDate: '2026-03-04' }));
    bench.clock.set(Temporal.Instant.from(moment).subtract({ hours: 1 }));
    expect(await bench.redecide()).toBe(0);
    bench.clock.set(moment);
    expect(await bench.redecide()).toBeGreaterThan(0);
    expect((await accesses())['109']?.[0]).toBe('granted');
  });

  it('moves with the hire date', async () => {
    await arrive(employment('expected', { hireDate: '2026-03-04' }));
    await arrive({ ...employment('expected', { hireDate: '2026-03-09' }), revision: 2 });
    bench.clock.set('2026-03-05T09:00:00Z');
    expect(await bench.redecide()).toBe(0);
    expect((await bench.decisions())['109']!.dueOn).toBe('2026-03-09');
  });
});
