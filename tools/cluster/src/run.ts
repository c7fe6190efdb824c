import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

export interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** For all to see, in place of an answer. */
  readonly shown?: boolean;
}

/** Runs a program to its end; answers what it printed. Throws with all of its output when it fails. */
export const run = async (program: string, args: readonly string[], options: RunOptions = {}): Promise<string> => {
  const child = spawn(program, args, {
    stdio: ['pipe', options.shown ? 'inherit' : 'pipe', options.shown ? 'inherit' : 'pipe'],
    env: { ...process.env, ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (data: Buffer) => (stdout += data.toString()));
  child.stderr?.on('data', (data: Buffer) => (stderr += data.toString()));
  child.stdin?.on('error', () => undefined).end(options.input ?? '');
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('close', resolve).once('error', reject),
  );
  if (code !== 0) throw new Error(`${program} ${args.slice(0, 6).join(' ')} … ended with ${code}\n${stderr}${stdout}`);
  return stdout;
};

/** Polls until the probe gives something other than `undefined` or `false`. What the probe throws is a reason to wait. */
export const until = async <T>(
  what: string,
  withinMs: number,
  probe: () => Promise<T | undefined | false>,
  pollMs = 500,
): Promise<T> => {
  const deadline = performance.now() + withinMs;
  let failure: unknown;
  for (;;) {
    const found = await probe().catch((error: unknown) => {
      failure = error;
      return undefined;
    });
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) {
      throw new Error(`waited ${Math.round(withinMs / 1000)} s for ${what}`, { cause: failure });
    }
    await delay(pollMs);
  }
};
