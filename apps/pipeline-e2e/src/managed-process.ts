import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';

export interface ProcessSpec {
  readonly name: string;
  /** A built entry, such as `apps/realm-policy/dist/main.js`. */
  readonly script: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly logFile: string;
  /** Milliseconds. */
  readonly readyWithin?: number;
}

/** A process of ours that says on standard output, in one line of JSON, that it is ready. */
export interface ManagedProcess {
  readonly name: string;
  /** The line that it printed, parsed. */
  ready(): Record<string, unknown>;
  pid(): number;
  /** SIGKILL: no goodbye. */
  kill(): Promise<void>;
  /** SIGSTOP and SIGCONT: a process that stalls and comes back. */
  pause(): void;
  resume(): void;
  restart(): Promise<void>;
  /** SIGTERM, and SIGKILL after ten seconds. */
  stop(): Promise<void>;
}

/**
 * As the image starts them: half of what a busy service's collector does is to move what lives a few milliseconds longer,
 * and a young generation that shrinks and grows has its pages cleared by the system each time.
 */
const NODE_FLAGS = ['--enable-source-maps', '--min-semi-space-size=64', '--max-semi-space-size=64'];

/** Built: tests run from the sources, and the processes that they start do not. */
const exitWithParent = new URL('../dist/exit-with-parent.js', import.meta.url).href;

const parseLine = (line: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
};

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;
const ended = (child: ChildProcess): Promise<void> =>
  hasEnded(child) ? Promise.resolve() : new Promise((resolve) => child.once('exit', () => resolve()));

const launch = (spec: ProcessSpec): { child: ChildProcess; ready: Promise<Record<string, unknown>> } => {
  mkdirSync(dirname(spec.logFile), { recursive: true });
  const log = createWriteStream(spec.logFile, { flags: 'a' });
  const child = spawn(
    process.execPath,
    [...NODE_FLAGS, '--import', exitWithParent, spec.script, ...(spec.args ?? [])],
    // A process group of its own: Ctrl-C reaches us alone, and we stop things in their order.
    { cwd: spec.cwd, env: { ...process.env, ...spec.env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  child.stderr?.pipe(log, { end: false });
  const ready = new Promise<Record<string, unknown>>((resolve, reject) => {
    const last: string[] = [];
    const timer = setTimeout(
      () => fail(`was not ready within ${spec.readyWithin ?? 30_000} ms`),
      spec.readyWithin ?? 30_000,
    );
    const fail = (what: string) => {
      clearTimeout(timer);
      reject(new Error(`${spec.name} ${what}; its log is ${spec.logFile}\n${last.join('\n')}`));
    };
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      log.write(`${line}\n`);
      last.splice(0, Math.max(0, last.length - 9), ...last.slice(-9), line);
      const parsed = parseLine(line);
      if (parsed && ('ready' in parsed || 'control' in parsed)) {
        clearTimeout(timer);
        resolve(parsed);
      }
    });
    child.stderr?.on('data', (data: Buffer) => last.push(data.toString().trimEnd()));
    child.once('exit', (code, signal) => fail(`ended with ${signal ?? code} before it was ready`));
  });
  return { child, ready };
};

/** Starts a process and waits until it says that it is ready. */
export const startProcess = async (spec: ProcessSpec): Promise<ManagedProcess> => {
  let child: ChildProcess;
  let readyLine: Record<string, unknown> = {};
  const start = async () => {
    const launched = launch(spec);
    child = launched.child;
    readyLine = await launched.ready;
  };
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await ended(child);
    clearTimeout(timer);
  };
  await start();
  return {
    name: spec.name,
    ready: () => readyLine,
    pid: () => child.pid ?? 0,
    kill: () => end('SIGKILL'),
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    restart: async () => {
      if (!hasEnded(child)) await end('SIGKILL');
      await start();
    },
    stop: () => end('SIGTERM'),
  };
};

/** Runs a built entry to its end; throws with its output when it fails. */
export const runToEnd = async (
  spec: Pick<ProcessSpec, 'name' | 'script' | 'args' | 'env' | 'cwd'>,
): Promise<{ stdout: string }> => {
  const child = spawn(process.execPath, [...NODE_FLAGS, spec.script, ...(spec.args ?? [])], {
    cwd: spec.cwd,
    env: { ...process.env, ...spec.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  await new Promise((resolve) => child.once('close', resolve));
  if (child.exitCode !== 0)
    throw new Error(`${spec.name} failed (${child.exitCode ?? child.signalCode})\n${stderr}${stdout}`);
  return { stdout };
};
