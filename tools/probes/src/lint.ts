import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

interface FileReport {
  readonly filePath: string;
  readonly messages: readonly { readonly ruleId: string | null; readonly message: string }[];
}

/** Names of the rules that complained, by file as given. A file that cannot be parsed, or is ignored, has the rule "(none)". */
export type Complaints = ReadonlyMap<string, readonly string[]>;

/** One ESLint for all files, as in a fresh clone: with the root's configuration, and nothing that Nx remembers of elsewhere. */
export function lint(root: string, files: readonly string[]): Complaints {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(NX_|NODE_OPTIONS$|JEST_)/.test(name)),
  );
  const eslint = spawnSync(
    process.execPath,
    [join(root, 'node_modules/eslint/bin/eslint.js'), '--format', 'json', ...files],
    {
      cwd: root,
      env: { ...env, NX_DAEMON: 'false' },
      encoding: 'utf8',
      maxBuffer: 1 << 26,
    },
  );
  const json = eslint.stdout.slice(eslint.stdout.indexOf('[{'));
  if (!json.startsWith('[{')) throw new Error(`ESLint gave no report:\n${eslint.stdout}${eslint.stderr}`);
  const reports = JSON.parse(json) as FileReport[];
  return new Map(
    reports.map(({ filePath, messages }) => [
      filePath.slice(root.length + 1),
      messages.map(({ ruleId }) => ruleId ?? '(none)'),
    ]),
  );
}
