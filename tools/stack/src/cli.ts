import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { givenServers, startStack } from './start-stack.js';

const help = `Starts a PostgreSQL and a nats-server (JetStream) and serves until Ctrl-C.

  node tools/stack/dist/cli.js [--directory FOLDER] [--postgres-port N] [--nats-port N]

  --directory FOLDER   keep the data there (default: a temporary folder, removed at the end)
  --postgres-port N    default: a free port
  --nats-port N        default: a free port

Prints one JSON line when both are ready: {"postgresUrl":"…","natsUrl":"…"}.
DATABASE_URL and NATS_URL: where given, that server is used and not started.
`;

const { values } = parseArgs({
  options: {
    help: { type: 'boolean' },
    directory: { type: 'string' },
    'postgres-port': { type: 'string' },
    'nats-port': { type: 'string' },
  },
});

async function serve(): Promise<void> {
  const { directory, 'postgres-port': postgres, 'nats-port': nats } = values;
  const interrupted = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  const stack = await startStack({
    given: givenServers(),
    ...(directory ? { directory } : {}),
    ports: { ...(postgres ? { postgres: Number(postgres) } : {}), ...(nats ? { nats: Number(nats) } : {}) },
  });
  console.log(JSON.stringify({ postgresUrl: stack.postgresUrl, natsUrl: stack.natsUrl }));
  const awake = setInterval(() => undefined, 1 << 30);
  await interrupted;
  clearInterval(awake);
  await stack.stop();
}

if (values.help) process.stdout.write(help);
else {
  serve().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
