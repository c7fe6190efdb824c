import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A copy of the workspace in which files may be planted while others work in the real one. */
export interface WorkspaceCopy {
  readonly root: string;
  remove(): void;
}

const left = new Set(['node_modules', 'dist', 'coverage', '.git', '.nx', '.portico']);

/** Copies the sources; installed packages are linked, except our own, which must be those of the copy. */
export function copyWorkspace(workspace: string): WorkspaceCopy {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'portico-probes-')));
  for (const name of readdirSync(workspace).filter((name) => !left.has(name))) {
    cpSync(join(workspace, name), join(root, name), {
      recursive: true,
      filter: (source) => !left.has(source.slice(source.lastIndexOf('/') + 1)),
    });
  }
  const installed = join(root, 'node_modules');
  mkdirSync(installed);
  for (const name of readdirSync(join(workspace, 'node_modules'))) {
    const from = join(workspace, 'node_modules', name);
    // Our own are relative links, which lead into the copy.
    if (name === '@portico') cpSync(from, join(installed, name), { recursive: true, verbatimSymlinks: true });
    else symlinkSync(from, join(installed, name));
  }
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}
