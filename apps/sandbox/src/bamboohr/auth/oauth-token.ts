import { createHmac } from 'node:crypto';
import { jsonAnswer, type Answer, type Call } from '../../http/call.js';
import type { OAuthClient, Tokens } from '../../world/oauth.js';
import type { World } from '../../world/world.js';
import { formOrJsonIn } from './form-body.js';

const refused = (error: string, description: string, status = 400): Answer =>
  jsonAnswer({ error, error_description: description }, status);

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const idTokenOf = ({ company, clock }: World, client: OAuthClient, { grant, expiresInSeconds }: Tokens): string => {
  const now = Math.floor(clock.now() / 1_000);
  const { id, email } = grant.user;
  const claims = { sub: String(id), email, aud: client.clientId, iat: now, exp: now + expiresInSeconds };
  const signed = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded({ iss: `https://${company.name}.bamboohr.com`, ...claims })}`;
  return `${signed}.${createHmac('sha256', client.clientSecret).update(signed).digest('base64url')}`;
};

const answerTokens = (world: World, client: OAuthClient, tokens: Tokens): Answer => {
  const { accessToken, refreshToken, expiresInSeconds, grant } = tokens;
  return jsonAnswer({
    access_token: accessToken,
    ...(refreshToken !== undefined && { refresh_token: refreshToken }),
    expires_in: expiresInSeconds,
    token_type: 'Bearer',
    scope: [...grant.scopes].join(' '),
    ...(grant.scopes.has('openid') && { id_token: idTokenOf(world, client, tokens) }),
    companyDomain: world.company.name,
  });
};

/** POST /token.php?request=token: a code or a refresh token for an access token. Errors are RFC 6749's. */
export const tokenAnswer = (world: World, call: Call): Answer => {
  if (call.method !== 'POST') return refused('invalid_request', 'POST is required', 405);
  const body = formOrJsonIn(call);
  const { oauth } = world;
  const client = oauth.client(body.get('client_id') ?? '');
  if (!client || client.clientSecret !== body.get('client_secret'))
    return refused('invalid_client', 'Client authentication failed', 401);
  const type = body.get('grant_type');
  if (type !== 'authorization_code' && type !== 'refresh_token')
    return refused('unsupported_grant_type', 'The grant_type is authorization_code or refresh_token');
  const tokens =
    type === 'refresh_token'
      ? oauth.renew(body.get('refresh_token') ?? '', client.clientId)
      : oauth.redeem(body.get('code') ?? '', client.clientId, body.get('redirect_uri') ?? '');
  return tokens
    ? answerTokens(world, client, tokens)
    : refused('invalid_grant', 'The code or refresh token is invalid');
};
