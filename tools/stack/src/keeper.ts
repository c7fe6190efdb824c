/**
 * A process of its own that starts the servers and outlives whoever asked for them by a moment: when its standard input ends, which also happens
 * when the asker is killed, it ends the servers and removes their folder. It reads requests and writes replies as JSON lines.
 *
 * Runs on its own, also straight from the source under Node's type stripping, hence imports nothing but Node.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

export interface StartRequest {
  readonly do: 'start';
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly log: string;
  /** What ends it when the keeper ends; SIGKILL follows after five seconds. */
  readonly stopSignal: NodeJS.Signals;
  readonly uid?: number;
  readonly gid?: number;
}
export interface KillRequest {
  readonly do: 'kill';
  readonly name: string;
}
export type KeeperRequest = StartRequest | KillRequest;
export type KeeperReply =
  | { readonly id: number; readonly pid?: number; readonly error?: string }
  | { readonly exited: string; readonly pid: number; readonly code: number | null; readonly signal: string | null };

interface Kept {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly stopSignal: NodeJS.Signals;
  readonly gone: Promise<unknown>;
}

const [removed] = process.argv.slice(2);
const kept = new Map<string, Kept>();
let ending = false;

const say = (reply: KeeperReply) => process.stdout.write(`${JSON.stringify(reply)}\n`);

async function start(request: StartRequest): Promise<number> {
  const log = openSync(request.log, 'a');
  const child = spawn(request.command, request.args, {
    cwd: request.cwd,
    env: request.env,
    stdio: ['ignore', log, log],
    ...(request.uid === undefined ? {} : { uid: request.uid }),
    ...(request.gid === undefined ? {} : { gid: request.gid }),
  });
  closeSync(log);
  await once(child, 'spawn');
  const pid = child.pid as number;
  const gone = once(child, 'exit').then(([code, signal]) => {
    kept.delete(request.name);
    say({ exited: request.name, pid, code, signal });
  });
  kept.set(request.name, { child, pid, stopSignal: request.stopSignal, gone });
  return pid;
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly alive: boolean;
}

function processes(): Process[] {
  if (process.platform !== 'linux') {
    const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' }).trim().split('\n');
    return lines
      .map((line) => line.trim().split(/\s+/))
      .map(([pid, parent, state]) => ({ pid: Number(pid), parent: Number(parent), alive: !state?.startsWith('Z') }));
  }
  return readdirSync('/proc').flatMap((pid) => {
    try {
      const stat = /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : undefined;
      const [state, parent] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
      return parent === undefined ? [] : [{ pid: Number(pid), parent: Number(parent), alive: state !== 'Z' }];
    } catch {
      return []; // It ended while we looked.
    }
  });
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Already gone.
  }
}

/** SIGKILL for a server and its children. Stopped first, so that it starts no more of them meanwhile. */
async function kill({ pid, gone }: Kept): Promise<void> {
  signal(pid, 'SIGSTOP');
  const children = processes().filter((process) => process.parent === pid);
  for (const one of [pid, ...children.map((child) => child.pid)]) signal(one, 'SIGKILL');
  await gone;
  const doomed = new Set(children.map((child) => child.pid));
  for (
    let tries = 0;
    tries < 200 && processes().some((process) => process.alive && doomed.has(process.pid));
    tries += 1
  )
    await delay(10);
}

async function stop(server: Kept): Promise<void> {
  signal(server.pid, server.stopSignal);
  const late = new AbortController();
  const patience = delay(5_000, 'late', { signal: late.signal }).catch(() => 'ended');
  if ((await Promise.race([server.gone, patience])) === 'late') await kill(server);
  late.abort();
}

async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  await Promise.all([...kept.values()].map(stop));
  if (removed) await rm(removed, { recursive: true, force: true, maxRetries: 5 });
  process.exit(0);
}

async function answer(id: number, request: KeeperRequest): Promise<void> {
  try {
    if (request.do === 'start') return void say({ id, pid: await start(request) });
    const server = kept.get(request.name);
    if (server) await kill(server);
    say({ id });
  } catch (error) {
    say({ id, error: error instanceof Error ? error.message : String(error) });
  }
}

process.stdout.on('error', () => undefined);
for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => void end());

const requests = createInterface({ input: process.stdin });
requests.on('line', (line) => {
  const { id, ...request } = JSON.parse(line) as KeeperRequest & { id: number };
  if (!ending) void answer(id, request as KeeperRequest);
});
requests.on('close', () => void end());
