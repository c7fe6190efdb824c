import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { root, runQuietly } from './run.mjs';

const stamp = join(root, 'dist/.built');
const lock = join(root, 'dist/.building');
const LOOK_MS = 200;
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

const isAlive = (pid) => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/** Nothing where it has just been given up, or is just being taken. */
const holderOf = (file) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
};

/** Whether this process may build now. A build that was killed leaves the number of a process that is gone. */
const takeLock = () => {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const holder = holderOf(lock);
    if (holder !== '' && !isAlive(Number(holder))) rmSync(lock, { force: true });
    return false;
  }
};

const build = () => {
  const began = new Date();
  const status = runQuietly('nx', ['run-many', '-t', 'build', '--parallel=3', '--output-style=static']);
  if (status === 0) {
    writeFileSync(stamp, '');
    utimesSync(stamp, began, began);
  }
  return status;
};

// Nx removes and restores what it built, even from its cache: that must not happen beneath a stack that runs, nor beneath
// another build of the same checkout.
if (!isBuilt()) {
  mkdirSync(join(root, 'dist'), { recursive: true });
  while (!takeLock()) await setTimeout(LOOK_MS);
  try {
    if (!isBuilt()) process.exitCode = build();
  } finally {
    rmSync(lock, { force: true });
  }
}
