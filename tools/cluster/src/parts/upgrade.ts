import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { repository, step } from '@portico/pipeline-e2e';
import { undisturbed } from '../churn.js';
import { buildImage, canBuild } from '../images.js';
import { baseValues, Installation } from '../installation.js';
import { Namespace } from '../namespace.js';
import { run } from '../run.js';
import type { Stage } from '../stage.js';
import { Tenant } from '../tenant.js';
import { small } from './new-tenant.js';

const DOCKERFILE = 'deploy/docker/Dockerfile';
/** What images and chart are made from. */
const SOURCES = ['deploy/helm', 'deploy/docker', 'apps', 'libs', 'package-lock.json'];

interface Version {
  readonly name: string;
  readonly commit: string;
}

const git = async (...args: readonly string[]): Promise<string[]> =>
  (await run('git', ['-C', repository, ...args])).split('\n').filter((line) => line !== '');

const hasImages = async (commit: string): Promise<boolean> =>
  (await git('ls-tree', '--name-only', commit, DOCKERFILE)).length > 0;

/** The commit before the last one that changed chart or images, and the newest tag; those that had images already. */
const earlierVersions = async (): Promise<readonly Version[]> => {
  const [, previous] = await git('log', '-2', '--format=%H', '--', ...SOURCES);
  const [tag] = await git('tag', '--list', 'v*', '--sort=-v:refname');
  const found: Version[] = [];
  if (previous !== undefined && (await hasImages(previous)))
    found.push({ name: `commit ${previous.slice(0, 7)}`, commit: previous });
  if (tag !== undefined && (await hasImages(tag))) found.push({ name: `tag ${tag}`, commit: tag });
  return found;
};

/** Installs an earlier version, has it work, and upgrades it in the middle of the work. */
const upgradeFrom = async (stage: Stage, { name, commit }: Version): Promise<number> => {
  const namespace = await Namespace.create();
  const installation = new Installation(namespace, stage.sandboxImage);
  const source = join(installation.directory, 'earlier');
  let tenant: Tenant | undefined;
  try {
    mkdirSync(source);
    await run('sh', ['-c', `git -C '${repository}' archive ${commit} | tar -x -C '${source}'`]);
    const image = await buildImage(`portico:earlier-${commit.slice(0, 12)}`, 'portico', source);
    tenant = await Tenant.open(installation, small('upgraded'));
    // Before the pods: kubelet takes up to two minutes to show them a Secret that was not there.
    await tenant.configure();
    await installation.install(baseValues(image), join(source, 'deploy/helm/portico'));
    await tenant.apply();
    await tenant.sync('full', 240_000);
    await tenant.untilRight(120_000);
    step(`${name} is installed and has provisioned; now it is upgraded under load`);
    return await undisturbed(tenant, { people: 60, everyMs: 700 }, `an upgrade from ${name}`, () =>
      installation.upgrade({ image: baseValues(stage.image)['image'] }),
    );
  } finally {
    tenant?.close();
    installation.close();
    await namespace.remove();
  }
};

/** From what came before, under load: the old pods go on working on the new schema meanwhile. */
export const upgrade = async (stage: Stage): Promise<number> => {
  if (!canBuild()) {
    step('SKIPPED: PORTICO_LOAD does not say how an image is brought into the cluster, so no earlier one can be built');
    return 0;
  }
  const versions = await earlierVersions();
  if (versions.length === 0) {
    step('SKIPPED: there is no earlier version with a chart');
    return 0;
  }
  // One machine may not bear two installations.
  for (const tenant of stage.tenants.values()) tenant.close();
  stage.tenants.clear();
  await stage.installation.uninstall();
  let faults = 0;
  for (const version of versions) faults += await upgradeFrom(stage, version);
  return faults;
};
