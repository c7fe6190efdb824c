import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startSandbox, type SandboxAddress } from '@portico/sandbox';
import { stringify } from 'yaml';
import { realmFor, sandboxPortals } from './realm-file.js';
import { fileURLToPath } from 'node:url';

const HELP = `node apps/pipeline-e2e/dist/trial.js serve | secret | realm [--origin URL] [--pool NAME]

For trying Portico in a cluster without accounts at the vendors: a company and the portals of examples/acme.realm.yaml.

  serve    BambooHR and LearnUpon on port 8080
  secret   prints the Secret portico-tenants with the keys of all of them
  realm    prints the realm file that names them

  --origin URL  where the services reach it (http://sandbox:8080)
  --pool NAME   the pool of the tenant (shared)`;

const EXAMPLE = fileURLToPath(new URL('../../../examples/acme.realm.yaml', import.meta.url));

/** The same seed makes the same keys, so each command knows them by itself. */
const start = (port: number) =>
  startSandbox({
    ...{ employees: 60, seed: 1, company: 'acme', ratePerMinute: 300, host: '0.0.0.0', port },
    portals: sandboxPortals(EXAMPLE),
  });

const at = ({ bamboohr, learnupon, control }: SandboxAddress, origin: string): SandboxAddress => {
  const move = (url: string) => `${origin}${new URL(url).pathname}`;
  return {
    bamboohr: { ...bamboohr, url: move(bamboohr.url) },
    learnupon: learnupon.map((portal) => ({ ...portal, url: move(portal.url) })),
    control: move(control),
  };
};

const describe = async (origin: string, pool: string) => {
  const sandbox = await start(0);
  await sandbox.stop();
  return realmFor(readFileSync(EXAMPLE, 'utf8'), at(sandbox, origin), { pool, pollSeconds: 5 });
};

const secretOf = (secrets: Readonly<Record<string, Readonly<Record<string, string>>>>): string => {
  const entries = Object.entries(secrets).flatMap(([ref, values]) =>
    Object.entries(values).map(([key, value]) => [`${ref}.${key}`, value] as const),
  );
  return stringify({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'portico-tenants' },
    stringData: Object.fromEntries(entries),
  });
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    origin: { type: 'string', default: 'http://sandbox:8080' },
    pool: { type: 'string', default: 'shared' },
    help: { type: 'boolean', default: false },
  },
});
const [command] = positionals;
if (command === 'serve') {
  const sandbox = await start(8080);
  console.log(JSON.stringify({ ready: 'sandbox', control: sandbox.control }));
  process.once('SIGTERM', () => void sandbox.stop().then(() => process.exit(0)));
} else if (command === 'secret') {
  process.stdout.write(secretOf((await describe(values.origin, values.pool)).secrets));
} else if (command === 'realm') {
  process.stdout.write((await describe(values.origin, values.pool)).text);
} else {
  console.log(HELP);
  process.exitCode = values.help ? 0 : 2;
}
