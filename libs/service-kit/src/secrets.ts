import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Secrets by the name that configuration gives them; their values never travel and are never kept. */
export interface SecretStore {
  /**
   * All keys of one secret, read anew on each call.
   * @throws SecretMissingError when nothing is mounted under that name.
   */
  read(ref: string): Promise<Readonly<Record<string, string>>>;
}

/** Injection token of the `SecretStore`. */
export const SECRETS = Symbol('SecretStore');

export class SecretMissingError extends Error {
  override readonly name = 'SecretMissingError';
  constructor(
    readonly ref: string,
    where: string,
    options?: ErrorOptions,
  ) {
    super(`secret "${ref}" is missing: mount a directory ${where} with one file per key`, options);
  }
}

/** Kubernetes names; this also keeps a name from leaving the directory. */
const NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i;

/** `<directory>/<ref>/<key>`, as Kubernetes mounts a Secret. Entries that begin with a dot are Kubernetes' own. */
export const directorySecrets = (directory: string): SecretStore => ({
  read: async (ref) => {
    const folder = join(directory, ref);
    if (!NAME.test(ref) || ref.includes('..')) throw new SecretMissingError(ref, join(directory, '<name>'));
    try {
      const keys = (await readdir(folder)).filter((key) => !key.startsWith('.'));
      if (keys.length === 0) throw new SecretMissingError(ref, folder);
      const entries = keys.map(async (key) => [key, (await readFile(join(folder, key), 'utf8')).trimEnd()] as const);
      return Object.fromEntries(await Promise.all(entries));
    } catch (error) {
      if (error instanceof SecretMissingError) throw error;
      throw new SecretMissingError(ref, folder, { cause: error });
    }
  },
});
