import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directorySecrets, SecretMissingError } from './secrets.js';

describe('directorySecrets', () => {
  const directory = mkdtempSync(join(tmpdir(), 'portico-secrets-'));
  const mount = (ref: string, key: string, value: string) => {
    mkdirSync(join(directory, ref), { recursive: true });
    writeFileSync(join(directory, ref, key), value);
  };
  const secrets = directorySecrets(directory);

  it('reads all keys, again when they changed, without what Kubernetes adds', async () => {
    mount('acme-academy', 'username', 'portico\n');
    mount('acme-academy', 'password', 'one');
    mkdirSync(join(directory, 'acme-academy', '..data'));
    expect(await secrets.read('acme-academy')).toEqual({ username: 'portico', password: 'one' });
    mount('acme-academy', 'password', 'two');
    expect(await secrets.read('acme-academy')).toMatchObject({ password: 'two' });
  });

  it('names a missing secret and what to mount', async () => {
    const missing = secrets.read('acme-emea');
    await expect(missing).rejects.toBeInstanceOf(SecretMissingError);
    await expect(missing).rejects.toThrow(
      `secret "acme-emea" is missing: mount a directory ${join(directory, 'acme-emea')}`,
    );
  });

  it('finds an empty one missing', async () => {
    mkdirSync(join(directory, 'empty'));
    await expect(secrets.read('empty')).rejects.toBeInstanceOf(SecretMissingError);
  });

  it('reads what one Secret holds for many, and gives nobody the keys of a longer name', async () => {
    const file = (name: string, value: string) => writeFileSync(join(directory, name), value);
    file('flat.username', 'portico\n');
    file('flat.emea.username', 'somebody else');
    file('flatter.username', 'somebody else');
    expect(await secrets.read('flat')).toEqual({ username: 'portico' });
    expect(await secrets.read('flat.emea')).toEqual({ username: 'somebody else' });
    file('flat.password', 'one');
    expect(await secrets.read('flat')).toEqual({ username: 'portico', password: 'one' });
    await expect(secrets.read('fla')).rejects.toBeInstanceOf(SecretMissingError);
  });

  it('takes a directory before files of the same name', async () => {
    mount('both', 'apiKey', 'of the directory');
    writeFileSync(join(directory, 'both.apiKey'), 'of the file');
    expect(await secrets.read('both')).toEqual({ apiKey: 'of the directory' });
  });

  it.each(['..', '../other', 'a/b', 'a..b', '', '.', '/etc'])('never leaves its directory for %j', async (ref) => {
    await expect(secrets.read(ref)).rejects.toBeInstanceOf(SecretMissingError);
  });
});
