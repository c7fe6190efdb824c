import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Complaints, lint } from '../src/lint.js';
import { allowed, allowedInTests, forbidden, type Probe } from '../src/probes.js';
import { copyWorkspace, type WorkspaceCopy } from '../src/workspace-copy.js';

type Planted<T> = T & { readonly file: string };

const plan = <T extends Omit<Probe, 'rule'>>(probes: readonly T[], name: (n: number) => string): Planted<T>[] =>
  probes.map((probe, n) => ({ ...probe, file: `${probe.project}/src/${name(n)}` }));

const refused = plan(forbidden, (n) => `planted-${n}.ts`);
const accepted = [...plan(allowed, (n) => `harmless-${n}.ts`), ...plan(allowedInTests, (n) => `harmless-${n}.spec.ts`)];
const workspace = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
const projects = ['apps', 'libs', 'tools'].flatMap((folder) =>
  readdirSync(join(workspace, folder)).map((name) => join(folder, name)),
);

let copy: WorkspaceCopy;
let complaints: Complaints;

beforeAll(() => {
  copy = copyWorkspace(workspace);
  // Makes Nx's picture of the workspace, as any first lint does; in one with the planted files, each would be half of a circle.
  lint(copy.root, ['libs/contracts/src/index.ts']);
  for (const { file, code } of [...refused, ...accepted]) writeFileSync(join(copy.root, file), `${code}\n`);
  complaints = lint(
    copy.root,
    [...refused, ...accepted].map(({ file }) => file),
  );
}, 240_000);
afterAll(() => copy?.remove());

const oneLine = (code: string) => code.replaceAll('\n', ' ');

test.each(refused.map((probe) => [probe.project, oneLine(probe.code), probe] as const))(
  '%s may not: %s',
  (_project, _code, { file, rule }) => {
    expect(complaints.get(file)).toContain(rule);
  },
);

test.each(accepted.map((probe) => [probe.file, oneLine(probe.code), probe] as const))(
  '%s may: %s',
  (_file, _code, { file }) => {
    expect(complaints.get(file)).toEqual([]);
  },
);

const packaged = projects.filter((project) => existsSync(join(workspace, project, 'package.json')));
test.each(packaged)('%s has the one tag that says what it may import', (project) => {
  const { nx } = JSON.parse(readFileSync(join(workspace, project, 'package.json'), 'utf8')) as {
    nx?: { tags?: string[] };
  };
  expect(nx?.tags?.filter((tag) => tag.startsWith('type:'))).toHaveLength(1);
});
