import { jsonAnswer, type Answer, type Call } from '../http/call.js';
import { ACCESS_SECONDS, OAUTH_SCOPE, type OAuthApp, type OAuthTokens } from '../world/oauth-apps.js';
import type { Portal } from '../world/portal.js';
import { isObject } from './request.js';

const refused = (status: number, error: string): Answer => jsonAnswer({ error }, status);

/** A form or JSON, as clients send either. */
const fieldsOf = ({ body, headers }: Call): URLSearchParams => {
  const text = body.toString();
  if (!(headers['content-type'] ?? '').startsWith('application/json')) return new URLSearchParams(text);
  try {
    const value: unknown = JSON.parse(text);
    return new URLSearchParams(
      isObject(value) ? Object.entries(value).map(([key, each]): [string, string] => [key, String(each)]) : [],
    );
  } catch {
    return new URLSearchParams();
  }
};

/** The admin is taken to allow what is asked. */
const authorize = ({ oauth }: Portal, { query }: Call, now: number): Answer => {
  const app = oauth.app(query.get('client_id'));
  const redirect = query.get('redirect_uri');
  if (!app || redirect !== app.redirectUri || query.get('response_type') !== 'code')
    return refused(400, 'invalid_request');
  const location = new URL(app.redirectUri);
  location.searchParams.set('code', oauth.grantCode(app, now));
  const state = query.get('state');
  if (state !== null) location.searchParams.set('state', state);
  return { status: 302, headers: { location: location.href } };
};

const basicOf = (header = ''): [string, string] | undefined => {
  const [scheme, encoded = ''] = header.split(' ');
  const [id = '', secret = ''] = Buffer.from(encoded, 'base64').toString().split(':');
  return scheme?.toLowerCase() === 'basic' ? [id, secret] : undefined;
};

const appOf = ({ oauth }: Portal, call: Call, fields: URLSearchParams): OAuthApp | undefined => {
  const [id, secret] = basicOf(call.headers.authorization) ?? [fields.get('client_id'), fields.get('client_secret')];
  const app = oauth.app(id);
  return app?.clientSecret === secret ? app : undefined;
};

const tokensOf = ({ oauth }: Portal, app: OAuthApp, fields: URLSearchParams, now: number): OAuthTokens | undefined => {
  const grant = fields.get('grant_type');
  if (grant === 'refresh_token') return oauth.refresh(app, fields.get('refresh_token') ?? '', now);
  return fields.get('redirect_uri') === app.redirectUri ? oauth.redeem(app, fields.get('code') ?? '', now) : undefined;
};

const token = (portal: Portal, call: Call, now: number): Answer => {
  const fields = fieldsOf(call);
  if (!['authorization_code', 'refresh_token'].includes(fields.get('grant_type') ?? ''))
    return refused(400, 'unsupported_grant_type');
  const app = appOf(portal, call, fields);
  if (!app) return refused(401, 'invalid_client');
  const tokens = tokensOf(portal, app, fields, now);
  if (!tokens) return refused(400, 'invalid_grant');
  return jsonAnswer({
    access_token: tokens.accessToken,
    token_type: 'Bearer',
    expires_in: ACCESS_SECONDS,
    refresh_token: tokens.refreshToken,
    scope: OAUTH_SCOPE,
    created_at: Math.floor(now / 1_000),
  });
};

/** `/oauth/authorize` and `/oauth/token`; undefined for any other path. @param now milliseconds since 1970 */
export const answerOAuth = (portal: Portal, call: Call, now: number): Answer | undefined => {
  if (call.path === '/oauth/authorize' && call.method === 'GET') return authorize(portal, call, now);
  return call.path === '/oauth/token' && call.method === 'POST' ? token(portal, call, now) : undefined;
};
