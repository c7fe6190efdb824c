import 'reflect-metadata';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  connectNats,
  describeChange,
  describeTopology,
  migrateTopology,
  renderNatsUsers,
  requireConsumers,
  type Topology,
} from '@portico/messaging';
import { awaitNeeds, describeConfig, loadConfig, runMain } from '@portico/service-kit';
import { NatsMigrationConfig, TopologyConfig } from './migrate-config.js';

const HELP = `Makes Portico's streams and consumers in NATS as this version describes them, or says what it would change.

  node dist/migrate.js [--dry-run]
  node dist/migrate.js --users-file <out> --passwords <directory>

  --dry-run               print the changes and make none
  --users-file <out>      write the users for nats.conf there, and leave NATS alone
  --passwords <directory> one file per user, named like it, with its password (plain or bcrypt)
  --help                  this text

Environment (each also as <NAME>_FILE, a file that holds it):
${describeConfig(NatsMigrationConfig)}
`;

const topologyFor = ({ pools, replicas, ...retention }: TopologyConfig): Topology =>
  describeTopology({ pools, replicas, retention });

/** @throws Error naming every user that has no password. */
const readPasswords = async (topology: Topology, directory: string): Promise<Record<string, string>> => {
  const read = async (user: string) =>
    readFile(join(directory, user), 'utf8').then(
      (text) => text.trim(),
      () => '',
    );
  const passwords = await Promise.all(topology.users.map(async ({ user }) => [user, await read(user)] as const));
  const missing = passwords.filter(([, password]) => password === '').map(([user]) => user);
  if (missing.length > 0)
    throw new Error(`no password for ${missing.join(', ')}: write a file for each into ${directory}`);
  return Object.fromEntries(passwords);
};

const writeUsers = async (file: string, passwords: string | undefined): Promise<void> => {
  if (passwords === undefined) throw new Error('--users-file also needs --passwords <directory>: see --help');
  const topology = topologyFor(loadConfig(TopologyConfig));
  const users = renderNatsUsers(topology, await readPasswords(topology, passwords));
  await writeFile(file, users, { mode: 0o600 });
  print(`${topology.users.length} users written to ${file}`);
};

const migrate = async (dryRun: boolean): Promise<void> => {
  const config = loadConfig(NatsMigrationConfig);
  const { natsUrl: url, natsUser: user, natsPassword: password, startWaitSeconds: seconds } = config;
  const options = { url, user, password, name: 'portico-migrate' };
  await awaitNeeds([() => requireConsumers(options, [])], {
    seconds,
    onWait: (reason) => print(`waiting for: ${reason}`),
  });
  const connection = await connectNats(options);
  try {
    const changes = await migrateTopology(connection, topologyFor(config), { dryRun });
    print(changes.length === 0 ? 'nothing to change' : changes.map(describeChange).join('\n'));
    if (dryRun && changes.some(({ kind }) => kind === 'impossible')) process.exitCode = 1;
  } finally {
    await connection.close();
  }
};

const print = (text: string): void => void process.stdout.write(`${text}\n`);

await runMain('migrate-nats', async () => {
  const { values } = parseArgs({
    options: {
      'dry-run': { type: 'boolean', default: false },
      'users-file': { type: 'string' },
      passwords: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) print(HELP);
  else if (values['users-file'] === undefined) await migrate(values['dry-run']);
  else await writeUsers(values['users-file'], values.passwords);
});
