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
    super(
      `secret "${ref}" is missing: mount a directory ${where} with one file per key, or files ${where}.<key>`,
      options,
    );
  }
}

/** Kubernetes names; this also keeps a name from leaving the directory. */
const NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/i;

type Files = readonly (readonly [key: string, path: string])[];

/** Entries that begin with a dot are Kubernetes' own. */
const filesIn = async (folder: string): Promise<Files> => {
  const keys = await readdir(folder);
  return keys.filter((key) => !key.startsWith('.')).map((key) => [key, join(folder, key)]);
};

/** `<ref>.<key>`; a key has no dot, so that `acme` is never given what belongs to `acme.emea`. */
const flatFiles = async (directory: string, ref: string): Promise<Files> => {
  const prefix = `${ref}.`;
  return (await filesIn(directory))
    .filter(([name]) => name.startsWith(prefix) && !name.includes('.', prefix.length))
    .map(([name, path]) => [name.slice(prefix.length), path]);
};

const readAll = async (files: Files): Promise<Record<string, string>> =>
  Object.fromEntries(
    await Promise.all(files.map(async ([key, path]) => [key, (await readFile(path, 'utf8')).trimEnd()] as const)),
  );

/**
 * `<directory>/<ref>/<key>`, as Kubernetes mounts one Secret; where there is no such directory, `<directory>/<ref>.<key>`,
 * as it mounts one Secret with the keys of many: that one can get a tenant more while everything runs.
 */
export const directorySecrets = (directory: string): SecretStore => ({
  read: async (ref) => {
    const folder = join(directory, ref);
    if (!NAME.test(ref) || ref.includes('..')) throw new SecretMissingError(ref, join(directory, '<name>'));
    try {
      const mounted = await filesIn(folder).catch(() => []);
      const files = mounted.length > 0 ? mounted : await flatFiles(directory, ref);
      if (files.length > 0) return await readAll(files);
    } catch (error) {
      throw new SecretMissingError(ref, folder, { cause: error });
    }
    throw new SecretMissingError(ref, folder);
  },
});
