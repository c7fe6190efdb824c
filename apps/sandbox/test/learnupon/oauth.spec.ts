import { request } from 'undici';
import { ask } from '../harness.js';
import { openRealm, type OpenRealm } from './realm.js';

const REDIRECT = 'https://app.example/callback';

let realm: OpenRealm;
let base: string;
let app: { clientId: string; clientSecret: string };
beforeEach(async () => {
  realm = await openRealm({ ratePerMinute: 4 });
  base = realm.sandbox.learnupon[0]!.url;
  app = await realm.control('POST', '/portals/academy/apps', { redirectUri: REDIRECT });
});

const authorize = (redirect: string) =>
  request(
    `${base}/oauth/authorize?${new URLSearchParams({ client_id: app.clientId, redirect_uri: redirect, response_type: 'code', scope: 'full offline_access', state: 'xyz' })}`,
  );
const token = (fields: Record<string, string>) =>
  ask(`${base}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ client_id: app.clientId, client_secret: app.clientSecret, ...fields }).toString(),
  });
const bearer = (access: string) => ask(`${base}/api/v1/users`, { headers: { authorization: `Bearer ${access}` } });

const signIn = async () => {
  const { headers, statusCode } = await authorize(REDIRECT);
  expect(statusCode).toBe(302);
  const location = new URL(String(headers['location']));
  expect([location.origin, location.searchParams.get('state')]).toEqual(['https://app.example', 'xyz']);
  return location.searchParams.get('code') ?? '';
};

test('a code becomes a token, which draws on the portal’s one budget', async () => {
  const code = await signIn();
  const fields = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT };
  const { json } = await token(fields);
  expect(json).toMatchObject({ token_type: 'Bearer', scope: 'full offline_access', expires_in: 7_200 });
  expect((await token(fields)).json).toEqual({ error: 'invalid_grant' });
  expect((await bearer(json.access_token)).headers['x-lu-rate-limit-remaining-minute']).toBe('3');
  expect((await realm.academy('GET', '/users')).headers['x-lu-rate-limit-remaining-minute']).toBe('2');
  await realm.advance('PT3H');
  expect((await bearer(json.access_token)).status).toBe(401);
  const renewed = await token({ grant_type: 'refresh_token', refresh_token: json.refresh_token });
  expect((await bearer(renewed.json.access_token)).status).toBe(200);
  expect((await token({ grant_type: 'refresh_token', refresh_token: json.refresh_token })).status).toBe(400);
});

test('wrong secrets, redirects and grants are told apart', async () => {
  expect((await token({ grant_type: 'refresh_token', client_secret: 'no' })).json).toEqual({ error: 'invalid_client' });
  expect((await token({ grant_type: 'password' })).json).toEqual({ error: 'unsupported_grant_type' });
  expect((await authorize('https://elsewhere.example/')).statusCode).toBe(400);
  expect((await bearer('none')).status).toBe(401);
  for (let more = 0; more < 2; more += 1)
    await realm.control('POST', '/portals/academy/apps', { redirectUri: REDIRECT });
  await expect(realm.control('POST', '/portals/academy/apps', { redirectUri: REDIRECT })).rejects.toThrow(/at most 3/);
});
