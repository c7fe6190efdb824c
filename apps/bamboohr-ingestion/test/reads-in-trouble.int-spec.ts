import { sqlOf } from '@portico/database';
import { employeeIn, employeesIn } from './fixtures.js';
import { startReading, type Reading } from './reading.js';
import { lookInto, type Look } from './look-into.js';

let it_: Reading;
let leavers: Look['leavers'];
let statusOf: Look['statusOf'];
let lastRead: Look['lastRead'];
let anyoneAtWork: Look['anyoneAtWork'];
let events: Look['events'];
beforeEach(async () => {
  it_ = await startReading();
  await it_.apply();
  await it_.work();
  ({ leavers, statusOf, lastRead, anyoneAtWork, events } = lookInto(it_));
});
afterEach(() => it_.close());

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

  test('what waits is shown before all that is done, whichever clock it was asked for by', async () => {
    for (let time = 0; time < 21; time += 1) await it_.read('changed');
    await sqlOf(it_.orm.em.fork())(`insert into read (tenant, id, kind, cause, state, requested_at)
      values ('acme', 'late', 'full', 'read', 'waiting', '2000-01-01')`);
    expect(await lastRead()).toMatchObject({ id: 'late', state: 'waiting' });
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
