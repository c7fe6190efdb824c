import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const env = { ...process.env, NX_TUI: 'false', PATH: `${root}node_modules/.bin:${process.env.PATH}` };

/** Runs a program of node_modules/.bin and returns its exit code; its output goes where ours goes. */
export const run = (program, args) => spawnSync(program, args, { cwd: root, env, stdio: 'inherit' }).status ?? 1;

/** The same, but its output is shown on stderr only if it fails: standard output belongs to the command that follows. */
export const runQuietly = (program, args) => {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: root, env, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) process.stderr.write(`${stdout}${stderr}`);
  return status ?? 1;
};
