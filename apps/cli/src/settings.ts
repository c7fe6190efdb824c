import { readFileSync } from 'node:fs';
import { UsageError } from './errors.js';

/** Options of every command. */
export interface GlobalOptions {
  readonly url?: string;
  readonly tokenFile?: string;
  readonly tenant?: string;
  readonly output?: 'table' | 'json';
}

export const DEFAULT_URL = 'http://127.0.0.1:8080';

const readToken = (file: string): string => {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw new UsageError(`the token file ${file} can't be read`);
  }
};

/** A flag goes before the environment, a file before a value. */
export const tokenFrom = ({ tokenFile }: GlobalOptions, env: NodeJS.ProcessEnv): string => {
  const file = tokenFile ?? env['PORTICO_TOKEN_FILE'];
  const token = file ? readToken(file) : env['PORTICO_TOKEN'];
  if (token) return token;
  throw new UsageError('no token: set PORTICO_TOKEN or PORTICO_TOKEN_FILE, or give --token-file <file>');
};

export const urlFrom = ({ url }: GlobalOptions, env: NodeJS.ProcessEnv): string => {
  const text = url ?? (env['PORTICO_URL'] || DEFAULT_URL);
  if (!URL.canParse(text) || !/^https?:/.test(text)) {
    throw new UsageError(`${text} is no URL of an admin API: write one such as ${DEFAULT_URL}`);
  }
  return text.replace(/\/+$/, '');
};
