import { mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TokenFile } from './token-file.js';
import { findGrant, parseTokens, TokensFileError } from './tokens.js';

const acme = 'acme-token-of-ada-0001';
const platform = 'platform-token-of-bo-0002';

const faultsOf = (text: string): readonly string[] => {
  try {
    parseTokens('tokens', text);
    return [];
  } catch (error) {
    if (error instanceof TokensFileError) return error.faults;
    throw error;
  }
};

describe('the tokens file', () => {
  it.each([
    ['lines', `# tokens\n\n${acme}  acme viewer Ada Moss\n${platform} * admin platform\n`],
    [
      'JSON',
      JSON.stringify([
        { token: acme, tenant: 'acme', role: 'viewer', name: 'Ada Moss' },
        { token: platform, tenant: '*', role: 'admin', name: 'platform' },
      ]),
    ],
  ])('is read as %s, and keeps no token', (_, text) => {
    const entries = parseTokens('tokens', text);
    expect(findGrant(entries, acme)).toMatchObject({ tenant: 'acme', role: 'viewer', name: 'Ada Moss' });
    expect(findGrant(entries, platform)).toMatchObject({ tenant: '*', role: 'admin' });
    expect(findGrant(entries, `${acme}x`)).toBeUndefined();
    expect(findGrant(entries, '')).toBeUndefined();
    expect(JSON.stringify(entries)).not.toContain(acme);
  });

  it('has all its faults listed by line, and shows no token', () => {
    const faults = faultsOf(`short acme admin Ada\n${acme} ACME owner Bo\n${platform} acme admin`);
    expect(faults).toEqual([
      'line 1: the token has fewer than 16 characters',
      'line 2: the tenant is no slug and not *',
      'line 2: the role is neither admin nor viewer',
      'line 3: the name is missing',
    ]);
    expect(faults.join()).not.toContain(acme);
    expect(faultsOf('')).toEqual(['it has no token']);
    expect(faultsOf('[{]')).toEqual(['it begins like a JSON array and is none']);
    expect(faultsOf('[3]')).toHaveLength(4);
  });

  it('is read again when it changes; a broken one lets nobody in', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'portico-tokens-')), 'tokens');
    const write = (text: string) => {
      writeFileSync(`${path}.new`, text);
      renameSync(`${path}.new`, path);
    };
    const tokens = new TokenFile(path);
    await expect(tokens.load()).rejects.toThrow(/can't be read/);
    write(`${acme} acme admin Ada`);
    expect(await tokens.grantFor(acme)).toMatchObject({ role: 'admin' });
    write(`${platform} * admin platform`);
    expect(await tokens.grantFor(acme)).toBeUndefined();
    expect(await tokens.grantFor(platform)).toBeDefined();
    write('broken');
    await expect(tokens.grantFor(platform)).rejects.toBeInstanceOf(TokensFileError);
    await expect(tokens.grantFor(platform)).rejects.toBeInstanceOf(TokensFileError);
    write(`${acme} acme viewer Ada`);
    expect(await tokens.grantFor(acme)).toMatchObject({ role: 'viewer' });
  });
});
