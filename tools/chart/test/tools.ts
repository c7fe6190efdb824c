import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
const folders = [
  ...(process.env['PATH'] ?? '').split(delimiter),
  ...['portico', 'portico-cluster'].map((name) => join(cache, name, 'bin')),
];

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Where a program is: on the PATH, or in a cache of ours. */
export const findTool = (name: string): string | undefined =>
  folders.map((folder) => join(folder, name)).find(isExecutable);

/** `describe`, or a loud skip where one of the programs is missing. */
export const describeWith = (...names: readonly string[]): jest.Describe => {
  const missing = names.filter((name) => findTool(name) === undefined);
  if (missing.length === 0) return describe;
  process.stderr.write(`SKIPPED: the chart is not checked by ${names.join(', ')}: ${missing.join(', ')} not found\n`);
  return describe.skip; // Loud: a machine without Helm's tools still tests all else, and the line above says what was not.
};

export interface Result {
  readonly status: number;
  /** Both outputs. */
  readonly text: string;
}

export const runTool = (name: string, args: readonly string[], cwd?: string): Result => {
  const { status, stdout, stderr } = spawnSync(findTool(name) ?? name, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    ...(cwd === undefined ? {} : { cwd }),
  });
  return { status: status ?? 1, text: `${stdout}${stderr}` };
};
