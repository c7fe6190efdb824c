import { sqlOf } from '@portico/database';
import { employeeIn, employeesIn } from './fixtures.js';
import { startReading, type Reading } from './reading.js';
import { lookInto, type Look } from './look-into.js';

let it_: Reading;
let lastRead: Look['lastRead'];
let anyoneAtWork: Look['anyoneAtWork'];
let callsByName: Look['callsByName'];
let events: Look['events'];
beforeEach(async () => {
  it_ = await startReading();
  await it_.apply();
  await it_.work();
  ({ lastRead, anyoneAtWork, callsByName, events } = lookInto(it_));
});
afterEach(() => it_.close());

describe('a first full read', () => {
  test('knows everyone, with what policy uses and no more', async () => {
    const people = await it_.people();
    const employees = await employeesIn(it_.orm);
    expect(employees.map(({ id }) => id)).toEqual(people.map(({ id }) => id));
    for (const [index, { event, pool, revision }] of employees.entries()) {
      const { firstName, lastName, workEmail, department, status } = people[index]!;
      expect(pool).toBe('shared');
      expect(event.revision).toBe(revision);
      expect(event.fields).toEqual({ firstName, lastName, workEmail, department });
      expect(event.unconfirmed).toEqual([]);
      expect(event.employment.state === 'left').toBe(status === 'Inactive');
    }
  });

  test('gives every event the totals of the whole, and certifies them', async () => {
    const employees = await employeesIn(it_.orm);
    const joiners = employees.filter(({ event }) => event.change === 'joiner').length;
    const read = await lastRead();
    expect(read).toMatchObject({ kind: 'full', state: 'certified', totals: { joiners, movers: 0, leavers: 0 } });
    for (const { event } of employees) {
      const totals = { joiners, movers: 0, leavers: 0, people: employees.length };
      expect(event.cause).toEqual({ kind: 'read', id: read?.id, totals });
      expect(event).not.toHaveProperty('overtook');
    }
    expect(await events()).toMatchObject([
      { subject: 'portico.v1.operation.acme.read.certified', event: { details: { joiners, readId: read?.id } } },
    ]);
  });
});

test('each change says which reads it overtook, the newest four', async () => {
  const { id } = await anyoneAtWork();
  const causes = [(await employeeIn(it_.orm, id))?.event.cause];
  for (const lastName of ['One', 'Two', 'Three', 'Four', 'Five']) {
    expect((await employeeIn(it_.orm, id))?.event.overtook ?? []).toEqual(causes.slice(1, 5));
    await it_.control('POST', `/people/${id}/rename`, { lastName });
    await it_.read('changed');
    causes.unshift((await employeeIn(it_.orm, id))?.event.cause);
  }
  expect((await employeeIn(it_.orm, id))?.event.overtook).toEqual(causes.slice(1, 5));
  expect(new Set(causes.map((cause) => cause?.id)).size).toBe(6);
});

test('a read without changes writes no employee and reads nobody', async () => {
  await it_.work();
  const before = await employeesIn(it_.orm);
  await it_.read('changed');
  await it_.control('DELETE', '/calls');
  await it_.read('full');
  await it_.read('changed');
  expect(await employeesIn(it_.orm)).toEqual(before);
  expect(await callsByName()).toEqual({
    'GET /employees': 1,
    'POST /reports/custom': 1,
    'GET /meta/fields': 1,
    'GET /meta/lists': 1,
    'GET /employees/changed': 1,
  });
});

describe.each(['full', 'changed'] as const)('by a read of kind %s', (kind) => {
  test('a hire, a rename, a move and a termination arrive as such', async () => {
    const [renamed, moved, terminated] = (await employeesIn(it_.orm)).filter(
      ({ event }) => event.employment.state === 'employed',
    );
    const hired = await it_.control('POST', '/hire', { firstName: 'Nova', lastName: 'Quill' });
    await it_.control('POST', `/people/${renamed?.id}/rename`, { lastName: 'Renamed' });
    await it_.control('POST', `/people/${moved?.id}/move`, { department: 'Moonbase' });
    await it_.control('POST', `/people/${terminated?.id}/terminate`, {});
    const runId = await it_.read(kind);
    expect(await employeeIn(it_.orm, String(hired['id']))).toMatchObject({
      event: { change: 'joiner', fields: { firstName: 'Nova' }, employment: { state: 'employed' } },
    });
    expect(await employeeIn(it_.orm, renamed!.id)).toMatchObject({
      event: { change: 'mover', fields: { lastName: 'Renamed' } },
    });
    expect(await employeeIn(it_.orm, moved!.id)).toMatchObject({
      event: { change: 'mover', fields: { department: 'Moonbase' } },
    });
    expect(await employeeIn(it_.orm, terminated!.id)).toMatchObject({
      event: {
        change: 'leaver',
        employment: { state: 'left' },
        cause: { kind: 'hand', id: runId, totals: { joiners: 1, movers: 2, leavers: 1, people: 4 } },
      },
    });
  });

  test('a termination ahead ends the employment on the day after', async () => {
    const { id } = await anyoneAtWork();
    const today = String((await it_.control('GET', '/clock'))['today']);
    const lastDay = Temporal.PlainDate.from(today).add({ days: 2 }).toString();
    await it_.control('POST', `/people/${id}/terminate`, { date: lastDay });
    await it_.read(kind);
    expect(await employeeIn(it_.orm, id)).toMatchObject({ event: { employment: { state: 'employed', lastDay } } });
    await it_.control('POST', '/clock', { advance: 'P2D' });
    await it_.read(kind);
    expect(await employeeIn(it_.orm, id)).toMatchObject({ event: { employment: { state: 'employed', lastDay } } });
    await it_.control('POST', '/clock', { advance: 'P1D' });
    await it_.read(kind);
    expect(await employeeIn(it_.orm, id)).toMatchObject({
      event: { change: 'leaver', employment: { state: 'left', lastDay } },
    });
  });

  test('someone who comes back joins again', async () => {
    const { id } = await anyoneAtWork();
    await it_.control('POST', `/people/${id}/terminate`, {});
    await it_.read(kind);
    await it_.control('POST', '/clock', { advance: 'P3D' });
    await it_.control('POST', `/people/${id}/rehire`, {});
    await it_.read(kind);
    expect(await employeeIn(it_.orm, id)).toMatchObject({
      event: { change: 'joiner', employment: { state: 'employed' } },
    });
  });
});

test('history has each revision, with the day since which it holds', async () => {
  const { id, event } = await anyoneAtWork();
  await it_.control('POST', `/people/${id}/rename`, { lastName: 'Renamed' });
  await it_.read('changed');
  const rows = await sqlOf(it_.orm.em.fork())<{ valid_from: string; name: string }>(
    `select valid_from::text, event -> 'fields' ->> 'lastName' as name from employee_history
     where employee_id = $1 order by revision`,
    [id],
  );
  const today = String((await it_.control('GET', '/clock'))['today']);
  expect(rows).toEqual([
    { valid_from: event.employment.hireDate, name: event.fields['lastName'] },
    { valid_from: today, name: 'Renamed' },
  ]);
});
