import type { EmployeeChangedV1, WhatIfAnswer, WhatIfPerson, WhatIfRequest, WhatIfResult } from '@portico/contracts';
import { sqlOf } from '@portico/database';
import { QuestionError } from '@portico/messaging';
import { eventually } from '@portico/testing';
import { randomOf, somebody } from './company.js';
import { admin, startBench, type Decision, type TestBench } from './database.js';
import { ada, portal, withPortals, written } from './examples.js';

let bench: TestBench;
beforeEach(async () => (bench = await startBench()));
afterEach(() => bench.close());

const viewer = { ...admin, role: 'viewer' as const };
const sql = <T extends object>(text: string) => sqlOf(bench.orm.em.fork())<T>(text);

const decide = async (...employees: readonly EmployeeChangedV1[]) => {
  for (let first = 0; first < employees.length; first += 500) {
    const batch = employees.slice(first, first + 500).map((employee) => ({ employee, traceparent: undefined }));
    await bench.employees.decide(batch);
  }
};

const ended = (id: string): Promise<WhatIfAnswer> =>
  eventually('the what-if to end', async () => {
    const answer = await bench.whatIfs.get(viewer, { id });
    return answer.state === 'running' ? undefined : answer;
  });
const ask = async (request: WhatIfRequest): Promise<WhatIfAnswer> =>
  ended((await bench.whatIfs.start(viewer, request)).id);
const whatIf = async (document: unknown, at?: string): Promise<WhatIfResult & { id: string }> => {
  const answer = await ask({ document, ...(at === undefined ? {} : { at }) });
  if (!answer.result) throw new Error(`${answer.state}: ${answer.problem}`);
  return { id: answer.id, ...answer.result };
};
const peopleOf = async (id: string, more: { portal?: string; effect?: 'granted' } = {}): Promise<WhatIfPerson[]> => {
  const people: WhatIfPerson[] = [];
  let cursor: string | undefined;
  do {
    const page = await bench.whatIfs.people(viewer, { id, limit: 70, ...more, ...(cursor ? { cursor } : {}) });
    people.push(...page.rows);
    cursor = page.next;
  } while (cursor);
  return people;
};

const clerk = (changes: Partial<EmployeeChangedV1> = {}, fields: Record<string, string> = {}) =>
  ada({ ...changes, fields: { ...ada().fields, jobTitle: 'Clerk', ...fields } });

const draft = withPortals(
  { ...portal('academy', 'department != "Legal"'), topLevel: true, customData: { Job: 'jobTitle' } },
  portal('emea', 'department == "Sales" || division == "EMEA"'),
  { ...portal('rome', 'location == "Rome"'), onboarding: 'invite', mode: 'observe' },
);

/** What differs between two decisions of everybody, as a what-if says it. */
const differences = (before: Record<string, Decision>, after: Record<string, Decision>) =>
  Object.keys(after).flatMap((employeeId) => {
    const portals = (decision: Decision | undefined) => decision?.event.portals ?? [];
    const cells = [
      ...portals(after[employeeId]).flatMap((now) => {
        const was = portals(before[employeeId]).find((each) => each.portal === now.portal);
        const [had, has] = [was?.access === 'granted', now.access === 'granted'];
        const isOther = had && has && JSON.stringify(was?.learner) !== JSON.stringify(now.learner);
        return had !== has || isOther ? [`${now.portal} ${had ? (has ? 'changed' : 'withheld') : 'granted'}`] : [];
      }),
      ...portals(before[employeeId])
        .filter(
          ({ access, portal: name }) =>
            access === 'granted' && !portals(after[employeeId]).some((each) => each.portal === name),
        )
        .map((was) => `${was.portal} stopped`),
    ];
    return cells.length === 0 ? [] : [{ employeeId, cells }];
  });
const briefly = (people: readonly WhatIfPerson[]) =>
  people.map(({ employeeId, cells }) => ({ employeeId, cells: cells.map((cell) => `${cell.portal} ${cell.effect}`) }));

it.each([1, 2, 3])('a what-if equals what then happens (seed %i)', async (seed) => {
  const random = randomOf(seed);
  await bench.realm.apply(admin, { document: written() });
  await bench.redecide();
  const people = Array.from({ length: 1_300 }, (_, index) => somebody(random, String(index)));
  await decide(...people);
  await decide(
    ...people.filter(() => random.chance(0.3)).map(({ employeeId }) => somebody(random, employeeId, { revision: 2 })),
  );
  bench.clock.set('2026-03-07T09:00:00Z');
  const before = await bench.decisions();

  const foretold = await whatIf(draft);
  const named = briefly(await peopleOf(foretold.id)).sort((a, b) => Number(a.employeeId) - Number(b.employeeId));
  await bench.realm.apply(admin, { document: draft });
  await bench.redecide();

  const after = await bench.decisions();
  const happened = differences(before, after);
  expect(named).toEqual(happened);
  expect(foretold).toMatchObject({ people: 1_300, touched: happened.length });
  const { totals } = Object.values(after).find(({ event }) => event.cause.kind === 'policy')!.event.cause;
  expect(foretold.totals).toEqual({ joiners: totals.joiners, movers: totals.movers, leavers: totals.leavers });
  for (const tally of foretold.portals.filter(({ stopped }) => stopped === 0)) {
    const { granted, changed, withheld, held } = tally;
    expect({ [tally.portal]: { granted, changed, withheld, ...(held && { held }) } }).toEqual({
      [tally.portal]: totals.portals?.[tally.portal],
    });
  }
  const counted = Object.values(after).flatMap(({ event }) =>
    event.portals.filter(({ access }) => access === 'granted'),
  );
  expect(foretold.portals.reduce((sum, { after: count }) => sum + count, 0)).toBe(counted.length);
});

it('counts by portal and cause what LearnUpon would be asked to do', async () => {
  await bench.realm.apply(admin, { document: written() });
  await bench.redecide();
  await decide(
    clerk(),
    clerk({ employeeId: '110' }, { department: 'Legal' }),
    clerk({ employeeId: '111' }, { location: 'Rome' }),
  );
  const { id, portals, writes } = await whatIf(draft);
  expect(
    portals.map(({ portal: name, before, after, causes, writes: asked }) => [name, before, after, causes, asked]),
  ).toEqual([
    [
      'academy',
      3,
      2,
      { 'changed/in-audience': 2, 'withheld/not-in-audience': 1 },
      { create: 0, invite: 0, update: 2, disable: 1 },
    ],
    ['emea', 2, 2, {}, { create: 0, invite: 0, update: 0, disable: 0 }],
    ['rome', 0, 1, { 'granted/in-audience': 1 }, { create: 0, invite: 0, update: 0, disable: 0 }],
    ['legal', 1, 0, { 'stopped/portal-removed': 1 }, { create: 0, invite: 0, update: 0, disable: 0 }],
  ]);
  expect(writes).toBe(3);
  expect(await peopleOf(id, { portal: 'rome', effect: 'granted' })).toEqual([
    {
      employeeId: '111',
      cells: [{ portal: 'rome', effect: 'granted', before: null, after: { access: 'granted', reason: 'in-audience' } }],
    },
  ]);
});

it('nothing is changed by asking', async () => {
  await bench.realm.apply(admin, { document: written() });
  await bench.redecide();
  await decide(...Array.from({ length: 300 }, (_, index) => somebody(randomOf(index), String(index))));
  const everything = async () => {
    const tables = await sql<{ name: string }>(
      `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
       and relname not like 'what_if%' order by relname`,
    );
    const rows = await Promise.all(tables.map(({ name }) => sql(`select *, xmin from ${name} order by 1, 2`)));
    return Object.fromEntries(tables.map(({ name }, index) => [name, rows[index]]));
  };
  const before = await everything();
  expect((await whatIf(draft)).touched).toBeGreaterThan(0);
  await whatIf(draft, '2026-03-01');
  expect(await everything()).toEqual(before);
});

it('goes against the facts of a past day, beside what was decided then', async () => {
  await bench.realm.apply(admin, { document: written() });
  await bench.redecide();
  await decide(clerk({ recordedAt: '2026-03-02T11:00:00Z' }));
  bench.clock.set('2026-03-05T12:00:00Z');
  await decide(
    clerk({ revision: 2, recordedAt: '2026-03-05T11:00:00Z' }, { department: 'Legal' }),
    clerk({ employeeId: '110', recordedAt: '2026-03-05T11:00:00Z' }),
  );
  const effects = async (at?: string) => briefly(await peopleOf((await whatIf(draft, at)).id));
  expect(await effects('2026-03-01')).toEqual([]);
  expect(await effects('2026-03-04')).toEqual([{ employeeId: '109', cells: ['academy changed'] }]);
  expect(await effects()).toEqual([
    { employeeId: '109', cells: ['academy withheld', 'legal stopped'] },
    { employeeId: '110', cells: ['academy changed'] },
  ]);
  await expect(ask({ document: draft, at: '2026-03-06' })).rejects.toMatchObject({ faults: [{ path: 'at' }] });
});

describe('a what-if', () => {
  beforeEach(async () => {
    await bench.realm.apply(admin, { document: written() });
    await bench.redecide();
    await decide(ada());
  });
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: QuestionError) => error.code,
    );

  it('of a document with faults is refused with all of them', async () => {
    await expect(ask({ document: { ...draft, pool: 'moon' } })).rejects.toMatchObject({ faults: [{ path: 'pool' }] });
    expect(await codeOf(ask({ document: draft, expectedVersion: 9 }))).toBe('conflict');
  });

  it('is the asking tenant’s alone', async () => {
    const { id } = await whatIf(draft);
    expect(await codeOf(bench.whatIfs.get({ ...viewer, tenant: 'other' }, { id }))).toBe('not-found');
  });

  it('can be cancelled, and stops', async () => {
    await sql(`insert into what_if (tenant, id, state, question, touched_at, expires_at)
      values ('acme', 'x', 'running', '{}', now(), now() + interval '1 hour')`);
    expect(await bench.whatIfs.cancel(viewer, { id: 'x' })).toMatchObject({ state: 'cancelled' });
    expect(await codeOf(bench.whatIfs.people(viewer, { id: 'x' }))).toBe('conflict');
  });

  it('says so where whoever worked on it is gone, and expires', async () => {
    await sql(`insert into what_if (tenant, id, state, question, total, touched_at, expires_at)
      values ('acme', 'x', 'running', '{}', 5, now() - interval '2 minutes', now() + interval '1 hour')`);
    expect(await bench.whatIfs.get(viewer, { id: 'x' })).toMatchObject({
      state: 'failed',
      problem: expect.stringContaining('ask again'),
    });
    await sql(`update what_if set expires_at = now() - interval '1 second'`);
    expect(await codeOf(bench.whatIfs.get(viewer, { id: 'x' }))).toBe('not-found');
    await whatIf(draft);
    expect(await sql(`select id from what_if where id = 'x'`)).toEqual([]);
  });
});
