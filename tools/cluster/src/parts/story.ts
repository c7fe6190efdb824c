import { join } from 'node:path';
import { acmeRules, repository, sandboxPortals, step, workingDay } from '@portico/pipeline-e2e';
import { baseValues, RELEASE } from '../installation.js';
import { Tenant, type TenantOptions } from '../tenant.js';
import type { Stage } from '../stage.js';

const REALM = join(repository, 'examples/acme.realm.yaml');
const ACME: TenantOptions = {
  name: 'acme',
  realm: REALM,
  portals: sandboxPortals(REALM),
  employees: 120,
  ratePerMinute: 3_000,
  rules: acmeRules,
};

const podIds = async ({ namespace }: Stage): Promise<string> => {
  const pods = (await namespace.pods()).filter(({ isOurs }) => isOurs);
  return pods
    .map(({ name, uid, restarts }) => `${name} ${uid} ${restarts}`)
    .sort()
    .join('\n');
};

/** Installs the chart, and runs the demo's story; answers how many faults there were. */
export const story = async (stage: Stage): Promise<number> => {
  const { installation, image } = stage;
  const tenant = await Tenant.open(installation, ACME);
  stage.tenants.set('acme', tenant);
  const file = await tenant.configure();
  await installation.install(baseValues(image));
  console.log(await stage.namespace.helm('test', RELEASE, '--logs'));
  await installation.portico('acme', 'apply', '-f', file, '--yes');
  await tenant.sync('full', 180_000);
  let faults = await tenant.judge('the first sync');

  await workingDay(tenant.sandbox);
  await tenant.sync('changed');
  faults += await tenant.judge('a working day');

  const before = await tenant.control.writes();
  await installation.portico('acme', 'apply', '-f', file, '--yes');
  await tenant.sync('full');
  const again = (await tenant.control.writes()) - before;
  step(`${again === 0 ? 'right' : 'WRONG'}: the same again wrote ${again} times`);
  return faults + again;
};

/** An upgrade without a change restarts nothing, and a changed setting only what uses it. */
export const upgrades = async (stage: Stage): Promise<number> => {
  const before = await podIds(stage);
  await stage.installation.upgrade({});
  const same = (await podIds(stage)) === before;
  step(`${same ? 'right' : 'WRONG'}: an upgrade without a change ${same ? 'restarts nothing' : 'restarted something'}`);

  await stage.installation.upgrade({ policy: { settings: { redecidePollMs: 900 } } });
  const after = (await podIds(stage)).split('\n');
  const changed = after.filter((pod) => !before.split('\n').includes(pod));
  const only = changed.length === 1 && changed.every((pod) => pod.includes('-policy-'));
  step(
    `${only ? 'right' : 'WRONG'}: a setting of policy restarts ${changed.map((pod) => pod.split(' ')[0]).join(', ')}`,
  );
  return (same ? 0 : 1) + (only ? 0 : 1);
};
