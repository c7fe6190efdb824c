import type { QuestionError } from '@portico/messaging';
import { sqlOf } from '@portico/database';
import { admin, startBench, type TestBench } from './database.js';
import { ada, portal, withPortals, written } from './examples.js';

let bench: TestBench;
beforeEach(async () => {
  bench = await startBench();
  await bench.realm.apply(admin, { document: written() });
  await bench.redecide();
  const employees = ['109', '110', '111'].map((employeeId) =>
    ada({ employeeId, fields: { ...ada().fields, department: employeeId === '111' ? 'Legal' : 'Sales' } }),
  );
  await bench.employees.decide(employees.map((employee) => ({ employee, traceparent: undefined })));
});
afterEach(() => bench.close());

const portals = () => (written()['learnupon'] as { portals: Record<string, unknown>[] }).portals;
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: QuestionError) => error.code,
  );
const granted = async () =>
  Object.values(await bench.decisions()).flatMap(({ event }) =>
    event.portals.filter(({ access }) => access === 'granted').map(({ portal: name }) => name),
  );

it('says how many, and does nothing by that', async () => {
  expect(await bench.ending.end(admin, { portal: 'emea' })).toEqual({
    portals: { emea: 2 },
    cells: 2,
    people: 2,
    disables: 2,
    done: false,
  });
  expect(await bench.ending.end(admin, {})).toMatchObject({
    portals: { academy: 3, emea: 2, legal: 1 },
    cells: 6,
    people: 3,
  });
  expect(await bench.realm.get(admin)).toMatchObject({ version: 1 });
});

it('with that number ends it, by a policy cause with its totals, and can be taken back', async () => {
  expect(await bench.ending.end(admin, { portal: 'emea', confirm: 2 })).toMatchObject({ done: true, version: 2 });
  await bench.redecide();
  const { event } = (await bench.decisions())['109']!;
  expect(event.portals[1]).toMatchObject({ access: 'withheld', reason: 'access-ended', leaving: 'disable' });
  expect(event.cause).toMatchObject({
    kind: 'policy',
    id: 'policy-2',
    totals: { portals: { emea: { granted: 0, changed: 0, withheld: 2 } } },
  });
  expect(await granted()).toEqual(['academy', 'academy', 'academy', 'legal']);
  expect(await bench.versions.history(admin, {})).toMatchObject({ rows: [{ origin: 'access-ended:emea' }, {}] });
  expect((await bench.explain.explain(admin, { employeeId: '109', portal: 'emea' })).cells[0]).toMatchObject({
    clause: { path: 'learnupon.portals.emea.ended', text: 'true' },
    flip: { field: 'ended', to: 'false', becomes: 'granted' },
  });
  await bench.versions.rollback(admin, { version: 1 });
  await bench.redecide();
  expect(await granted()).toHaveLength(6);
});

it('ends all of them', async () => {
  expect(await bench.ending.end(admin, { confirm: 6 })).toMatchObject({ done: true });
  await bench.redecide();
  expect(await granted()).toEqual([]);
});

it('keeps out who would come later, also where nobody has access yet', async () => {
  await bench.realm.apply(admin, { document: withPortals(...portals(), portal('oslo', 'location == "Oslo"')) });
  await bench.redecide();
  expect(await bench.ending.end(admin, { portal: 'oslo' })).toMatchObject({ cells: 0, done: false });
  expect(await bench.ending.end(admin, { portal: 'oslo', confirm: 0 })).toMatchObject({ done: true, version: 3 });
  await bench.redecide();
  const employee = ada({ employeeId: '113', fields: { ...ada().fields, location: 'Oslo' } });
  await bench.employees.decide([{ employee, traceparent: undefined }]);
  const { event } = (await bench.decisions())['113']!;
  expect(event.portals).toContainEqual(expect.objectContaining({ portal: 'oslo', reason: 'access-ended' }));
  expect(await bench.ending.end(admin, { portal: 'oslo', confirm: 0 })).toMatchObject({ done: false, version: 3 });
});

it('is refused where the number is another one by now, to a viewer, and for a portal that there is not', async () => {
  expect(await codeOf(bench.ending.end(admin, { portal: 'emea', confirm: 3 }))).toBe('conflict');
  await bench.employees.decide([{ employee: ada({ employeeId: '112' }), traceparent: undefined }]);
  expect(await codeOf(bench.ending.end(admin, { portal: 'emea', confirm: 2 }))).toBe('conflict');
  expect(await codeOf(bench.ending.end({ ...admin, role: 'viewer' }, { portal: 'emea' }))).toBe('forbidden');
  expect(await codeOf(bench.ending.end(admin, { portal: 'nope' }))).toBe('invalid');
  expect(await bench.realm.get(admin)).toMatchObject({ version: 1 });
});

it('the first file of a tenant does not either', async () => {
  const document = { ...withPortals({ ...portals()[0]!, ended: true }), tenant: 'globex' };
  await expect(bench.realm.apply({ ...admin, tenant: 'globex' }, { document })).rejects.toMatchObject({
    faults: [{ path: 'learnupon.portals.academy.ended' }],
  });
});

it('no file does it by the way, nor does a portal that is taken out', async () => {
  const { learnupon } = written() as { learnupon: { portals: object[] } };
  const ended = { ...written(), learnupon: { portals: learnupon.portals.map((one) => ({ ...one, ended: true })) } };
  await expect(bench.realm.apply(admin, { document: ended })).rejects.toMatchObject({
    faults: expect.arrayContaining([
      {
        path: 'learnupon.portals.emea.ended',
        message: expect.stringContaining('portico end-access emea'),
      },
    ]),
  });
  await bench.realm.apply(admin, { document: withPortals({ ...portal('academy', 'true'), topLevel: true }) });
  await bench.redecide();
  const withheld = await sqlOf(bench.orm.em.fork())(
    `select 1 from access, jsonb_array_elements(event->'portals') as cell where cell->>'access' = 'withheld'`,
  );
  expect(withheld).toEqual([]);
});

it('is not done by a file that takes a portal out and brings it back, and what comes back is warned of', async () => {
  const [academy, emea, legal] = (written()['learnupon'] as { portals: Record<string, unknown>[] }).portals;
  await bench.realm.apply(admin, { document: withPortals(academy!, legal!) });
  const back = withPortals(academy!, { ...emea!, ended: true }, legal!);
  await expect(bench.realm.apply(admin, { document: back })).rejects.toMatchObject({
    faults: [{ path: 'learnupon.portals.emea.ended', message: expect.stringContaining('portico end-access emea') }],
  });
  const asItWas = await bench.realm.plan(admin, { document: written() });
  expect(asItWas.warnings).toContainEqual(expect.stringMatching(/^emea comes back: accounts .* can't count these$/));
  const fresh = await bench.realm.plan(admin, { document: withPortals(academy!, legal!, portal('new', 'true')) });
  expect(fresh.warnings.join()).not.toContain('comes back');
});

it('what is switched on again is warned of, and what only changes is not', async () => {
  const [academy, emea, legal] = (written()['learnupon'] as { portals: Record<string, unknown>[] }).portals;
  await bench.realm.apply(admin, { document: withPortals(academy!, { ...emea!, mode: 'off' }, legal!) });
  const on = await bench.realm.plan(admin, { document: withPortals(academy!, emea!, { ...legal!, audience: 'true' }) });
  expect(on.warnings.filter((warning) => warning.includes('comes back'))).toEqual([
    expect.stringMatching(/^emea comes back/),
  ]);
});
