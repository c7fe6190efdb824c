import { accessSync, constants, readFileSync } from 'node:fs';

const project = new URL('../', import.meta.url);

it('npx portico runs what is in the repository, and may', () => {
  const { bin } = JSON.parse(readFileSync(new URL('package.json', project), 'utf8')) as { bin: { portico: string } };
  // What the build writes comes after npm has made its link, and is no executable.
  expect(bin.portico).not.toContain('dist');
  expect(() => accessSync(new URL(bin.portico, project), constants.X_OK)).not.toThrow();
});
