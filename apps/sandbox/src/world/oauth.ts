import type { ApiUser } from './api-users.js';
import type { Random } from './random.js';
import type { Switches } from './switches.js';

export interface OAuthClient {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Compared letter by letter. */
  readonly redirectUris: readonly string[];
}

/** What a user allowed a client. */
export interface Grant {
  readonly clientId: string;
  readonly user: ApiUser;
  readonly scopes: ReadonlySet<string>;
}

interface Code extends Grant {
  readonly redirectUri: string;
  readonly expiresAt: number;
}

interface AccessToken extends Grant {
  readonly expiresAt: number;
}

export interface Tokens {
  readonly accessToken: string;
  /** Only with the scope offline_access. */
  readonly refreshToken: string | undefined;
  readonly expiresInSeconds: number;
  readonly grant: Grant;
}

export const TOKEN_SECONDS = 3_600;
const CODE_SECONDS = 60;

/** The clients that were registered, and what users allowed them. Times are of the sandbox's clock. */
export class OAuth {
  private readonly clients = new Map<string, OAuthClient>();
  private readonly codes = new Map<string, Code>();
  private readonly access = new Map<string, AccessToken>();
  private readonly refresh = new Map<string, Grant>();

  constructor(
    private readonly random: Random,
    private readonly now: () => number,
    private readonly switches: Switches,
  ) {}

  register(redirectUris: readonly string[]): OAuthClient {
    const client = { clientId: this.random.hex(24), clientSecret: this.random.hex(40), redirectUris };
    this.clients.set(client.clientId, client);
    return client;
  }

  client(clientId: string): OAuthClient | undefined {
    return this.clients.get(clientId);
  }

  all(): readonly OAuthClient[] {
    return [...this.clients.values()];
  }

  /** What the user's "Allow" leads to. */
  allow(grant: Grant, redirectUri: string): string {
    const code = this.random.hex(40);
    this.codes.set(code, { ...grant, redirectUri, expiresAt: this.now() + CODE_SECONDS * 1_000 });
    return code;
  }

  /** @returns undefined for a code that is unknown, used, too old, another client's or another address's */
  redeem(code: string, clientId: string, redirectUri: string): Tokens | undefined {
    const found = this.codes.get(code);
    this.codes.delete(code);
    if (!found || found.clientId !== clientId || found.redirectUri !== redirectUri) return undefined;
    return found.expiresAt > this.now() ? this.issue(found) : undefined;
  }

  /** With rotation, the old refresh token is of no use afterwards. */
  renew(refreshToken: string, clientId: string): Tokens | undefined {
    const grant = this.refresh.get(refreshToken);
    if (!grant || grant.clientId !== clientId) return undefined;
    if (!this.switches.refreshTokenRotates) return { ...this.issue(grant, refreshToken) };
    this.refresh.delete(refreshToken);
    return this.issue(grant);
  }

  /** @returns undefined for a token that is unknown or expired */
  grantOf(accessToken: string): Grant | undefined {
    const found = this.access.get(accessToken);
    return found && found.expiresAt > this.now() ? found : undefined;
  }

  private issue({ clientId, user, scopes }: Grant, keep?: string): Tokens {
    const grant = { clientId, user, scopes };
    const accessToken = this.random.hex(40);
    this.access.set(accessToken, { ...grant, expiresAt: this.now() + TOKEN_SECONDS * 1_000 });
    const refreshToken = keep ?? (scopes.has('offline_access') ? this.random.hex(40) : undefined);
    if (refreshToken !== undefined) this.refresh.set(refreshToken, grant);
    return { accessToken, refreshToken, expiresInSeconds: TOKEN_SECONDS, grant };
  }
}
