import type { HeldView, HoldView } from '@portico/contracts';
import { type LocalPortico } from '../src/local-portico.js';
import { readPeople, readPortals } from '../src/vendors.js';
import { isEmployed } from '../src/verify.js';
import { openCompany, refusal, startPortico, type Company } from './company.js';

let local: LocalPortico;
let company: Company;
beforeAll(async () => {
  local = await startPortico();
  company = await openCompany(local, 'held');
});
afterAll(async () => {
  await local.stop();
  await company.sandbox.stop();
});

const json = async <T>(...args: readonly string[]): Promise<T> =>
  JSON.parse(await company.portico(...args, '-o', 'json')) as T;
const holds = () => json<HoldView[]>('holds');
const holdOf = ({ portal, cause }: HoldView) =>
  json<HoldView & { digest: string; rows: HeldView[] }>('holds', portal, cause.id);

/** Ids of those who are at work today, and have an address. */
const staff = async (): Promise<string[]> => {
  const today = (await company.control.now()).slice(0, 10);
  return (await readPeople(company.sandbox))
    .filter((person) => isEmployed(person, today) && person.fields['terminationDate'] === null)
    .filter(({ fields }) => fields['workEmail'] !== null)
    .map(({ id }) => id);
};
const enabledInAcademy = async (): Promise<number> =>
  (await readPortals(company.sandbox))
    .filter(({ portal }) => portal === 'academy')
    .flatMap(({ accounts }) => accounts.filter(({ enabled, user_type: type }) => enabled && type === 'learner')).length;

/** One story from beginning to end: each step goes on from the one before. */
it('a mass of leavers is kept back until exactly those who were shown are approved', async () => {
  company.editRealm((yaml) => `${yaml}gate: { people: 3, percent: 10 }\n`);
  await company.apply();
  await company.sync('full');
  expect(await company.faults()).toEqual([]);
  const [first = '', ...others] = await staff();
  const gone = [first, ...others.slice(0, 4)];
  const enabled = await enabledInAcademy();

  for (const id of gone) await company.control.terminate(id);
  const writes = await company.control.writes();
  await company.sync('full');
  expect(await company.control.writes()).toBe(writes);
  const held = (await holds()).find(({ portal }) => portal === 'academy')!;
  expect(held).toMatchObject({ people: 5, judged: { people: 5, of: enabled } });
  const { rows, digest: looked } = await holdOf(held);
  expect(rows.map(({ employeeId, takes }) => [employeeId, takes])).toEqual(gone.map((id) => [id, 'disable']));
  const status = await company.portico('status');
  expect(status).toContain('settled');
  expect(status).toContain(`portico approve academy ${held.cause.id}`);
  expect(await company.portico('people', '--employee', first)).toContain('held');

  await company.control.rehire(first);
  await company.sync('full');
  const approve = (digest: string) => company.portico('approve', held.portal, held.cause.id, '--digest', digest);
  expect(await refusal(approve(looked))).toContain(`Look again: portico holds academy ${held.cause.id}`);
  expect(await enabledInAcademy()).toBe(enabled);

  for (const hold of await holds()) {
    const { digest } = await holdOf(hold);
    expect(await company.portico('approve', hold.portal, hold.cause.id, '--digest', digest)).toContain('approved');
  }
  await company.sync('changed');
  expect(await holds()).toEqual([]);
  expect(await enabledInAcademy()).toBe(enabled - 4);
  expect(await company.faults()).toEqual([]);

  await company.control.terminate(first);
  await company.sync('full');
  expect(await holds()).toEqual([]);
  expect(await company.faults()).toEqual([]);
}, 120_000);
