import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { startStack } from '@portico/stack';
import { Client } from 'pg';
import { testDatabase, testNats, testServers } from '../src/index.js';
import { whyNotDocker } from '../src/source.js';

const { PORTICO_TEST_SERVERS, DATABASE_URL, NATS_URL } = process.env;
const setEnv = (variables: Record<string, string | undefined>) => {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
};
afterAll(() => setEnv({ PORTICO_TEST_SERVERS, DATABASE_URL, NATS_URL }));

async function query<Row>(url: string, text: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows as Row[];
  } finally {
    await client.end();
  }
}

async function streamNames(url: string, user?: { user: string; pass: string }): Promise<string[]> {
  const connection = await connect({ servers: url, reconnect: false, ...user });
  try {
    const names: string[] = [];
    for await (const name of (await jetstreamManager(connection)).streams.names()) names.push(name);
    return names.filter((name) => name !== 'PORTICO_TEST_LOCK');
  } finally {
    await connection.close();
  }
}

async function addStream(url: string, name: string): Promise<void> {
  const connection = await connect({ servers: url });
  await (await jetstreamManager(connection)).streams.add({ name, subjects: [name] });
  await connection.close();
}

/** What holds wherever the servers come from. */
function behaves(): void {
  test('a database is a test’s own, and goes when it is closed', async () => {
    const [one, two] = [await testDatabase(), await testDatabase()];
    await query(one.url, 'create table mine ()');
    expect(await query(two.url, `select to_regclass('mine') as mine`)).toEqual([{ mine: null }]);
    await one.close();
    await expect(query(one.url, 'select 1')).rejects.toThrow(/does not exist/);
    await two.close();
  });

  test('a template is migrated once and copied, also when its migration stays connected', async () => {
    let migrations = 0;
    const name = `people ${Math.random()}`;
    const migrate = async (url: string) => {
      migrations += 1;
      const client = new Client({ connectionString: url });
      client.on('error', () => undefined); // The template's connections are ended for the copy.
      await client.connect();
      await client.query(`create table people as select 'Ann' as name`);
    };
    const databases = await Promise.all([1, 2, 3].map(() => testDatabase({ template: { name, migrate } })));
    for (const { url } of databases)
      expect(await query(url, 'update people set name = name || current_database() returning 1 as done')).toEqual([
        { done: 1 },
      ]);
    expect(migrations).toBe(1);
    await Promise.all(databases.map((database) => database.close()));
  });

  test('a JetStream begins empty, and takes what it holds with it', async () => {
    const first = await testNats();
    expect(await streamNames(first.url)).toEqual([]);
    await addStream(first.url, 'LEFT');
    await first.close();
    const second = await testNats();
    expect(await streamNames(second.url)).toEqual([]);
    await second.close();
  });

  test('a NATS server takes users of the test’s own', async () => {
    const nats = await testNats({ config: 'authorization { users: [{ user: ann, password: secret }] }' });
    await expect(streamNames(nats.url)).rejects.toThrow(/authorization/i);
    expect(await streamNames(nats.url, { user: 'ann', pass: 'secret' })).toEqual([]);
    await nats.close();
  });
}

describe('embedded', () => {
  beforeAll(() => setEnv({ PORTICO_TEST_SERVERS: 'embedded', DATABASE_URL: undefined, NATS_URL: undefined }));
  behaves();
});

// Without a Docker engine there is nothing to run it on: the reason is said aloud and the tests count as skipped.
const reason = await whyNotDocker('postgres', 'nats');
if (reason) process.stderr.write(`SKIPPED: the suite on testcontainers, because ${reason}.\n`);
(reason ? describe.skip : describe)('testcontainers', () => {
  beforeAll(() => setEnv({ PORTICO_TEST_SERVERS: 'testcontainers', DATABASE_URL: undefined, NATS_URL: undefined }));
  behaves();
});

describe('given', () => {
  const starting = startStack({ fsync: false, log: () => undefined });
  beforeAll(async () => {
    const { postgresUrl, natsUrl } = await starting;
    setEnv({ PORTICO_TEST_SERVERS: undefined, DATABASE_URL: postgresUrl, NATS_URL: natsUrl });
  });
  afterAll(async () => (await starting).stop());
  behaves();

  test('two tests at once take turns in a given NATS server', async () => {
    const first = await testNats();
    const turns: string[] = [];
    const second = testNats().then((nats) => {
      turns.push('second has it');
      return nats;
    });
    await addStream(first.url, 'MINE');
    turns.push('first gives it back');
    await first.close();
    const { url, close } = await second;
    expect(await streamNames(url)).toEqual([]);
    expect(turns).toEqual(['first gives it back', 'second has it']);
    await close();
  });

  test('streams that a given NATS server holds already are refused, and stay', async () => {
    const { natsUrl } = await starting;
    await addStream(natsUrl, 'PRECIOUS');
    await expect(testNats()).rejects.toThrow(/has streams already \(PRECIOUS\)/);
    expect(await streamNames(natsUrl)).toEqual(['PRECIOUS']);
  });
});

test('a misspelt PORTICO_TEST_SERVERS is refused', async () => {
  setEnv({ PORTICO_TEST_SERVERS: 'docker' });
  await expect(testDatabase()).rejects.toThrow(
    'PORTICO_TEST_SERVERS is "docker"; it can be "testcontainers", "embedded", or left out.',
  );
});

test('servers of a test’s own can be killed and come back', async () => {
  const servers = await testServers();
  await query(servers.postgres.url, 'create table kept ()');
  await Promise.all([servers.postgres.kill(), servers.nats.kill()]);
  await expect(query(servers.postgres.url, 'select 1')).rejects.toThrow(/ECONNREFUSED/);
  await expect(streamNames(servers.nats.url)).rejects.toThrow();
  await Promise.all([servers.postgres.restart(), servers.nats.restart()]);
  expect(await query(servers.postgres.url, `select to_regclass('kept')::text as kept`)).toEqual([{ kept: 'kept' }]);
  expect(await streamNames(servers.nats.url)).toEqual([]);
  await servers.close();
});
