import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom, step } from '@portico/pipeline-e2e';
import { undisturbed } from '../churn.js';
import { RELEASE } from '../installation.js';
import { until } from '../run.js';
import { tenantOf, type Stage } from '../stage.js';

const ROUNDS = 6;
const random = seededRandom(11);

/** In the pod, so that its data stays: the server crashes or ends, and kubelet starts its container again. */
const RESTARTS: Readonly<Record<string, readonly string[]>> = {
  postgresql: ['sh', '-c', 'kill -QUIT 1'],
  nats: ['/nats-server', '--signal', 'quit=1'],
};

const restartServer = async ({ namespace }: Stage, server: string): Promise<void> => {
  const pod = `${RELEASE}-${server}-0`;
  const restarts = async () => (await namespace.pods()).find(({ name }) => name === pod)?.restarts ?? 0;
  const before = await restarts();
  await namespace.kubectl('exec', pod, '-c', server, '--', ...(RESTARTS[server] ?? [])).catch(() => undefined);
  await until(`${server} to be started again`, 60_000, async () => (await restarts()) > before);
  step(`${server} was ended in its pod, and started again`);
};

const killPods = async ({ namespace }: Stage): Promise<void> => {
  const services = (await namespace.pods()).filter(({ component, isOurs }) => isOurs && !(component in RESTARTS));
  const [first, second] = random.shuffle(services);
  const victims = [first, second].flatMap((pod) => pod?.name ?? []);
  await namespace.kubectl('delete', 'pod', ...victims, '--grace-period=0', '--force', '--wait=false');
  step(`killed ${victims.join(', ')}`);
};

/** Pods are killed at random and both servers restarted while people are hired; the end state is right, nothing doubled. */
export const kills = (stage: Stage): Promise<number> =>
  undisturbed(tenantOf(stage, 'later'), { people: 60, everyMs: 700, settleMs: 300_000 }, 'kills', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      await delay(1_000 + random.integer(4_000));
      if (round === 2) await restartServer(stage, 'nats');
      else if (round === 4) await restartServer(stage, 'postgresql');
      else await killPods(stage);
    }
  });
