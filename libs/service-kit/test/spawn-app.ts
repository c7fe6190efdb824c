import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const root = join(import.meta.dirname, '../../..');

/** Node runs no decorators: compiles the sources and the fixtures into a folder of their own. */
export const compileFixtures = (): { folder: string; remove(): void } => {
  const folder = mkdtempSync(join(tmpdir(), 'portico-service-kit-'));
  const project = join(import.meta.dirname, '..');
  execFileSync(
    join(root, 'node_modules/.bin/swc'),
    ['src', 'test', '--out-dir', folder, '--config-file', join(root, '.swcrc'), '--ignore', '**/*spec.ts', '--quiet'],
    { cwd: project },
  );
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

export interface RunningApp {
  readonly process: ChildProcess;
  /** Resolves with the port when the app says that it is ready; rejects when it ends before. */
  readonly ready: Promise<number>;
  /** Resolves when the process has ended. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  output(): string;
  done(): string[];
}

export const spawnApp = (folder: string, environment: NodeJS.ProcessEnv): RunningApp => {
  const doneFile = join(mkdtempSync(join(folder, 'run-')), 'done');
  writeFileSync(doneFile, '');
  const child = spawn(process.execPath, [join(folder, 'test/fixtures/working-app.js')], {
    env: { PATH: process.env['PATH'], DONE_FILE: doneFile, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const ended = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
  }));
  const ready = new Promise<number>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      const entry = JSON.parse(line) as { ready?: string; port?: number };
      if (entry.ready === 'working-app' && entry.port !== undefined) resolve(entry.port);
    });
    void ended.then(() => reject(new Error(`the app ended:\n${lines.join('\n')}`)));
  });
  ready.catch(() => undefined);
  return {
    process: child,
    ready,
    ended,
    output: () => lines.join('\n'),
    done: () => readFileSync(doneFile, 'utf8').split('\n').filter(Boolean),
  };
};
