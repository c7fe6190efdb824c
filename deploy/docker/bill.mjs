// Writes the bill of materials of what `npm ci --omit=dev` installed here, and fails if it lacks a package that is there.
// `npm sbom --omit=dev` itself leaves out each package that some workspace also develops with, pg among them; so nothing may.
import { execSync } from 'node:child_process';
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const [out] = process.argv.slice(2);
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));

// What is no part of the image.
for (const folder of ['tools', 'apps/sandbox', 'apps/pipeline-e2e', 'libs/testing']) {
  for (const manifest of globSync([`${folder}/package.json`, `${folder}/*/package.json`])) {
    rmSync(`node_modules/${read(manifest).name}`, { force: true });
  }
  rmSync(folder, { recursive: true, force: true });
}
for (const manifest of globSync(['package.json', '*/*/package.json'])) {
  const { devDependencies: _, ...rest } = read(manifest);
  writeFileSync(manifest, JSON.stringify(rest));
}

const text = execSync('npm sbom --sbom-format=cyclonedx --sbom-type=application', {
  encoding: 'utf8',
  maxBuffer: 1 << 28,
});
const listed = new Set(JSON.parse(text).components.map(({ purl }) => decodeURIComponent(purl)));
const installed = globSync(['node_modules/*/package.json', 'node_modules/@*/*/package.json']).filter(
  (manifest) => !dirname(manifest).startsWith('node_modules/.'),
);
const missing = installed
  .map(read)
  .map(({ name, version }) => `pkg:npm/${name}@${version}`)
  .filter((purl) => !listed.has(purl));
if (missing.length > 0) throw new Error(`the bill of materials lacks ${missing.join(', ')}`);
writeFileSync(out, text);
console.log(`${listed.size} components`);
