import { randomBytes } from 'node:crypto';

export const OAUTH_SCOPE = 'full offline_access';
export const ACCESS_SECONDS = 7_200;
const CODE_MS = 600_000;
/** A portal has no more. */
const MOST_APPS = 3;

export interface OAuthApp {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
}

export interface OAuthTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

interface Grant {
  readonly app: OAuthApp;
  /** Milliseconds since 1970. */
  readonly until: number;
}

const secret = (): string => randomBytes(24).toString('hex');

/** A portal's applications, and the codes and tokens that they got. */
export class OAuthApps {
  private readonly apps = new Map<string, OAuthApp>();
  private readonly codes = new Map<string, Grant>();
  private readonly accessTokens = new Map<string, Grant>();
  private readonly refreshTokens = new Map<string, OAuthApp>();

  /** @throws RangeError when the portal has three */
  register(redirectUri: string): OAuthApp {
    if (this.apps.size >= MOST_APPS) throw new RangeError(`a portal has at most ${MOST_APPS} OAuth applications`);
    const app = { clientId: secret(), clientSecret: secret(), redirectUri };
    this.apps.set(app.clientId, app);
    return app;
  }

  app(clientId: string | null): OAuthApp | undefined {
    return clientId === null ? undefined : this.apps.get(clientId);
  }

  grantCode(app: OAuthApp, now: number): string {
    const code = secret();
    this.codes.set(code, { app, until: now + CODE_MS });
    return code;
  }

  /** A code is good once, for ten minutes. */
  redeem(app: OAuthApp, code: string, now: number): OAuthTokens | undefined {
    const grant = this.codes.get(code);
    if (grant?.app !== app) return undefined;
    this.codes.delete(code);
    return grant.until >= now ? this.issue(app, now) : undefined;
  }

  /** The refresh token is replaced. */
  refresh(app: OAuthApp, refreshToken: string, now: number): OAuthTokens | undefined {
    if (this.refreshTokens.get(refreshToken) !== app) return undefined;
    this.refreshTokens.delete(refreshToken);
    return this.issue(app, now);
  }

  allows(accessToken: string, now: number): boolean {
    const grant = this.accessTokens.get(accessToken);
    return grant !== undefined && grant.until > now;
  }

  private issue(app: OAuthApp, now: number): OAuthTokens {
    const tokens = { accessToken: secret(), refreshToken: secret() };
    this.accessTokens.set(tokens.accessToken, { app, until: now + ACCESS_SECONDS * 1_000 });
    this.refreshTokens.set(tokens.refreshToken, app);
    return tokens;
  }
}
