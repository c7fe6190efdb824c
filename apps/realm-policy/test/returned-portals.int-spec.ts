import type { EmployeeChangedV1 } from '@portico/contracts';
import { stateRelaySource } from '@portico/messaging';
import { eventually } from '@portico/testing';
import { accessTable } from '../src/persistence/relayed.js';
import { admin, startBench, type TestBench } from './database.js';
import { ada, portal, withPortals } from './examples.js';

let bench: TestBench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.close());

const academy = { ...portal('academy', 'true'), topLevel: true };
const leaving = { action: 'disable', graceDays: 14 };
const emea = (changes: Record<string, unknown> = {}) => ({
  ...portal('emea', 'department == "Sales"'),
  leaving,
  ...changes,
});
const apply = async (...portals: readonly Record<string, unknown>[]) => {
  await bench.realm.apply(admin, { document: withPortals(academy, ...portals) });
  await bench.redecide();
};
const arrive = (employee: EmployeeChangedV1) => bench.employees.decide([{ employee, traceparent: undefined }]);
const inEmea = async () => (await bench.decisions())['109']!.event.portals.find((one) => one.portal === 'emea');
const hired = ada({ employment: { ...ada().employment, hireDate: '2026-02-20' } });
const left = ada({ revision: 2, employment: { ...ada().employment, state: 'left', lastDay: '2026-02-28' } });

describe.each([
  ['switched off', [emea({ mode: 'off' })]],
  ['taken out', []],
])('a portal that was %s and comes back', (_name, out) => {
  beforeEach(async () => {
    await apply(emea());
    await arrive(hired);
    await apply(...out);
  });

  it('gives grace to whom had access before', async () => {
    await arrive(left);
    await apply(emea());
    expect(await inEmea()).toMatchObject({ access: 'granted', reason: 'grace', lastDay: '2026-03-14' });
  });

  it('takes nothing for a start that was set meanwhile', async () => {
    await apply(emea({ start: { from: 'hire-date', days: 30 } }));
    expect(await inEmea()).toMatchObject({ access: 'granted', reason: 'in-audience' });
  });

  it('keeps what was, where it is unknown now', async () => {
    await arrive(ada({ revision: 2, unconfirmed: ['department'] }));
    await apply(emea());
    expect(await inEmea()).toMatchObject({ access: 'granted', reason: 'audience-unknown' });
  });

  it('is foreseen by a what-if, and explained, as it then is', async () => {
    await arrive(left);
    const { id } = await bench.whatIfs.start(admin, { document: withPortals(academy, emea()) });
    const { result } = await eventually('the what-if to end', async () => {
      const answer = await bench.whatIfs.get(admin, { id });
      return answer.state === 'running' ? undefined : answer;
    });
    expect(result?.portals).toContainEqual(expect.objectContaining({ portal: 'emea', causes: { 'granted/grace': 1 } }));
    await apply(emea());
    const { cells, isBehind } = await bench.explain.explain(admin, { employeeId: '109', portal: 'emea' });
    expect({ cells, isBehind }).toMatchObject({ cells: [{ access: 'granted', reason: 'grace' }], isBehind: false });
  });

  it('remembers also when an older record comes late', async () => {
    await arrive({ ...left, revision: 3 });
    await arrive(ada({ revision: 2 }));
    await apply(emea());
    expect(await inEmea()).toMatchObject({ access: 'granted', reason: 'grace' });
  });

  it('tells nobody else what was', async () => {
    const [stored] = await bench.sql<{ event: object }>('select event from access');
    expect(stored?.event).toMatchObject({ earlier: [{ portal: 'emea', access: 'granted' }] });
    const [message] = await stateRelaySource(bench.sql, accessTable).waiting('shared', 1);
    expect(JSON.parse(message!.body)).not.toHaveProperty('earlier');
  });
});
