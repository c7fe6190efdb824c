import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeTopology, MIGRATE_USER, renderNatsUsers } from '@portico/messaging';
import type { SandboxAddress, SandboxOptions } from '@portico/sandbox';
import { startStack, type Stack } from '@portico/stack';
import { createDatabases } from './databases.js';
import { runToEnd, startProcess, type ManagedProcess } from './managed-process.js';

export const repository = fileURLToPath(new URL('../../..', import.meta.url));

export const SERVICE_NAMES = ['bamboohr-ingestion', 'realm-policy', 'learnupon-provisioning'] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

export interface LocalOptions {
  readonly sandbox: SandboxOptions;
  /** The tenant that the command line speaks of where no other is named. */
  readonly tenant?: string;
  /** More environment for a service, such as shorter settling times. */
  readonly serviceEnv?: Partial<Record<ServiceName, Readonly<Record<string, string>>>>;
  /** Processes of each service, of which `services` has the first; 1 unless told. */
  readonly replicas?: number;
  readonly log?: (line: string) => void;
}

/** Portico whole on one machine: real servers, the sandbox in the vendors' place, and the services as processes. */
export interface LocalPortico {
  readonly stack: Stack;
  readonly sandbox: SandboxAddress;
  readonly services: Readonly<Record<ServiceName | 'admin-api' | 'sandbox', ManagedProcess>>;
  readonly directory: string;
  readonly adminUrl: string;
  readonly tokenFile: string;
  /** How a user of NATS reaches it, as the environment of a service says it. */
  natsEnv(user: string): Readonly<Record<'NATS_URL' | 'NATS_USER' | 'NATS_PASSWORD', string>>;
  /** Writes one value of a secret that the services read from their mounted directory. */
  writeSecret(ref: string, values: Readonly<Record<string, string>>): void;
  /** Runs `portico …` to its end and returns what it printed. */
  cli(...args: readonly string[]): Promise<string>;
  cliEnv(): Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

const POOLS = ['shared'];
const randomKey = () => randomBytes(18).toString('base64url');
const entry = (app: string, file = 'main') => join(repository, 'apps', app, 'dist', `${file}.js`);

/** The first has the service's name. */
const replicasOf = (name: ServiceName, replicas: number): string[] =>
  Array.from({ length: replicas }, (_, index) => (index === 0 ? name : `${name}-${index + 1}`));

const startAll = async (options: LocalOptions, undo: (() => Promise<void>)[]): Promise<Omit<LocalPortico, 'stop'>> => {
  const log = options.log ?? (() => undefined);
  const topology = describeTopology({ pools: POOLS });
  const passwords = Object.fromEntries(topology.users.map((user) => [user.user, randomKey()]));
  const stack = await startStack({ natsConfig: renderNatsUsers(topology, passwords), log });
  undo.push(() => stack.stop());
  // Below the stack's folder, which goes with the stack even where this process is killed.
  const directory = join(stack.directory, 'local');
  mkdirSync(directory, { mode: 0o700 });

  const secrets = join(directory, 'secrets');
  mkdirSync(secrets, { recursive: true });
  const writeSecret = (ref: string, values: Readonly<Record<string, string>>) => {
    mkdirSync(join(secrets, ref), { recursive: true });
    for (const [key, value] of Object.entries(values)) writeFileSync(join(secrets, ref, key), value, { mode: 0o600 });
  };
  const tokenFile = join(directory, 'token');
  const token = randomKey();
  writeFileSync(tokenFile, token, { mode: 0o600 });
  const tokensFile = join(directory, 'tokens.json');
  writeFileSync(tokensFile, JSON.stringify([{ token, tenant: '*', role: 'admin', name: 'local' }]), { mode: 0o600 });

  const databases = await createDatabases(stack.postgresUrl, SERVICE_NAMES);
  const natsEnv = (user: string) => ({
    NATS_URL: stack.natsUrl,
    NATS_USER: user,
    NATS_PASSWORD: passwords[user] ?? '',
  });
  const processSpec = (name: string) => ({ name, cwd: directory, logFile: join(directory, 'logs', `${name}.log`) });

  const sandboxProcess = await startProcess({
    ...processSpec('sandbox'),
    script: entry('pipeline-e2e', 'sandbox-process'),
    args: [JSON.stringify(options.sandbox)],
  });
  undo.push(() => sandboxProcess.stop());
  const sandbox = sandboxProcess.ready() as unknown as SandboxAddress;
  log(`sandbox: BambooHR and ${sandbox.learnupon.length} LearnUpon portals at ${new URL(sandbox.control).origin}`);

  const serviceEnv = (name: ServiceName) => ({
    ...natsEnv(name),
    DATABASE_URL: databases[name] ?? '',
    POOLS: POOLS.join(','),
    POOLS_AVAILABLE: POOLS.join(','),
    PORT: '0',
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'info',
    SECRETS_DIR: secrets,
    CLOCK_URL: `${sandbox.control}/clock`,
    ...options.serviceEnv?.[name],
  });
  await Promise.all([
    runToEnd({
      ...processSpec('streams'),
      script: entry('admin-api', 'migrate'),
      env: { ...natsEnv(MIGRATE_USER), POOLS: POOLS.join(',') },
    }),
    ...SERVICE_NAMES.map((name) =>
      runToEnd({ ...processSpec(`${name} migration`), script: entry(name, 'migrate'), env: serviceEnv(name) }),
    ),
  ]);
  log('databases migrated; streams, consumers and NATS users made');

  const starting = [
    ...SERVICE_NAMES.flatMap((name) =>
      replicasOf(name, options.replicas ?? 1).map((replica) => ({
        ...processSpec(replica),
        script: entry(name),
        env: serviceEnv(name),
        // All of them start at once.
        readyWithin: 30_000 * (options.replicas ?? 1),
      })),
    ),
    {
      ...processSpec('admin-api'),
      script: entry('admin-api'),
      env: { ...natsEnv('admin-api'), PORT: '0', TOKENS_FILE: tokensFile, LOG_LEVEL: 'info' },
    },
  ].map(startProcess);
  undo.push(async () => {
    const started = await Promise.allSettled(starting);
    await Promise.all(started.map((one) => (one.status === 'fulfilled' ? one.value.stop() : undefined)));
  });
  const processes = await Promise.all(starting);
  log(`services ready: ${processes.map(({ name }) => name).join(', ')}`);

  const services = Object.fromEntries(
    [...processes, sandboxProcess].map((one) => [one.name, one]),
  ) as LocalPortico['services'];
  const adminUrl = `http://127.0.0.1:${String(services['admin-api'].ready()['port'])}`;
  const cliEnv = () => ({
    PORTICO_URL: adminUrl,
    PORTICO_TOKEN_FILE: tokenFile,
    ...(options.tenant === undefined ? {} : { PORTICO_TENANT: options.tenant }),
  });
  return {
    stack,
    sandbox,
    services,
    directory,
    adminUrl,
    tokenFile,
    natsEnv,
    writeSecret,
    cliEnv,
    cli: async (...args) =>
      (await runToEnd({ name: `portico ${args[0] ?? ''}`, script: entry('cli'), args, env: cliEnv(), cwd: directory }))
        .stdout,
  };
};

/** Starts everything on free ports in a folder of its own; on a failure, what was started is stopped again. */
export const startLocalPortico = async (options: LocalOptions): Promise<LocalPortico> => {
  const undo: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return { ...(await startAll(options, undo)), stop };
  } catch (cause) {
    await stop();
    throw cause;
  }
};
