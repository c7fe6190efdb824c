import { randomBytes } from 'node:crypto';
import { startStack } from '@portico/stack';
import { Client } from 'pg';
import { startPostgresContainer } from './containers.js';
import { eventually } from './eventually.js';
import { oncePerProcess } from './once-per-process.js';
import { chooseSource, type Source } from './source.js';

export interface DatabaseTemplate {
  /** Same name, same schema: it is migrated once per process and copied from then on. */
  readonly name: string;
  migrate(url: string): Promise<void>;
}

export interface TestDatabase {
  readonly url: string;
  /** Drops it, whoever is still connected. */
  close(): Promise<void>;
}

/** Databases that a killed run left behind in a server that stays. */
const staleMs = 3_600_000;
const ours = /^portico_(?:test|template)_([0-9a-z]+)_/;

const newName = (kind: 'test' | 'template') =>
  `portico_${kind}_${Date.now().toString(36)}_${randomBytes(5).toString('hex')}`;

async function connected<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

const run = (url: string, ...statements: string[]) =>
  connected(url, async (client) => {
    for (const statement of statements) await client.query(statement);
  });

function withDatabase(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function dropStale(url: string): Promise<void> {
  await connected(url, async (client) => {
    const { rows } = await client.query<{ datname: string }>('select datname from pg_database');
    for (const { datname } of rows) {
      const made = parseInt(ours.exec(datname)?.[1] ?? '', 36);
      if (Date.now() - made > staleMs) await client.query(`drop database if exists ${datname} with (force)`);
    }
  });
}

async function startServer(source: Source): Promise<string> {
  switch (source) {
    case 'given': {
      const url = process.env['DATABASE_URL'] as string;
      await dropStale(url);
      return url;
    }
    case 'testcontainers': {
      const { url } = await startPostgresContainer();
      await eventually('PostgreSQL in its container to answer', () => run(url, 'select 1').then(() => true), {
        timeoutMs: 30_000,
      });
      return url;
    }
    case 'embedded':
      return (await startStack({ nats: false, fsync: false })).postgresUrl;
  }
}

async function create(server: string, name: string, template?: string): Promise<void> {
  try {
    await run(server, `create database ${name}${template ? ` template ${template}` : ''}`);
  } catch (error) {
    if ((error as { code?: string }).code !== '42501') throw error;
    throw new Error(
      'The role of DATABASE_URL may not create databases, which every test needs: alter role … createdb, or leave DATABASE_URL out.',
      { cause: error },
    );
  }
}

async function makeTemplate(server: string, { migrate }: DatabaseTemplate): Promise<string> {
  const name = newName('template');
  await create(server, name);
  await migrate(withDatabase(server, name));
  // A database can be copied only while nobody is connected to it.
  await run(
    server,
    `alter database ${name} allow_connections false`,
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`,
  );
  return name;
}

/** An empty database of the test's own, or a copy of a migrated one. The server is started once per process, and goes with it. */
export async function testDatabase({ template }: { template?: DatabaseTemplate } = {}): Promise<TestDatabase> {
  const source = await chooseSource('postgres');
  const server = await oncePerProcess(`postgres ${source}`, () => startServer(source));
  const copied =
    template && (await oncePerProcess(`template ${template.name} ${server}`, () => makeTemplate(server, template)));
  const name = newName('test');
  await create(server, name, copied);
  return { url: withDatabase(server, name), close: () => run(server, `drop database if exists ${name} with (force)`) };
}
