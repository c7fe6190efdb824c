import { sqlOf } from '@portico/database';
import { reportStatus } from '../src/report-status.js';
import { employeeIn, employeesIn } from './fixtures.js';
import { startReading, type Reading } from './reading.js';

let it_: Reading;
beforeEach(async () => {
  it_ = await startReading();
  await it_.apply();
  await it_.work();
});
afterEach(() => it_.close());

const leavers = async () =>
  (await employeesIn(it_.orm)).filter(({ event }) => event.change === 'leaver').map(({ id }) => id);
const statusOf = () => reportStatus(it_.orm, 'acme');
const lastRead = async () => (await statusOf()).reads[0];
const anyoneAtWork = async () =>
  (await employeesIn(it_.orm)).find(({ event }) => event.employment.state === 'employed')!;
const callsByName = async () => {
  const { bamboohr } = (await it_.control('GET', '/calls')) as unknown as {
    bamboohr: { byCall: Record<string, number> };
  };
  return bamboohr.byCall;
};
const countLookUps = async () => (await callsByName())['GET /employees/:id'] ?? 0;
const events = () =>
  sqlOf(it_.orm.em.fork())<{ subject: string; event: { message: string; details: Record<string, unknown> } }>(
    'select subject, event from outbox order by position',
  );

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

describe('trouble', () => {
  test('a missing secret is named once, and reading goes on when it is there', async () => {
    const { apiKey } = it_.secret;
    it_.secret.apiKey = undefined;
    await it_.read('full');
    await sqlOf(it_.orm.em.fork())('update tenant set not_before = now()');
    await it_.work();
    const found = (await events()).filter(({ subject }) => subject.endsWith('secret.missing'));
    expect(found).toHaveLength(1);
    expect(found[0]?.event.message).toContain('acme-bamboohr');
    expect(await lastRead()).toMatchObject({ state: 'waiting', reason: expect.stringContaining('mount a directory') });
    it_.secret.apiKey = apiKey;
    await sqlOf(it_.orm.em.fork())('update tenant set not_before = now()');
    await it_.work();
    expect(await lastRead()).toMatchObject({ state: 'certified' });
  });

  test('a wrong key is a finding, without the key in it', async () => {
    it_.secret.apiKey = 'f00dfeed';
    await it_.read('full');
    expect(await lastRead()).toMatchObject({ state: 'failed', reason: expect.stringContaining('check the API key') });
    expect(JSON.stringify([await events(), await statusOf()])).not.toContain('f00dfeed');
  });

  test('a limit of the rate is waited out as asked, and the read is not lost', async () => {
    await it_.control('POST', '/faults', {
      target: 'bamboohr',
      kind: 'throttle',
      count: 1,
      retryAfterSeconds: 30,
      path: '/employees/changed',
    });
    const runId = await it_.read('changed');
    expect(await lastRead()).toMatchObject({ id: runId, state: 'waiting' });
    const [{ pause } = { pause: 0 }] = await sqlOf(it_.orm.em.fork())<{ pause: number }>(
      'select extract(epoch from not_before - now())::float8 as pause from tenant',
    );
    expect(pause).toBeGreaterThan(25);
    await sqlOf(it_.orm.em.fork())('update tenant set not_before = now()');
    await it_.work();
    expect(await lastRead()).toMatchObject({ id: runId, state: 'certified' });
  });

  test('a save that fails loses nothing', async () => {
    const { id } = await anyoneAtWork();
    const before = await employeesIn(it_.orm);
    const sql = sqlOf(it_.orm.em.fork());
    await it_.control('POST', `/people/${id}/terminate`, {});
    await sql('alter table employee_history add constraint broken check (recorded_at is null) not valid');
    await it_.read('changed');
    expect(await employeesIn(it_.orm)).toEqual(before);
    expect(await lastRead()).toMatchObject({ state: 'waiting' });
    await sql('alter table employee_history drop constraint broken');
    await sql('update tenant set not_before = now()');
    await it_.work();
    expect(await leavers()).toEqual([id]);
  });

  test('a worker that died holds nobody up, and what it still writes is thrown away', async () => {
    const sql = sqlOf(it_.orm.em.fork());
    const { id } = await anyoneAtWork();
    await it_.control('POST', `/people/${id}/terminate`, {});
    let takeOver: () => Promise<void> = () => Promise.resolve();
    it_.hooks.connect = (access) => {
      const client = it_.clientFor(access);
      return {
        ...client,
        readAll: async (request) => {
          const read = await client.readAll(request);
          await takeOver();
          return read;
        },
      };
    };
    takeOver = async () => {
      takeOver = () => Promise.resolve();
      await sql(`update tenant set leased_until = now() - interval '1 second'`);
      expect(await it_.scheduler().runOne()).toBe(true);
      expect(await leavers()).toEqual([id]);
      await it_.control('POST', `/people/${id}/rehire`, {});
      await it_.read('changed');
    };
    await it_.read('full');
    expect(await leavers()).toEqual([]);
    expect(await employeeIn(it_.orm, id)).toMatchObject({ event: { employment: { state: 'employed' } } });
  });
});

describe('the schedule', () => {
  test('reads what is due, and nothing twice', async () => {
    expect(await it_.work()).toBe(0);
    await it_.control('POST', '/clock', { advance: 'PT61S' });
    expect(await it_.work()).toBe(1);
    await it_.control('POST', '/clock', { advance: 'P1D' });
    expect(await it_.work()).toBe(1);
    expect(await lastRead()).toMatchObject({ kind: 'full' });
  });

  test('one worker has a tenant at a time, of the pools that it serves', async () => {
    await it_.request.request('acme', 'full');
    expect(await it_.scheduler(['other']).runOne()).toBe(false);
    const both = await Promise.all([it_.scheduler().runOne(), it_.scheduler().runOne()]);
    expect(both.filter(Boolean)).toHaveLength(1);
  });

  test('asking twice before it begins is asking once', async () => {
    const one = await it_.request.request('acme', 'full');
    expect(await it_.request.request('acme', 'full')).toEqual(one);
    expect(await it_.request.request('acme', 'changed')).not.toEqual(one);
    await expect(it_.request.request('nobody', 'full')).rejects.toMatchObject({ code: 'not-found' });
  });

  test('a tenant that is switched off is not read', async () => {
    await it_.request.request('acme', 'full');
    await it_.apply({ active: false, revision: 2 });
    expect(await it_.work()).toBe(0);
    expect((await statusOf()).reads).toContainEqual(expect.objectContaining({ state: 'failed' }));
    await expect(it_.request.request('acme', 'full')).rejects.toMatchObject({ code: 'conflict' });
  });
});

test('a move between pools gives every row a new revision under the new pool', async () => {
  const before = await employeesIn(it_.orm);
  await it_.apply({ pool: 'big', revision: 2 });
  for (const [index, { pool, revision, event }] of (await employeesIn(it_.orm)).entries()) {
    expect(pool).toBe('big');
    expect(revision).toBeGreaterThan(before[index]!.revision);
    expect(event.revision).toBe(revision);
  }
});

test('a field that policy begins to use is read at once, for everyone', async () => {
  await it_.apply({ revision: 2 }, { fields: ['firstName', 'jobTitle'] });
  await it_.work();
  const [first] = await it_.people();
  expect((await employeesIn(it_.orm))[0]?.event.fields).toEqual({
    firstName: first?.['firstName'],
    jobTitle: first?.['jobTitle'],
  });
});

test('a source that changes during a read is read again', async () => {
  it_.hooks.connect = (access) => {
    it_.hooks.connect = it_.clientFor;
    const client = it_.clientFor(access);
    return {
      ...client,
      readAll: async (request) => {
        const read = await client.readAll(request);
        await it_.apply({ revision: 2 }, { fields: ['firstName', 'jobTitle'] });
        return read;
      },
    };
  };
  await it_.read('full');
  expect(await it_.work()).toBe(1);
  expect((await employeesIn(it_.orm))[0]?.event.fields).toHaveProperty('jobTitle');
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
