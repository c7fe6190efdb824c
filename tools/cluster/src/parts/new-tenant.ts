import { CHAOS_REALM, chaosRules, sandboxPortals, step } from '@portico/pipeline-e2e';
import { Tenant, type TenantOptions } from '../tenant.js';
import type { Stage } from '../stage.js';

export const small = (name: string): TenantOptions => ({
  name,
  realm: CHAOS_REALM,
  portals: sandboxPortals(CHAOS_REALM),
  employees: 20,
  rules: chaosRules,
});

/** A tenant comes while everything runs: its keys are added to the mounted Secret, and no pod is restarted. */
export const newTenant = async (stage: Stage): Promise<number> => {
  const pods = async () =>
    (await stage.namespace.pods())
      .filter(({ isOurs }) => isOurs)
      .map(({ uid, restarts }) => `${uid} ${restarts}`)
      .sort()
      .join();
  const before = await pods();
  const tenant = await Tenant.open(stage.installation, small('later'));
  stage.tenants.set('later', tenant);
  const began = performance.now();
  await tenant.apply();
  // kubelet looks at mounted Secrets about once a minute.
  await tenant.sync('full', 240_000);
  await tenant.untilRight(120_000);
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  const same = (await pods()) === before;
  step(
    `${same ? 'right' : 'WRONG'}: a new tenant was provisioned after ${seconds} s, and ${same ? 'no' : 'A'} pod was restarted`,
  );
  return (await tenant.judge('a tenant that came later')) + (same ? 0 : 1);
};
