import { setTimeout as delay } from 'node:timers/promises';
import { step } from '@portico/pipeline-e2e';
import { undisturbed } from '../churn.js';
import { RELEASE, type Values } from '../installation.js';
import { PortForward } from '../port-forward.js';
import { until } from '../run.js';
import { tenantOf, type Stage } from '../stage.js';

/** A pool with workers of learnupon-provisioning of its own; the other services' pods in `shared` serve it. */
export const BIG: Values = {
  pools: {
    big: {
      provisioning: {
        settings: { lanesPerWorker: 2 },
        autoscaling: { enabled: true, minReplicas: 1, maxReplicas: 4 },
      },
    },
  },
};

const lanesOf = async (stage: Stage, pool: string): Promise<number> => {
  const forward = await PortForward.open(stage.namespace, `${RELEASE}-provisioning-${pool}`, 8080);
  try {
    const text = await (await fetch(`${forward.url}/metrics`)).text();
    return Number(new RegExp(`portico_lanes_active\\{pool="${pool}".*\\} (\\d+)`).exec(text)?.[1] ?? Number.NaN);
  } finally {
    forward.close();
  }
};

/** A tenant goes to another pool while people are hired: nothing is lost, nothing is made twice. */
export const move = async (stage: Stage): Promise<number> => {
  await stage.installation.upgrade(BIG);
  const tenant = tenantOf(stage, 'later');
  const there = await lanesOf(stage, 'big');
  const faults = await undisturbed(tenant, { people: 30, everyMs: 300 }, 'moved to another pool', async () => {
    await delay(3_000);
    await tenant.apply('big');
  });
  const portals = tenant.options.portals.length;
  await until(
    `the pool to have ${portals} lanes more`,
    30_000,
    async () => (await lanesOf(stage, 'big')) === there + portals,
  );
  step(`right: the lanes of ${tenant.name} are in the pool big`);
  return faults;
};
