import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runQuietly } from './run.mjs';

const stamp = join(root, 'dist/.built');
const projects = ['apps', 'libs', 'tools']
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(root, folder, name)))
  .filter((project) => existsSync(join(project, 'src')));

const newestIn = (path) =>
  statSync(path).isDirectory()
    ? Math.max(statSync(path).mtimeMs, ...readdirSync(path).map((name) => newestIn(join(path, name))))
    : statSync(path).mtimeMs;

const isBuilt = () => {
  if (!existsSync(stamp) || !projects.every((project) => existsSync(join(project, 'dist')))) return false;
  const inputs = [...projects.flatMap((project) => [join(project, 'src'), join(project, 'package.json')])];
  return Math.max(...inputs.map(newestIn), statSync(join(root, 'package.json')).mtimeMs) <= statSync(stamp).mtimeMs;
};

// Nx removes and restores what it built, even from its cache: that must not happen beneath a stack that runs.
if (!isBuilt()) {
  const began = new Date();
  process.exitCode = runQuietly('nx', ['run-many', '-t', 'build', '--parallel=3', '--output-style=static']);
  if (process.exitCode === 0) {
    mkdirSync(join(root, 'dist'), { recursive: true });
    writeFileSync(stamp, '');
    utimesSync(stamp, began, began);
  }
}
