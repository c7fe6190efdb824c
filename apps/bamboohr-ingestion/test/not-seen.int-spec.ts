import { employeeIn, employeesIn } from './fixtures.js';
import { startReading, type Reading } from './reading.js';
import { lookInto, type Look } from './look-into.js';

let it_: Reading;
let leavers: Look['leavers'];
let lastRead: Look['lastRead'];
let anyoneAtWork: Look['anyoneAtWork'];
let countLookUps: Look['countLookUps'];
let events: Look['events'];
beforeEach(async () => {
  it_ = await startReading();
  await it_.apply();
  await it_.work();
  ({ leavers, lastRead, anyoneAtWork, countLookUps, events } = lookInto(it_));
});
afterEach(() => it_.close());

test('a deleted record is in doubt until the feed says so', async () => {
  const { id } = await anyoneAtWork();
  await it_.control('DELETE', `/people/${id}`);
  await it_.read('full');
  expect(await employeeIn(it_.orm, id)).toMatchObject({
    event: { change: 'other', employment: { state: 'unknown', evidence: 'missing-from-read' } },
  });
  await it_.read('changed');
  expect(await employeeIn(it_.orm, id)).toMatchObject({
    event: { change: 'leaver', employment: { state: 'left', evidence: 'deleted-and-404' } },
  });
  await it_.read('full');
  expect(await employeeIn(it_.orm, id)).toMatchObject({ event: { employment: { state: 'left' } } });
});

test('a change is read until it has settled, and then no more', async () => {
  const { id } = await anyoneAtWork();
  await it_.control('POST', `/people/${id}/rename`, { lastName: 'Renamed' });
  const lookUps: number[] = [];
  for (let poll = 0; poll < 4; poll += 1) {
    await it_.control('DELETE', '/calls');
    await it_.read('changed');
    lookUps.push(await countLookUps());
    await it_.control('POST', '/clock', { advance: 'PT6S' });
  }
  expect(lookUps).toEqual([1, 1, 0, 0]);
});

test('a person who is hidden when the day comes is looked at once a day', async () => {
  const { id } = await anyoneAtWork();
  const today = String((await it_.control('GET', '/clock'))['today']);
  const lastDay = Temporal.PlainDate.from(today).add({ days: 1 }).toString();
  await it_.control('POST', `/people/${id}/terminate`, { date: lastDay });
  await it_.read('changed');
  await it_.control('POST', '/profile', { hiddenEmployees: [id] });
  await it_.control('POST', '/clock', { advance: 'P2D' });
  const lookUps = async () => {
    await it_.control('DELETE', '/calls');
    await it_.read('changed');
    return countLookUps();
  };
  expect([await lookUps(), await lookUps()]).toEqual([1, 0]);
  await it_.control('POST', '/clock', { advance: 'P1D' });
  expect([await lookUps(), await lookUps()]).toEqual([1, 0]);
  expect(await leavers()).toEqual([]);
  await it_.control('POST', '/profile', { hiddenEmployees: [] });
  await it_.control('POST', '/clock', { advance: 'P1D' });
  expect(await lookUps()).toBe(1);
  expect(await leavers()).toEqual([id]);
});

describe('what is not seen is not gone', () => {
  test.each<[string, object, string]>([
    ['an empty report', { kind: 'empty-read', path: '/reports/custom' }, 'refused'],
    ['a short report', { kind: 'short-read', path: '/reports/custom', keep: 0.4 }, 'refused'],
    ['half of the feed', { kind: 'short-read', path: '/employees/changed', keep: 0.5 }, 'certified'],
  ])('%s', async (_, fault, state) => {
    await it_.control('POST', '/faults', { target: 'bamboohr', ...fault });
    await it_.read('full');
    expect(await lastRead()).toMatchObject({ state });
    await it_.read('changed');
    expect(await leavers()).toEqual([]);
    await it_.control('DELETE', '/faults');
    await it_.read('full');
    expect(await leavers()).toEqual([]);
    expect((await employeesIn(it_.orm)).filter(({ event }) => event.employment.state === 'unknown')).toEqual([]);
  });

  test('people hidden from the key', async () => {
    const hidden = (await employeesIn(it_.orm)).slice(0, 3).map(({ id }) => id);
    await it_.control('POST', '/profile', { hiddenEmployees: hidden });
    await it_.read('full');
    await it_.read('changed');
    expect(await leavers()).toEqual([]);
    expect(await employeeIn(it_.orm, hidden[0]!)).toMatchObject({
      event: { unconfirmed: expect.arrayContaining(['firstName']) },
    });
    await it_.control('POST', '/profile', { hiddenEmployees: [] });
    await it_.read('full');
    expect(await employeeIn(it_.orm, hidden[0]!)).toMatchObject({ event: { unconfirmed: [] } });
  });

  test.each(['status', 'employmentHistoryStatus', 'hireDate', 'terminationDate', 'department'])(
    'the field %s, hidden from the key',
    async (field) => {
      const before = await employeesIn(it_.orm);
      await it_.control('POST', '/profile', { hiddenFields: [field] });
      await it_.read('full');
      expect(await lastRead()).toMatchObject({ state: 'certified' });
      expect((await events()).at(-1)?.event.details).toMatchObject({ lostFields: field });
      const after = await employeesIn(it_.orm);
      expect(after.filter(({ event }) => event.change === 'leaver')).toEqual([]);
      expect(after.map(({ event }) => event.fields)).toEqual(before.map(({ event }) => event.fields));
    },
  );
});
