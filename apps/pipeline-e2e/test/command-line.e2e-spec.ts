import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page, PersonView, RealmPlanAnswer, VersionsPage, WhatIfResult } from '@portico/contracts';
import { AdminClient } from '../src/admin-client.js';
import { repository, startLocalPortico, type LocalPortico } from '../src/local-portico.js';
import { sandboxPortals, writeRealmFile } from '../src/realm-file.js';
import { sandboxControl } from '../src/sandbox-control.js';
import { refusal } from './company.js';

const EXAMPLE = join(repository, 'examples/acme.realm.yaml');
let local: LocalPortico;
let file: string;
let original: string;

beforeAll(async () => {
  local = await startLocalPortico({
    tenant: 'acme',
    sandbox: { employees: 60, portals: sandboxPortals(EXAMPLE), seed: 5, ratePerMinute: null, company: 'acme' },
    serviceEnv: { 'learnupon-provisioning': { SETTLE_SECONDS: '1', INVITE_POLL_SECONDS: '1' } },
  });
  file = join(local.directory, 'acme.realm.yaml');
  writeRealmFile(EXAMPLE, file, local.sandbox, local.writeSecret);
  original = readFileSync(file, 'utf8');
});
afterAll(() => local.stop());

const json = async <T>(...args: readonly string[]): Promise<T> =>
  JSON.parse(await local.cli(...args, '-o', 'json')) as T;
const settled = async () => expect(await new AdminClient(local).untilSettled('acme', 60_000)).toEqual([]);
const writes = () => sandboxControl(local.sandbox.control).writes();
const draft = (name: string, edit: (yaml: string) => string): string => {
  const path = join(local.directory, name);
  writeFileSync(path, edit(original));
  return path;
};
const wider = (yaml: string): string => {
  expect(yaml).toContain('audience: department == "Sales" && division == "EMEA"');
  return yaml.replace('audience: department == "Sales" && division == "EMEA"', 'audience: department == "Sales"');
};
const grantedIn = async (portal: string): Promise<string[]> => {
  const rows = await json<Page<PersonView>['rows']>('people', '--portal', portal, '--all');
  return rows
    .filter(({ cells }) => cells.some((cell) => cell.portal === portal && cell.wanted === 'granted'))
    .map(({ employeeId }) => employeeId)
    .sort();
};

/** One story from beginning to end: each step goes on from the one before. */
it('the example realm is applied, changed, previewed, explained and rolled back from the command line', async () => {
  expect(await local.cli('validate', '-f', file)).toContain('acme.realm.yaml is valid');
  expect(
    await refusal(
      local.cli(
        'validate',
        '-f',
        draft('bad.yaml', (yaml) => yaml.replace('leaving: disable', 'leaving: fire')),
      ),
    ),
  ).toMatch(/bad\.yaml:\d+:\d+: learnupon\.portals\.academy\.leaving: must be one of disable, expire, keep/);

  expect(await local.cli('apply', '-f', file, '--yes')).toContain('version 1');
  await local.cli('run', '--full', '--wait');
  expect(await local.cli('plan', '-f', file)).toContain('nothing to change (version 1 is stored)');

  const changed = draft('wider.yaml', wider);
  const before = await grantedIn('emea-sales');
  const calls = await writes();
  const plan = await json<RealmPlanAnswer & { effect: WhatIfResult }>('plan', '-f', changed);
  const foretold = await json<WhatIfResult & { rows: { employeeId: string }[] }>(
    'what-if',
    '-f',
    changed,
    '--people',
    '--all',
  );
  expect(plan.changes).toMatchObject([{ kind: 'changed', path: 'learnupon.portals.emea-sales.audience' }]);
  expect(plan.effect.portals).toEqual(foretold.portals);
  const emea = foretold.portals.find(({ portal }) => portal === 'emea-sales')!;
  expect(emea.before).toBe(before.length);
  expect(emea.granted).toBeGreaterThan(0);
  expect([await writes(), await json<{ version: number }>('realm', 'get')]).toMatchObject([calls, { version: 1 }]);

  expect(await local.cli('apply', '-f', changed, '--yes')).toContain('version 2');
  await settled();
  const after = await grantedIn('emea-sales');
  expect(after).toHaveLength(emea.after);
  expect(after.filter((id) => !before.includes(id))).toEqual(foretold.rows.map(({ employeeId }) => employeeId).sort());

  const joined = foretold.rows[0]!.employeeId;
  const [now, then] = [
    await local.cli('explain', joined, 'emea-sales'),
    await json<{ cells: unknown[]; policy: { version: number } }>(
      'explain',
      joined,
      'emea-sales',
      '--at',
      '2020-01-01',
    ).catch((error: Error) => error.message),
  ];
  expect(now).toContain('emea-sales  granted: belongs to the audience (in-audience)');
  expect(now).toMatch(/because it is true\n {2}read {4}department: "Sales", since .*\(read /);
  expect(now).toMatch(/flips {3}department: "Sales" → .* would make it withheld/);
  expect(now).toContain('shows');
  expect(then).toContain('nothing was decided');

  const got = join(local.directory, 'got.yaml');
  writeFileSync(got, await local.cli('realm', 'get'));
  expect(await local.cli('apply', '-f', got, '--yes')).toContain('nothing to change (version 2 is stored)');

  expect(await local.cli('policy', 'diff', '1')).toContain('learnupon.portals.emea-sales.audience');
  expect(await local.cli('policy', 'rollback', '1', '--yes')).toContain('version 3 has the content of version 1');
  await settled();
  expect(await grantedIn('emea-sales')).toEqual(before);
  expect(await json<VersionsPage['rows']>('policy', 'history')).toMatchObject([
    { version: 3, origin: 'rolled-back:1', appliedBy: 'local' },
    { version: 2, origin: 'applied' },
    { version: 1, origin: 'applied' },
  ]);

  const stale = readFileSync(got, 'utf8').replace('title: Engineering', 'title: Engineers');
  writeFileSync(got, stale);
  expect(await refusal(local.cli('apply', '-f', got, '--yes'))).toContain('version 3 is stored, and you began with 2');

  const example = `examples:\n  - { employee: ${joined}, in: [emea-sales] }\n`;
  expect(
    await refusal(
      local.cli(
        'apply',
        '-f',
        draft('example.yaml', (yaml) => `${yaml}${example}`),
        '--yes',
      ),
    ),
  ).toMatch(
    /example\.yaml:\d+:\d+: examples\.0: "employee \d+" belongs in emea-sales, and is not: .*division == "EMEA" is false/,
  );
  expect(
    await local.cli(
      'apply',
      '-f',
      draft('example.yaml', (yaml) => `${wider(yaml)}${example}`),
      '--yes',
    ),
  ).toContain('version 4');
  expect(await local.cli('policy', 'examples')).toMatch(/employee \d+ +holds/);
  await settled();

  const people = String(emea.after);
  expect(await refusal(local.cli('end-access', 'emea-sales', '--confirm', '9999'))).toContain(
    `${people} cells have access now`,
  );
  expect(await local.cli('end-access', 'emea-sales', '--confirm', people)).toContain(
    `access is ended for ${people} cells`,
  );
  await settled();
  expect(await grantedIn('emea-sales')).toEqual([]);
  expect(await local.cli('explain', joined, 'emea-sales')).toContain('access was ended for everybody (access-ended)');

  expect(await local.cli('retire', '--yes')).toContain('acme is taken out: version 6');
  expect(await refusal(local.cli('run'))).toContain('active: true');
}, 240_000);

it('what there is not is answered with what there is', async () => {
  expect(await refusal(local.cli('people', '--reason', 'nope'))).toContain('waiting-for-accept');
  expect(await refusal(local.cli('people', '--portal', 'nope'))).toContain(
    'take one of academy, emea-sales, contractors, engineering',
  );
  expect(await refusal(local.cli('explain', 'Nobody At All'))).toContain('nobody is known as "Nobody At All"');
});
