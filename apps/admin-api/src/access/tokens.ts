import { createHash, timingSafeEqual } from 'node:crypto';
import { SLUG, type Role } from '@portico/contracts';

/** What a token allows. */
export interface Grant {
  /** A tenant, or `*` for all. */
  readonly tenant: string;
  readonly role: Role;
  /** Who holds it; services see it as the caller's name. */
  readonly name: string;
}

/** A token as it is kept: its digest. */
export interface TokenEntry extends Grant {
  readonly digest: Buffer;
}

/** All faults of the tokens file; it shows no token. */
export class TokensFileError extends Error {
  override readonly name = 'TokensFileError';
  constructor(
    readonly file: string,
    readonly faults: readonly string[],
  ) {
    super(
      `the tokens file ${file} is broken: ${faults.join('; ')}. Write a line for each token, ` +
        '<token> <tenant or *> <admin or viewer> <name>, or a JSON array of {token, tenant, role, name}',
    );
  }
}

const MIN_LENGTH = 16;

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();

type Draft = Readonly<Record<'token' | 'tenant' | 'role' | 'name', unknown>>;

const isRole = (value: unknown): value is Role => value === 'admin' || value === 'viewer';

const faultsOf = ({ token, tenant, role, name }: Draft): string[] => [
  ...(typeof token === 'string' && token.length >= MIN_LENGTH
    ? []
    : [`the token has fewer than ${MIN_LENGTH} characters`]),
  ...(typeof tenant === 'string' && (tenant === '*' || SLUG.test(tenant)) ? [] : ['the tenant is no slug and not *']),
  ...(isRole(role) ? [] : ['the role is neither admin nor viewer']),
  ...(typeof name === 'string' && name !== '' ? [] : ['the name is missing']),
];

const draftOfLine = (line: string): Draft => {
  const [token, tenant, role, ...name] = line.split(/\s+/);
  return { token, tenant, role, name: name.join(' ') };
};

interface Placed {
  readonly place: string;
  readonly draft: Draft;
}

const draftsOfLines = (text: string): Placed[] =>
  text
    .split('\n')
    .map((line, index) => ({ line: line.trim(), place: `line ${index + 1}` }))
    .filter(({ line }) => line !== '' && !line.startsWith('#'))
    .map(({ line, place }) => ({ place, draft: draftOfLine(line) }));

const draftsOfJson = (text: string): Placed[] =>
  (JSON.parse(text) as unknown[]).map((item, index) => ({
    place: `entry ${index + 1}`,
    draft: (typeof item === 'object' && item !== null ? item : {}) as Draft,
  }));

const draftsOf = (file: string, text: string): Placed[] => {
  if (!text.trimStart().startsWith('[')) return draftsOfLines(text);
  try {
    return draftsOfJson(text);
  } catch {
    throw new TokensFileError(file, ['it begins like a JSON array and is none']);
  }
};

/** @throws TokensFileError with all faults, each with its line or entry. */
export const parseTokens = (file: string, text: string): readonly TokenEntry[] => {
  const drafts = draftsOf(file, text);
  const faults = drafts.flatMap(({ place, draft }) => faultsOf(draft).map((fault) => `${place}: ${fault}`));
  if (drafts.length === 0) faults.push('it has no token');
  if (faults.length > 0) throw new TokensFileError(file, faults);
  return drafts.map(({ draft: { token, tenant, role, name } }) => ({
    digest: digestOf(token as string),
    tenant: tenant as string,
    role: role as Role,
    name: name as string,
  }));
};

/** Looks at every entry, so that the time taken tells nothing. */
export const findGrant = (entries: readonly TokenEntry[], token: string): Grant | undefined => {
  const digest = digestOf(token);
  return entries.filter((entry) => timingSafeEqual(entry.digest, digest)).at(0);
};
