import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { Client } from 'pg';
import { type Stack, startStack } from '../src/index.js';

const quiet = { fsync: false, log: () => undefined };

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // An ended orphan that nobody has waited for yet is no process any more.
  return process.platform !== 'linux' || !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

async function eventually(what: string, probe: () => boolean): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!probe()) {
    if (performance.now() > deadline) throw new Error(`Waited 15 s for: ${what}`);
    await delay(20);
  }
}

describe('a stack', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack(quiet);
  });
  afterAll(() => stack.stop());

  test('serves a real PostgreSQL and a JetStream', async () => {
    expect(
      await query(
        stack.postgresUrl,
        `select current_setting('server_version') like '18%' as new, pg_is_in_recovery() as standby`,
      ),
    ).toEqual([{ new: true, standby: false }]);
    const nats = await connect({ servers: stack.natsUrl });
    expect((await (await jetstreamManager(nats)).getAccountInfo()).streams).toBe(0);
    await nats.close();
  });

  test('keeps what PostgreSQL committed when all of its processes are killed', async () => {
    const { postgresPid: before, postgresUrl } = stack;
    await query(postgresUrl, 'create table kept as select 42 as answer');
    await stack.killPostgres();
    expect(isAlive(before)).toBe(false);
    await expect(query(postgresUrl, 'select 1')).rejects.toThrow('ECONNREFUSED');

    await stack.restartPostgres();
    expect(stack.postgresUrl).toBe(postgresUrl);
    expect(stack.postgresPid).not.toBe(before);
    expect(await query(postgresUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
  });

  test('keeps what JetStream acknowledged when nats-server is killed', async () => {
    const { natsUrl } = stack;
    const first = await connect({ servers: natsUrl, reconnect: false });
    await (await jetstreamManager(first)).streams.add({ name: 'KEPT', subjects: ['kept'] });
    await jetstream(first).publish('kept', 'here');
    await stack.killNats();
    await first.closed();

    await stack.restartNats();
    expect(stack.natsUrl).toBe(natsUrl);
    const second = await connect({ servers: natsUrl });
    const message = await (await jetstreamManager(second)).streams.getMessage('KEPT', { last_by_subj: 'kept' });
    expect(message?.string()).toBe('here');
    await second.close();
  });
});

test('a stopped stack leaves neither a process nor a folder', async () => {
  const stack = await startStack(quiet);
  const { postgresPid, natsPid, directory } = stack;
  await stack.stop();
  await stack.stop();
  expect([isAlive(postgresPid), isAlive(natsPid), existsSync(directory)]).toEqual([false, false, false]);
});

test('a stack with only one server says so when asked for the other', async () => {
  const stack = await startStack({ ...quiet, postgres: false });
  expect(() => stack.postgresUrl).toThrow('PostgreSQL was not started by this stack.');
  await stack.stop();
});

test('a server that cannot start gives its own words, and nothing stays behind', async () => {
  await expect(startStack({ ...quiet, postgres: false, natsConfig: 'nonsense {' })).rejects.toThrow(
    /nats-server did not start:\n.*Parse error/,
  );
});

test('users of nats.conf are obeyed', async () => {
  const stack = await startStack({
    ...quiet,
    postgres: false,
    natsConfig: 'authorization { users: [{ user: ann, password: secret }] }',
  });
  await expect(connect({ servers: stack.natsUrl })).rejects.toThrow(/authorization/i);
  await (await connect({ servers: stack.natsUrl, user: 'ann', pass: 'secret' })).close();
  await stack.stop();
});

// As its users run it, hence from dist: build the project first.
test('a parent that is killed leaves neither a process nor a folder', async () => {
  const program = `
    import { startStack } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)};
    const { postgresPid, natsPid, directory } = await startStack({ fsync: false, log: () => {} });
    console.log(JSON.stringify({ postgresPid, natsPid, directory }));
    setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
  const { postgresPid, natsPid, directory } = JSON.parse(line) as {
    postgresPid: number;
    natsPid: number;
    directory: string;
  };
  expect([isAlive(postgresPid), isAlive(natsPid), existsSync(directory)]).toEqual([true, true, true]);

  parent.kill('SIGKILL');
  await eventually(
    'both servers and the folder to go',
    () => !isAlive(postgresPid) && !isAlive(natsPid) && !existsSync(directory),
  );
});
