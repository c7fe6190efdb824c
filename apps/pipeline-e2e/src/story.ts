import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { repository, startLocalPortico, type LocalPortico } from './local-portico.js';
import { sandboxPortals, writeRealmFile } from './realm-file.js';
import { sandboxControl, type SandboxControl } from './sandbox-control.js';
import { bold, dim, step } from './terminal.js';

export const TENANT = 'acme';
const EXAMPLE = join(repository, 'examples/acme.realm.yaml');

export interface Story {
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly local: LocalPortico;
  readonly control: SandboxControl;
  readonly realmFile: string;
}

/** Everything running, and a realm file that points at the sandbox; nothing applied yet. */
export const beginStory = async (signal: AbortSignal, options: { employees: number; seed: number }): Promise<Story> => {
  const given = ['DATABASE_URL', 'NATS_URL'].filter((name) => process.env[name]);
  if (given.length > 0) step(`${given.join(' and ')}: not used, the story starts servers of its own`);
  step('starting PostgreSQL, NATS, the sandbox and the services');
  const local = await startLocalPortico({
    tenant: TENANT,
    sandbox: { ...options, portals: sandboxPortals(EXAMPLE), company: TENANT, ratePerMinute: 3000 },
    // The sandbox shows what it did at once; the real LearnUpon is given longer, which is the default.
    serviceEnv: { 'learnupon-provisioning': { SETTLE_SECONDS: '2', INVITE_POLL_SECONDS: '5' } },
    log: step,
  });
  const realmFile = join(local.directory, 'acme.realm.yaml');
  writeRealmFile(EXAMPLE, realmFile, local.sandbox, local.writeSecret, { pollSeconds: 3 });
  return { signal, local, control: sandboxControl(local.sandbox.control), realmFile };
};

/** Runs a command of the real command line for all to see. */
export const portico = async ({ local, signal }: Story, ...args: readonly string[]): Promise<void> => {
  console.log(`\n${dim('$')} ${bold(`portico ${args.join(' ')}`)}`);
  const child = spawn(process.execPath, [join(repository, 'apps/cli/dist/main.js'), ...args], {
    env: { ...process.env, ...local.cliEnv() },
    stdio: 'inherit',
    cwd: local.directory,
    signal,
  });
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('close', resolve).once('error', reject),
  );
  if (code !== 0) throw new Error(`portico ${args.join(' ')} ended with ${code}`);
};

/** The first sync: the realm is applied, everybody is read, decided and provisioned. */
export const firstSync = async (story: Story): Promise<void> => {
  await portico(story, 'apply', '-f', story.realmFile, '--yes');
  await portico(story, 'run', '--full', '--wait');
};
