import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { oncePerProcess, sayOnce } from './once-per-process.js';

/** Where the servers of a test come from. */
export type Source = 'given' | 'testcontainers' | 'embedded';

export const images = { postgres: 'postgres:18', nats: 'nats:2.12' } as const;
export const variables = { postgres: 'DATABASE_URL', nats: 'NATS_URL' } as const;
const titles = { postgres: 'PostgreSQL', nats: 'NATS' } as const;
export type Server = keyof typeof images;

const docker = promisify(execFile).bind(undefined, 'docker');

/** Why Docker cannot be used for these images, or nothing where it can. Looks once per process. */
export function whyNotDocker(...servers: Server[]): Promise<string | undefined> {
  return oncePerProcess(`docker ${servers.join()}`, async () => {
    try {
      await docker(['info', '--format', '{{.ServerVersion}}'], { timeout: 5_000 });
    } catch {
      return 'no Docker engine answers';
    }
    for (const image of servers.map((server) => images[server])) {
      try {
        await docker(['image', 'inspect', image], { timeout: 5_000 }).catch(() =>
          docker(['pull', '--quiet', image], { timeout: 60_000 }),
        );
      } catch {
        return `Docker answers, but the image ${image} is not there and cannot be pulled`;
      }
    }
    return undefined;
  });
}

/** What PORTICO_TEST_SERVERS asks for, else what DATABASE_URL or NATS_URL give, else testcontainers where Docker answers, else embedded. Says so once. */
export async function chooseSource(server: Server): Promise<Source> {
  const [source, why] = await choose(server);
  await sayOnce(`${titles[server]} ${why}`);
  return source;
}

async function choose(server: Server): Promise<[Source, string]> {
  const wanted = process.env['PORTICO_TEST_SERVERS'];
  switch (wanted) {
    case 'embedded':
      return ['embedded', 'embedded, as PORTICO_TEST_SERVERS asks'];
    case 'testcontainers': {
      const reason = await whyNotDocker(server);
      if (reason)
        throw new Error(
          `PORTICO_TEST_SERVERS asks for testcontainers, but ${reason}. Start Docker, or leave the variable out.`,
        );
      return ['testcontainers', `on testcontainers (${images[server]}), as PORTICO_TEST_SERVERS asks`];
    }
    case undefined:
    case '':
      break;
    default:
      throw new Error(`PORTICO_TEST_SERVERS is "${wanted}"; it can be "testcontainers", "embedded", or left out.`);
  }
  if (process.env[variables[server]]) return ['given', `from ${variables[server]}`];
  const reason = await whyNotDocker(server);
  return reason ? ['embedded', `embedded (${reason})`] : ['testcontainers', `on testcontainers (${images[server]})`];
}
