import type { ExampleView } from '@portico/contracts';
import { admin, startBench, type TestBench } from './database.js';
import { ada, portal, withPortals, written } from './examples.js';

let bench: TestBench;
beforeEach(async () => (bench = await startBench()));
afterEach(() => bench.close());

const hired = (changes: Parameters<typeof ada>[0] = {}) =>
  bench.employees.decide([{ employee: ada(changes), traceparent: undefined }]);
const apply = (document: unknown) => bench.realm.apply(admin, { document });
const outcomes = async () =>
  (await bench.versions.examples(admin)).map(({ name, outcome }: ExampleView) => `${name}: ${outcome}`);

const examples = [
  { employee: 109, in: ['emea'], notIn: ['legal'] },
  { name: 'a lawyer', facts: { department: 'Legal' }, in: ['legal'], notIn: ['emea'] },
  { name: 'who has left', facts: { department: 'Sales' }, employment: 'left', lastDay: '2026-01-31', notIn: ['emea'] },
  {
    name: 'who starts later',
    facts: {},
    employment: 'expected',
    hireDate: '2026-03-09',
    day: '2026-03-09',
    in: ['academy'],
  },
];
const policy = written({ examples });
const breaking = withPortals(
  { ...portal('academy', 'true'), topLevel: true },
  portal('emea', 'location == "Oslo"'),
  portal('legal', 'department == "Legal"'),
);

it('are saved with the policy, and listed with how they stand', async () => {
  await apply(policy);
  await bench.redecide();
  expect(await outcomes()).toEqual([
    'employee 109: unknown',
    'a lawyer: holds',
    'who has left: holds',
    'who starts later: holds',
  ]);
  await hired();
  expect((await outcomes())[0]).toBe('employee 109: holds');
  expect(await apply(policy)).toMatchObject({ applied: false, changes: [] });
});

it('a change that breaks one is refused with the difference', async () => {
  await apply(policy);
  await bench.redecide();
  await hired();
  const refused = {
    code: 'invalid',
    message: 'the change breaks an example of the policy; nothing was applied',
    faults: [
      {
        path: 'examples.0',
        message:
          '"employee 109" belongs in emea, and is not: is outside the audience (not-in-audience): location == "Oslo" is false',
      },
    ],
  };
  await expect(apply({ ...breaking, examples })).rejects.toMatchObject(refused);
  await expect(bench.realm.plan(admin, { document: { ...breaking, examples } })).rejects.toMatchObject(refused);
  expect(await bench.realm.get(admin)).toMatchObject({ version: 1 });
  await apply({ ...breaking, examples: examples.slice(1) });
  await expect(bench.versions.rollback(admin, { version: 1 })).resolves.toMatchObject({ applied: true });
});

it('one that did not hold before is no fault of the change, and is warned of', async () => {
  await apply(policy);
  await bench.redecide();
  await hired();
  await hired({ revision: 2, fields: { ...ada().fields, location: 'Oslo' } });
  expect((await outcomes())[0]).toBe('employee 109: broken');
  expect(await apply({ ...policy, timeZone: 'UTC' })).toMatchObject({ applied: true });
  expect(await bench.realm.plan(admin, { document: { ...policy, timeZone: 'Asia/Tokyo' } })).toMatchObject({
    warnings: expect.arrayContaining([expect.stringContaining('"employee 109" did not hold before either')]),
  });
});

it('a portal that is switched off breaks none', async () => {
  await apply(policy);
  await bench.redecide();
  await hired();
  const { learnupon } = policy as { learnupon: { portals: object[] } };
  const off = { ...policy, learnupon: { portals: learnupon.portals.map((one) => ({ ...one, mode: 'off' })) } };
  expect(await apply(off)).toMatchObject({ applied: true });
  expect(await outcomes()).toEqual(expect.arrayContaining(['a lawyer: unknown']));
});

it('faults are found with their places', async () => {
  const faulty = [
    { employee: '1', facts: {}, in: ['nowhere'] },
    { facts: { department: 5 } },
    { employee: '1', in: [], day: 'x' },
  ];
  await expect(apply(written({ examples: faulty }))).rejects.toMatchObject({
    faults: expect.arrayContaining([
      { path: 'examples.0', message: 'must have employee or facts' },
      { path: 'examples.0.in', message: 'there is no portal "nowhere": take one of academy, emea, legal' },
      { path: 'examples.1.facts.department', message: 'must be a text: put it in quotes' },
      { path: 'examples.1', message: 'must say in or notIn' },
      { path: 'examples.2.in', message: 'must list portals' },
      { path: 'examples.2.day', message: 'must be a day, YYYY-MM-DD' },
    ]),
  });
});
