import type { Caller } from '@portico/contracts';
import { QuestionError, type Sql } from '@portico/messaging';
import { eventually } from '@portico/testing';
import { holdRealms } from '../src/persistence/realms.js';
import { inTransaction, sqlOf } from '@portico/database';
import { admin, startBench, type TestBench } from './database.js';
import { ada, portal, withPortals, written } from './examples.js';

let bench: TestBench;
beforeEach(async () => (bench = await startBench()));
afterEach(() => bench.close());

const apply = (document: unknown = written(), expectedVersion?: number, caller: Caller = admin) =>
  bench.realm.apply(caller, { document, ...(expectedVersion === undefined ? {} : { expectedVersion }) });
const changed = written({ timeZone: 'UTC' });
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof QuestionError ? error.code : String(error)),
  );
const realmRow = async () => {
  const [row] = await sqlOf(bench.orm.em.fork())<{ event: { revision: number }; revision: number }>(
    `select event, revision::float8 as revision from realm where tenant = 'acme'`,
  );
  return row;
};

/** Begins the work while another transaction holds a lock, which ends once so many wait for it. */
const whileLocked = async <T>(
  lock: string | ((sql: Sql) => Promise<unknown>),
  waiting: number,
  work: () => Promise<T>,
): Promise<T> => {
  const locked = Promise.withResolvers<undefined>();
  const release = Promise.withResolvers<undefined>();
  const holding = inTransaction(bench.orm, async (sql) => {
    await (typeof lock === 'string' ? sql(lock) : lock(sql));
    locked.resolve(undefined);
    await release.promise;
  });
  await locked.promise;
  const working = work();
  try {
    await eventually('the others to wait for the lock', async () => {
      const [row] = await sqlOf(bench.orm.em.fork())<{ count: number }>(
        `select count(*)::int as count from pg_stat_activity
         where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return row?.count === waiting;
    });
  } finally {
    release.resolve(undefined);
    await holding;
  }
  return working;
};

describe('apply', () => {
  it('stores a version, and tells the others what they need and nothing else', async () => {
    expect(await apply()).toMatchObject({ tenant: 'acme', storedVersion: 0, version: 1, applied: true });
    const row = await realmRow();
    expect(row?.event).toEqual({
      tenant: 'acme',
      revision: row?.revision,
      changedAt: '2026-03-02T12:00:00Z',
      policyVersion: 1,
      active: true,
      pool: 'shared',
      timeZone: 'Europe/Dublin',
      source: {
        company: 'acme',
        secretRef: 'acme-bamboohr',
        pollSeconds: 60,
        fullReadSeconds: 86_400,
        fields: ['department', 'division', 'firstName', 'lastName', 'location', 'workEmail'],
      },
      allowUserCreationIfUserAlreadyExists: false,
      portals: ['academy', 'emea', 'legal'].map((name) => ({
        portal: name,
        title: name,
        topLevel: name === 'academy',
        baseUrl: `https://${name}.learnupon.com`,
        secretRef: `acme-${name}`,
        identifier: 'email',
        mode: 'on',
      })),
    });
  });

  it('writes nothing the second time', async () => {
    await apply();
    const before = await realmRow();
    expect(await apply()).toMatchObject({ changes: [], version: 1, applied: false });
    expect(await realmRow()).toEqual(before);
  });

  it('keeps every version', async () => {
    await apply();
    await apply(changed);
    const versions = await sqlOf(bench.orm.em.fork())(
      `select version, document->>'timeZone' as zone, applied_by as by from realm_version order by version`,
    );
    expect(versions).toEqual([
      { version: 1, zone: 'Europe/Dublin', by: 'Mo' },
      { version: 2, zone: 'UTC', by: 'Mo' },
    ]);
    expect(await bench.realm.get(admin)).toMatchObject({ version: 2, document: { timeZone: 'UTC' } });
  });

  it('changes nothing when it only plans', async () => {
    expect(await bench.realm.plan({ ...admin, role: 'viewer' }, { document: written() })).toMatchObject({
      storedVersion: 0,
    });
    expect(await codeOf(bench.realm.get(admin))).toBe('not-found');
  });

  it('warns where two people would get one username, whatever its case, and where nobody would get one', async () => {
    await apply();
    const numbered = (employeeId: string, employeeNumber: string) =>
      ada({ employeeId, fields: { ...ada().fields, employeeNumber } });
    const people = [numbered('1', 'ab17'), numbered('2', 'AB17'), numbered('3', 'ab18')];
    await bench.employees.decide(people.map((employee) => ({ employee, traceparent: undefined })));
    const rules = { topLevel: true, identifier: 'username', username: 'acme-{employeeNumber}' };
    const document = withPortals({ ...portal('academy', 'true'), ...rules });
    expect((await bench.realm.plan(admin, { document })).warnings).toContain(
      'academy: a username would belong to more than one person, and only one of them gets it: "acme-ab17" of employees 1, 2',
    );
    const other = withPortals({ ...portal('academy', 'employeeNumber != "AB17"'), ...rules });
    expect((await bench.realm.plan(admin, { document: other })).warnings.join()).not.toContain('username');
    const short = withPortals({ ...portal('academy', 'true'), ...rules, username: 'x{last(employeeNumber, 1)}' });
    expect((await bench.realm.plan(admin, { document: short })).warnings).toContain(
      'academy: 3 people have no valid username or address, and get no account that is not there: employees 1, 2, 3',
    );
  });

  it('refuses what the account has no field for, with the place and the nearest', async () => {
    const document = withPortals({ ...portal('academy', 'departmnt == "Sales"'), topLevel: true });
    const knownFields = ['firstName', 'lastName', 'workEmail', 'department'].map((name) => ({ name }));
    await expect(bench.realm.apply(admin, { document, knownFields })).rejects.toMatchObject({
      code: 'invalid',
      faults: [
        {
          path: 'learnupon.portals.academy.audience',
          message: 'no field "departmnt" (at character 1); did you mean "department"?',
          position: { line: 1, column: 1 },
        },
      ],
    });
  });

  it('says all faults also where the tenant is another, or none', async () => {
    const faultsFor = (tenant: unknown) =>
      apply({ ...written(), tenant, pool: 'huge' }).catch(({ faults }: QuestionError) => faults);
    expect(await faultsFor('acem')).toEqual([
      { path: 'tenant', message: 'is not acme, the tenant that you act for' },
      expect.objectContaining({ path: 'pool' }),
    ]);
    expect(await faultsFor('Acme Ltd')).toEqual([
      { path: 'tenant', message: 'must match [a-z0-9-]{1,40}' },
      expect.objectContaining({ path: 'pool' }),
    ]);
  });

  it('applies nothing of a document with faults', async () => {
    const refused = apply({ ...written(), pool: 'huge' });
    await expect(refused).rejects.toMatchObject({ code: 'invalid', faults: [{ path: 'pool' }] });
    expect(await realmRow()).toBeUndefined();
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['a viewer', () => apply(written(), undefined, { ...admin, role: 'viewer' }), 'forbidden'],
    ['another tenant', () => apply(written(), undefined, { ...admin, tenant: 'other' }), 'invalid'],
    ['an old file', () => apply(written(), 7), 'conflict'],
    [
      'an old file that is only planned',
      () => bench.realm.plan(admin, { document: written(), expectedVersion: 7 }),
      'conflict',
    ],
  ])('refuses %s', async (_name, attempt, code) => {
    expect(await codeOf(attempt())).toBe(code);
    expect(await realmRow()).toBeUndefined();
  });

  it('refuses an old file also where it changes nothing', async () => {
    await apply();
    await apply(changed);
    await apply();
    expect(await codeOf(apply(written(), 1))).toBe('conflict');
    expect(await codeOf(bench.realm.plan(admin, { document: written(), expectedVersion: 1 }))).toBe('conflict');
    expect(await apply(written(), 3)).toMatchObject({ applied: false, version: 3 });
  });

  it('lets one of two edits of the same version through', async () => {
    await apply();
    const ends = await whileLocked(`select from realm for update`, 2, () =>
      Promise.all([codeOf(apply(changed, 1)), codeOf(apply(written({ pool: 'big' }), 1))]),
    );
    expect(ends.sort()).toEqual(['conflict', 'done']);
    expect(await bench.realm.get(admin)).toMatchObject({ version: 2 });
  });

  it('waits for what is being decided on the version before', async () => {
    await apply();
    const deciding = (sql: Sql) => holdRealms(sql, ['acme']);
    expect(await whileLocked(deciding, 1, () => apply(changed))).toMatchObject({ version: 2 });
  });

  it('makes one realm of two first applies at once', async () => {
    const answers = await Promise.all([apply(), apply()]);
    expect(answers.map(({ applied }) => applied).sort()).toEqual([false, true]);
    expect(await bench.realm.get(admin)).toMatchObject({ version: 1 });
  });

  it('moves decisions to another pool, to be published there', async () => {
    await apply();
    await bench.employees.decide([{ employee: ada(), traceparent: undefined }]);
    await sqlOf(bench.orm.em.fork())('update access set published_revision = revision, published_sequence = 5');
    const before = (await bench.decisions())['109'];
    await apply(written({ pool: 'big' }));
    expect((await bench.decisions())['109']).toEqual({ ...before, pool: 'big' });
    expect(await bench.policy.status(admin)).toMatchObject({ unpublished: 2 });
  });
});

describe('status', () => {
  it('counts what is decided, and what is not decided yet', async () => {
    expect(await codeOf(bench.policy.status(admin))).toBe('not-found');
    await apply();
    await bench.redecide();
    await bench.employees.decide([{ employee: ada(), traceparent: undefined }]);
    const { revision } = (await bench.decisions())['109']!;
    const settled = {
      employees: 1,
      maxEmployeeRevision: 1,
      employeeRevisionSum: '1',
      decisions: 1,
      maxAccessRevision: revision,
      accessRevisionSum: String(revision),
      unpublished: 2,
      undecided: 0,
      policyVersion: 1,
      realmRevision: expect.any(Number),
      gathering: [],
    };
    const before = await bench.policy.status(admin);
    expect(before).toEqual(settled);
    await apply(withPortals({ ...portal('academy', 'true'), topLevel: true }));
    const after = await bench.policy.status(admin);
    expect(after).toEqual({ ...settled, undecided: 1, policyVersion: 2 });
    expect(after.realmRevision).toBeGreaterThan(before.realmRevision ?? Infinity);
  });
});

describe('names', () => {
  it('names the people of the caller', async () => {
    await apply();
    await bench.employees.decide([{ employee: ada(), traceparent: undefined }]);
    expect(await bench.policy.names(admin, { employeeIds: ['109', '110'] })).toEqual({ '109': 'Ada Moss' });
    expect(await bench.policy.names({ ...admin, tenant: 'other' }, { employeeIds: ['109'] })).toEqual({});
    expect(await codeOf(bench.policy.names(admin, { employeeIds: 'all' as never }))).toBe('invalid');
  });
});
