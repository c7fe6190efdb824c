import { parseArgs } from 'node:util';
import { main, red, step } from '@portico/pipeline-e2e';
import { findImages } from './images.js';
import { Installation } from './installation.js';
import { findCluster, Namespace } from './namespace.js';
import { givenServers } from './parts/given-servers.js';
import { kills } from './parts/kills.js';
import { move } from './parts/move.js';
import { newTenant } from './parts/new-tenant.js';
import { rollout } from './parts/rollout.js';
import { scaling } from './parts/scaling.js';
import { story, upgrades } from './parts/story.js';
import { upgrade } from './parts/upgrade.js';
import { validate } from './parts/validate.js';
import type { Stage } from './stage.js';

const HELP = `npm run test:cluster -- [--all] [--only PART,…] [--keep]

Installs Portico with its sandbox into the cluster that KUBECONFIG names, in a namespace of its own that enforces the
restricted Pod Security standard, and judges what it does by the vendors' APIs alone. The namespace is removed afterwards.

  --all         also scaling, moving a tenant, kills, a roll-out under load and an upgrade from the previous commit
  --only PART   the first part, and of the others these: scaling, move, kills, rollout, upgrade
  --keep        leave the namespace there
  --help

Environment:
  KUBECONFIG                             which cluster; without one everything is skipped
  PORTICO_IMAGE, PORTICO_SANDBOX_IMAGE   images that the cluster can pull or has
  PORTICO_LOAD                           in place of these: the command that brings a local image into the cluster, such as
                                         "kind load docker-image"; the images are built from the working tree then`;

/** In this order: each works on what the ones before it left. */
const PARTS: Readonly<Record<string, (stage: Stage) => Promise<number>>> = { scaling, move, kills, rollout, upgrade };

const perform = async (stage: Stage, parts: readonly string[]): Promise<number> => {
  let faults = 0;
  const part = async (name: string, work: () => Promise<number>) => {
    step(`── ${name}`);
    faults += await work();
  };
  await part('every object is valid', async () => {
    const wrong = await validate(stage.namespace);
    for (const line of wrong) console.log(red(line));
    return wrong.length;
  });
  await part("the demo's story", () => story(stage));
  await part('upgrades without a reason to restart', () => upgrades(stage));
  await part('servers that are there already', () => givenServers(stage));
  await part('a tenant that comes later', () => newTenant(stage));
  for (const name of parts) await part(name, () => PARTS[name]?.(stage) ?? Promise.resolve(1));
  return faults;
};

/** Rejects when the test is to end, so that the namespace is removed. */
const interrupted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('interrupted'))));

const testCluster = async (parts: readonly string[], keep: boolean, signal: AbortSignal): Promise<number> => {
  const version = await findCluster();
  if (version === undefined) {
    console.error('SKIPPED: no cluster answers, so nothing of the chart was tried: name one in KUBECONFIG');
    return 0;
  }
  const images = await findImages();
  if (images === undefined) {
    console.error('PORTICO_IMAGE and PORTICO_SANDBOX_IMAGE, or PORTICO_LOAD, say which images to use: see --help');
    return 2;
  }
  const namespace = await Namespace.create();
  step(`Kubernetes ${version}, namespace ${namespace.name}`);
  const installation = new Installation(namespace, images.sandboxImage);
  const stage: Stage = { namespace, installation, ...images, tenants: new Map() };
  try {
    const faults = await Promise.race([perform(stage, parts), interrupted(signal)]);
    step(faults === 0 ? 'everything is right' : `${faults} faults`);
    if (faults > 0) console.log(await namespace.describeTrouble());
    return faults === 0 ? 0 : 1;
  } catch (error) {
    if (!signal.aborted) console.log(await namespace.describeTrouble());
    throw error;
  } finally {
    for (const tenant of stage.tenants.values()) tenant.close();
    installation.close();
    if (!keep) await namespace.remove();
  }
};

main(async (signal) => {
  const { values } = parseArgs({
    options: {
      all: { type: 'boolean', default: false },
      only: { type: 'string' },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const asked = values.only?.split(',') ?? (values.all ? Object.keys(PARTS) : []);
  const unknown = asked.filter((name) => !(name in PARTS));
  if (unknown.length > 0) {
    console.error(`no part is named ${unknown.join(', ')}: take of ${Object.keys(PARTS).join(', ')}`);
    return 2;
  }
  return testCluster(asked, values.keep, signal);
});
