import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { KeeperReply, KeeperRequest, StartRequest } from './keeper.js';

/** One server to start: its program, and how it wants to be ended. */
export type ServerSpec = Omit<StartRequest, 'do'>;

export interface Ended {
  readonly pid: number;
  readonly code: number | null;
  readonly signal: string | null;
}

export interface Keeper {
  /** The pid, once the program runs. */
  start(server: ServerSpec): Promise<number>;
  /** Resolves when a started program has ended by itself or was killed. */
  ended(pid: number): Promise<Ended>;
  hasEnded(pid: number): boolean;
  /** SIGKILL for the server and its children; returns when all are gone. */
  kill(name: string): Promise<void>;
  /** Ends everything and, where it was told to, removes the folder. */
  close(): Promise<void>;
}

const keeperEnded = 'The process that keeps PostgreSQL and NATS has ended.';

/** Starts the process that keeps the servers (keeper.ts). `removed` is the folder that goes when it ends, or this process dies. */
export function startKeeper(removed?: string): Keeper {
  const script = fileURLToPath(
    new URL(import.meta.url.endsWith('.ts') ? './keeper.ts' : './keeper.js', import.meta.url),
  );
  const child = spawn(process.execPath, [script, ...(removed ? [removed] : [])], {
    detached: true, // Ctrl-C must reach us alone: the keeper ends after us.
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { PATH: process.env['PATH'] ?? '' },
  });
  const exit = once(child, 'exit');
  const waiting = new Map<number, { resolve(pid?: number): void; reject(error: Error): void }>();
  const endings = new Map<number, Ended>();
  const events = new EventEmitter();
  const stdout = child.stdout as typeof child.stdout & { ref(): void; unref(): void };
  const stdin = child.stdin as typeof child.stdin & { unref(): void };
  let next = 1;

  createInterface({ input: stdout }).on('line', (line) => {
    const reply = JSON.parse(line) as KeeperReply;
    if ('exited' in reply) {
      endings.set(reply.pid, { pid: reply.pid, code: reply.code, signal: reply.signal });
      events.emit(`ended ${reply.pid}`);
      return;
    }
    const asked = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (waiting.size === 0) stdout.unref();
    if (reply.error) asked?.reject(new Error(reply.error));
    else asked?.resolve(reply.pid);
  });
  const fail = (cause?: unknown) => {
    for (const { reject } of waiting.values()) reject(new Error(keeperEnded, { cause }));
    waiting.clear();
  };
  child.on('exit', () => fail());
  child.on('error', fail);
  stdin.on('error', fail);

  // Nothing here may keep the process alive, but an unanswered request must.
  child.unref();
  stdin.unref();
  stdout.unref();

  const ask = (request: KeeperRequest) =>
    new Promise<number | undefined>((resolve, reject) => {
      const id = next++;
      waiting.set(id, { resolve, reject });
      stdout.ref();
      stdin.write(`${JSON.stringify({ id, ...request })}\n`);
    });

  return {
    start: async (server) => (await ask({ do: 'start', ...server })) as number,
    hasEnded: (pid) => endings.has(pid),
    ended: async (pid) => {
      stdout.ref();
      if (!endings.has(pid)) await Promise.race([once(events, `ended ${pid}`), exit]);
      stdout.unref();
      const ended = endings.get(pid);
      if (!ended) throw new Error(keeperEnded);
      return ended;
    },
    kill: async (name) => void (await ask({ do: 'kill', name })),
    close: async () => {
      child.ref();
      stdin.end();
      await exit;
    },
  };
}

/** The last lines of a server's log, for an error message. */
export function lastLines(log: string, count = 8): string {
  try {
    return readFileSync(log, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  } catch {
    return '(no log)';
  }
}
