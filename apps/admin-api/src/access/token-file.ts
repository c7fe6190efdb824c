import { readFile, stat } from 'node:fs/promises';
import { findGrant, parseTokens, TokensFileError, type Grant, type TokenEntry } from './tokens.js';

/** The tokens of a file, which is read again when it changes. A broken file lets nobody in. */
export class TokenFile {
  private version = '';
  private entries: readonly TokenEntry[] = [];

  constructor(private readonly path: string) {}

  /** @throws TokensFileError */
  async grantFor(token: string): Promise<Grant | undefined> {
    await this.load();
    return findGrant(this.entries, token);
  }

  /** @throws TokensFileError */
  async load(): Promise<void> {
    try {
      const { mtimeMs, size, ino } = await stat(this.path);
      const version = `${mtimeMs}/${size}/${ino}`;
      if (version === this.version) return;
      this.entries = parseTokens(this.path, await readFile(this.path, 'utf8'));
      this.version = version;
    } catch (error) {
      this.version = '';
      if (error instanceof TokensFileError) throw error;
      throw new TokensFileError(this.path, ["it can't be read"]);
    }
  }
}
