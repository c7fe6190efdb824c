import type { EmployeeChangedV1, ExplainAnswer } from '@portico/contracts';
import { sqlOf } from '@portico/database';
import { QuestionError } from '@portico/messaging';
import { admin, startBench, type TestBench } from './database.js';
import { ada, portal, withPortals, written } from './examples.js';

let bench: TestBench;
beforeEach(async () => {
  bench = await startBench();
  await bench.realm.apply(admin, { document: written() });
  await bench.redecide();
});
afterEach(() => bench.close());

const decide = (...employees: readonly EmployeeChangedV1[]) =>
  bench.employees.decide(employees.map((employee) => ({ employee, traceparent: undefined })));
const moved = (revision: number, recordedAt: string, fields: Record<string, string | null>, more = {}) =>
  ada({
    revision,
    recordedAt,
    fields: { ...ada().fields, ...fields },
    cause: { kind: 'read', id: `read-${revision}`, totals: { joiners: 0, movers: 1, leavers: 0 } },
    ...more,
  });
const explain = (at?: string, more: { portal?: string; employeeId?: string } = {}): Promise<ExplainAnswer> =>
  bench.explain.explain(admin, { employeeId: '109', ...(at === undefined ? {} : { at }), ...more });
const emea = async (at?: string) => (await explain(at, { portal: 'emea' })).cells[0]!;

describe('explain', () => {
  it('says the decision, the clause, the values with where they came from, the version and who applied it', async () => {
    await decide(moved(1, '2026-02-20T08:00:00Z', { location: 'Oslo' }));
    await decide(moved(2, '2026-03-01T08:00:00Z', { location: 'Oslo', lastName: 'Reed' }));
    const answer = await explain(undefined, { portal: 'emea' });
    expect(answer).toMatchObject({
      employeeId: '109',
      name: 'Ada Reed',
      tense: 'present',
      at: '2026-03-02T12:00:00Z',
      today: '2026-03-02',
      decidedAt: '2026-03-02T12:00:00Z',
      cause: { kind: 'read', id: 'read-2' },
      policy: { version: 1, appliedAt: '2026-03-02T12:00:00.000Z', appliedBy: 'Mo' },
      employee: { revision: 2, recordedAt: '2026-03-01T08:00:00Z', cause: { kind: 'read', id: 'read-2' } },
      isBehind: false,
    });
    expect(answer.cells).toEqual([
      {
        portal: 'emea',
        title: 'emea',
        access: 'withheld',
        reason: 'not-in-audience',
        sentence: 'is outside the audience',
        clause: {
          path: 'learnupon.portals.emea.audience',
          text: 'department == "Sales" && location != "Oslo"',
          expression: 'location != "Oslo"',
          character: 26,
          holds: 'false',
        },
        values: [
          {
            field: 'location',
            value: 'Oslo',
            isConfirmed: true,
            since: '2026-02-20T08:00:00Z',
            cause: { kind: 'read', id: 'read-1' },
          },
        ],
        flip: {
          field: 'location',
          from: 'Oslo',
          to: 'another value',
          isAnyOther: true,
          becomes: 'granted',
          reason: 'in-audience',
        },
      },
    ]);
  });

  it('tells what was, from the record, the version and the day that held then', async () => {
    await decide(moved(1, '2026-03-02T11:00:00Z', {}));
    bench.clock.set('2026-03-03T12:00:00Z');
    await decide(moved(2, '2026-03-03T11:00:00Z', { department: 'Legal' }));
    bench.clock.set('2026-03-04T12:00:00Z');
    await bench.realm.apply(
      { ...admin, name: 'Bo' },
      {
        document: withPortals(
          { ...portal('academy', 'true'), topLevel: true },
          portal('emea', 'department == "Legal"'),
        ),
      },
    );
    await bench.redecide();
    bench.clock.set('2026-03-09T12:00:00Z');
    expect(await emea()).toMatchObject({ access: 'granted', clause: { text: 'department == "Legal"' } });
    expect(await emea('2026-03-03')).toMatchObject({
      access: 'withheld',
      clause: { expression: 'department == "Sales"' },
    });
    expect(await emea('2026-03-03T11:59:59Z')).toMatchObject({ access: 'granted', reason: 'in-audience' });
    expect(await explain('2026-03-04')).toMatchObject({ tense: 'past', policy: { version: 2, appliedBy: 'Bo' } });
    await expect(explain('2026-03-01')).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/nothing was decided/),
    });
  });

  it('tells a record that changed nothing as what was looked at', async () => {
    await decide(moved(1, '2026-03-02T11:00:00Z', {}));
    bench.clock.set('2026-03-05T12:00:00Z');
    await decide(moved(2, '2026-03-05T11:00:00Z', { location: 'Rome' }));
    expect(await explain()).toMatchObject({
      employee: { revision: 2 },
      decidedAt: '2026-03-02T12:00:00Z',
      isBehind: false,
    });
    expect(await explain('2026-03-04')).toMatchObject({ employee: { revision: 1 } });
  });

  it('says what unknown keeps, and since when', async () => {
    await decide(moved(1, '2026-03-02T11:00:00Z', {}));
    bench.clock.set('2026-03-05T12:00:00Z');
    await decide(moved(2, '2026-03-05T11:00:00Z', { department: 'Legal' }, { unconfirmed: ['department'] }));
    bench.clock.set('2026-03-06T12:00:00Z');
    expect(await emea()).toMatchObject({
      access: 'granted',
      reason: 'audience-unknown',
      keptSince: '2026-03-05T12:00:00Z',
      clause: { holds: 'unknown' },
      values: [{ field: 'department', value: 'Legal', isConfirmed: false }],
      flip: { field: 'department', to: 'Legal', becomes: 'withheld' },
    });
  });

  it('says so while something newer is not decided yet, and tells the decision as it was made', async () => {
    await decide(moved(1, '2026-03-02T11:00:00Z', {}));
    await bench.realm.apply(admin, { document: withPortals({ ...portal('academy', 'false'), topLevel: true }) });
    const answer = await explain();
    expect(answer).toMatchObject({ isBehind: true, policy: { version: 1 } });
    expect(answer.cells.map(({ portal: name, access }) => [name, access])).toEqual([
      ['academy', 'granted'],
      ['emea', 'granted'],
      ['legal', 'withheld'],
    ]);
    await bench.redecide();
    expect(await explain()).toMatchObject({ isBehind: false, policy: { version: 2 } });
  });

  it('foresees a day ahead', async () => {
    await decide(
      ada({ employment: { state: 'expected', hireDate: '2026-03-09', lastDay: null, evidence: 'hire-date' } }),
    );
    expect(await emea()).toMatchObject({
      access: 'withheld',
      reason: 'not-started',
      flip: { field: 'hireDate', to: '2026-03-02' },
    });
    expect(await explain('2026-03-09', { portal: 'emea' })).toMatchObject({
      tense: 'foreseen',
      today: '2026-03-09',
      cells: [{ access: 'granted', reason: 'in-audience' }],
    });
  });

  it('asks for a portal that there is, a person who is known, and a moment', async () => {
    await decide(ada());
    const codeOf = (work: Promise<unknown>) =>
      work.then(
        () => 'done',
        (error: QuestionError) => error.code,
      );
    await expect(explain(undefined, { portal: 'nope' })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('take one of academy, emea, legal'),
    });
    expect(await codeOf(explain(undefined, { employeeId: '110' }))).toBe('not-found');
    expect(await codeOf(explain('yesterday'))).toBe('invalid');
    expect(await codeOf(bench.explain.explain({ ...admin, tenant: 'other' }, { employeeId: '109' }))).toBe('not-found');
  });

  it('has no side effect', async () => {
    await decide(ada());
    const state = () =>
      sqlOf(bench.orm.em.fork())(
        `select (select jsonb_agg(to_jsonb(access) || jsonb_build_object('x', access.xmin::text)) from access) as a,
           (select count(*) from access_history) as h, (select jsonb_agg(redecision) from redecision) as r`,
      );
    const before = await state();
    await explain();
    await explain('2026-03-09');
    expect(await state()).toEqual(before);
  });
});

describe('find', () => {
  it('knows people by id, address, name and parts of them, nearest first', async () => {
    await decide(
      ada(),
      ada({ employeeId: '110', fields: { ...ada().fields, workEmail: 'ada.m@acme.example' } }),
      ada({ employeeId: '111', fields: { firstName: 'Bo', lastName: '100%', workEmail: null } }),
    );
    const found = async (text: string) =>
      (await bench.find.find(admin, { text })).people.map(({ employeeId, match }) => `${employeeId} ${match}`);
    expect(await found('109')).toEqual(['109 id']);
    expect(await found('ADA.M@acme.example')).toEqual(['110 email']);
    expect(await found('ada moss')).toEqual(['109 name', '110 name']);
    expect(await found('moss')).toEqual(['109 part', '110 part']);
    expect(await found('0%')).toEqual(['111 part']);
    expect(await found('nobody')).toEqual([]);
    expect((await bench.find.find({ ...admin, tenant: 'other' }, { text: '109' })).people).toEqual([]);
  });

  it('knows them as of their newest record, and somebody by an address before those who have it in another field', async () => {
    const found = async (text: string) =>
      (await bench.find.find(admin, { text })).people.map(({ employeeId, match }) => `${employeeId} ${match}`);
    const named = (lastName: string, revision: number) =>
      ada({ employeeId: '7000', revision, fields: { ...ada().fields, lastName, workEmail: 'boss@acme.example' } });
    await decide(named('First', 1));
    await decide(named('Third', 3));
    await decide(named('Second', 2));
    await decide(
      ...Array.from({ length: 30 }, (_, index) =>
        ada({ employeeId: String(index), fields: { ...ada().fields, supervisorEmail: 'Boss@acme.example' } }),
      ),
    );
    expect(await found('ada third')).toEqual(['7000 name']);
    expect(await found('second')).toEqual([]);
    expect(await found('boss@acme.example')).toEqual(['7000 email']);
  });
});
