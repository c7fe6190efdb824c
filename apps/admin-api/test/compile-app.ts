import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

/** The app's sources as Node runs them, in a folder of their own: a command is tested as it is, not as it was built last. */
export const compileApp = (): { folder: string; remove(): void } => {
  const folder = mkdtempSync(join(tmpdir(), 'portico-admin-api-'));
  execFileSync(
    join(root, 'node_modules/.bin/swc'),
    ['src', '--out-dir', folder, '--strip-leading-paths', '--config-file', join(root, '.swcrc'), '--quiet'],
    { cwd: join(import.meta.dirname, '..') },
  );
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};
