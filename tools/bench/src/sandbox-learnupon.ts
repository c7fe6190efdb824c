import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'undici';
import { repository, startProcess, type ManagedProcess } from '@portico/pipeline-e2e';
import type { SandboxAddress } from '@portico/sandbox';
import { usageOf } from './process-usage.js';

const WRITES = 20_000;
/** The first writes of a process are slow: not counted. */
const WARM_UP = 5_000;
const LIST_SECONDS = 3;
const CONNECTIONS = 8;
const PORTAL = 'academy';

interface Target {
  readonly process: ManagedProcess;
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Speed {
  /** What the server did in a second of its own CPU time: one core's worth, however busy the machine is. */
  readonly perCpuSecond: number;
  readonly perSecond: number;
}

export interface SandboxLearnUponMeasure {
  readonly writes: Speed;
  readonly floorWrites: Speed;
  readonly megabytes: Speed;
  readonly floorMegabytes: Speed;
  readonly writesRatio: number;
  readonly listRatio: number;
}

const bodyOf = (index: number): string =>
  JSON.stringify({
    User: {
      email: `person${index}@bench.example`,
      password: 'a-long-random-password-0123456789',
      first_name: 'Ada',
      last_name: `Moss ${index}`,
      language: 'en',
      user_type: 'learner',
      CustomData: { Department: 'Engineering', 'Hire Date': '2026-02-01' },
    },
  });

const startTarget = (name: string, script: string, args: readonly string[]): Promise<ManagedProcess> =>
  startProcess({
    name,
    script: join(repository, script),
    args,
    cwd: repository,
    logFile: join(tmpdir(), `portico-bench-${name}.log`),
  });

const startSandbox = async (): Promise<Target> => {
  const customFields = [{ label: 'Department' }, { label: 'Hire Date', type: 'date' }];
  const options = { employees: 0, seed: 1, ratePerMinute: null, portals: [{ portal: PORTAL, customFields }] };
  const process = await startTarget('sandbox', 'apps/pipeline-e2e/dist/sandbox-process.js', [JSON.stringify(options)]);
  const [address] = (process.ready() as unknown as SandboxAddress).learnupon;
  if (!address) throw new Error('the sandbox has no portal');
  const { origin, pathname } = new URL(address.url);
  const keys = Buffer.from(`${address.username}:${address.password}`).toString('base64');
  return {
    process,
    origin,
    path: `${pathname}/api/v1/users`,
    headers: { authorization: `Basic ${keys}`, accept: 'application/json' },
  };
};

const startFloor = async (pageBytes: number): Promise<Target> => {
  const process = await startTarget('http-floor', 'tools/bench/dist/http-floor.js', [String(pageBytes)]);
  return { process, origin: String(process.ready()['url']), path: '/', headers: {} };
};

/** Runs `work` on each connection at once; counts what all of them return. */
const measure = async (
  { process, origin }: Target,
  work: (client: Client) => Promise<number>,
): Promise<Speed & { readonly amount: number }> => {
  const clients = Array.from({ length: CONNECTIONS }, () => new Client(origin));
  const cpuBefore = usageOf(process.pid()).cpuMs;
  const began = performance.now();
  const amounts = await Promise.all(clients.map(work));
  const seconds = (performance.now() - began) / 1_000;
  const cpuSeconds = Math.max(1, usageOf(process.pid()).cpuMs - cpuBefore) / 1_000;
  await Promise.all(clients.map((client) => client.close()));
  const amount = amounts.reduce((total, each) => total + each, 0);
  return { amount, perSecond: amount / seconds, perCpuSecond: amount / cpuSeconds };
};

const post = (target: Target, from: number, count: number) => {
  let next = from;
  return measure(target, async (client) => {
    let done = 0;
    for (let index = next++; index < from + count; index = next++, done += 1) {
      const headers = { ...target.headers, 'content-type': 'application/json' };
      const answer = await client.request({ method: 'POST', path: target.path, headers, body: bodyOf(index) });
      if (answer.statusCode !== 200) throw new Error(`a write was answered ${answer.statusCode}`);
      await answer.body.dump();
    }
    return done;
  });
};

/** Bytes of one page, read to its end without looking at it. */
const readPage = async (client: Client, { path, headers }: Target, page: number): Promise<number> => {
  const answer = await client.request({ method: 'GET', path: `${path}?version_id=1.2&page=${page}`, headers });
  let bytes = 0;
  for await (const piece of answer.body as AsyncIterable<Buffer>) bytes += piece.length;
  return bytes;
};

const list = async (target: Target, pages: number) => {
  const until = performance.now() + LIST_SECONDS * 1_000;
  let next = 0;
  return measure(target, async (client) => {
    let megabytes = 0;
    while (performance.now() < until) megabytes += (await readPage(client, target, 1 + (next++ % pages))) / 1e6;
    return megabytes;
  });
};

const measureTarget = async (target: Target, pages: number) => {
  try {
    await post(target, 0, WARM_UP);
    const writes = await post(target, WARM_UP, WRITES);
    const client = new Client(target.origin);
    const pageBytes = await readPage(client, target, 1);
    await client.close();
    return { writes, megabytes: await list(target, pages), pageBytes };
  } finally {
    await target.process.stop();
  }
};

/** User writes and lists of users of the sandbox, beside a bare node:http server that is asked for the same. */
export const measureSandboxLearnUpon = async (): Promise<SandboxLearnUponMeasure> => {
  const sandbox = await measureTarget(await startSandbox(), (WARM_UP + WRITES) / 500);
  const floor = await measureTarget(await startFloor(sandbox.pageBytes), 1);
  return {
    writes: sandbox.writes,
    floorWrites: floor.writes,
    megabytes: sandbox.megabytes,
    floorMegabytes: floor.megabytes,
    writesRatio: sandbox.writes.perCpuSecond / floor.writes.perCpuSecond,
    listRatio: sandbox.megabytes.perCpuSecond / floor.megabytes.perCpuSecond,
  };
};
