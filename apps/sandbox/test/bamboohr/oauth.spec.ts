import { ada, ask, openSandbox, type OpenSandbox, type Reply } from '../harness.js';

const REDIRECT = 'https://app.example/callback';

let box: OpenSandbox;
let client: { clientId: string; clientSecret: string };
beforeEach(async () => {
  box = await openSandbox();
  client = await box.control('POST', '/bamboohr/clients', { redirectUris: [REDIRECT] });
});

const token = (values: Record<string, string>, isJson = false): Promise<Reply> => {
  const body = { client_id: client.clientId, client_secret: client.clientSecret, ...values };
  return ask(`${box.sandbox.bamboohr.url}/token.php?request=token`, {
    method: 'POST',
    headers: { 'content-type': isJson ? 'application/json' : 'application/x-www-form-urlencoded' },
    body: isJson ? body : new URLSearchParams(body).toString(),
  });
};

const codeFor = async (scope: string): Promise<string> =>
  (await box.control('POST', '/bamboohr/codes', { clientId: client.clientId, scope })).code;

const redeem = async (scope: string, isJson = false): Promise<Reply> =>
  token({ grant_type: 'authorization_code', code: await codeFor(scope), redirect_uri: REDIRECT }, isJson);

const bearer = (accessToken: string) => ({ headers: { authorization: `Bearer ${accessToken}` } });

test.each([false, true])('a code is good for tokens once, as a form or JSON (%p)', async (isJson) => {
  const reply = await redeem('employee offline_access openid', isJson);
  expect(reply.json).toEqual({
    access_token: expect.stringMatching(/^[0-9a-f]{40}$/),
    refresh_token: expect.any(String),
    expires_in: 3600,
    token_type: 'Bearer',
    scope: 'employee offline_access openid',
    id_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    companyDomain: 'acme',
  });
  expect((await redeem('employee')).json).not.toHaveProperty('refresh_token');
});

test('a used code, another address, a wrong secret and another grant are refused in RFC 6749 words', async () => {
  const code = await codeFor('employee');
  const grant = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT };
  expect((await token({ ...grant, redirect_uri: `${REDIRECT}/` })).json.error).toBe('invalid_grant');
  expect((await token(grant)).json.error).toBe('invalid_grant');
  expect((await token({ ...grant, client_secret: 'guess' })).status).toBe(401);
  expect((await token({ grant_type: 'client_credentials' })).json.error).toBe('unsupported_grant_type');
});

test('an access token lasts an hour; a refresh token is good once', async () => {
  const first = (await redeem('employee offline_access')).json;
  const id = await box.hire(ada);
  const call = (accessToken: string) => box.bamboo(`/v1/employees/${id}`, bearer(accessToken));
  expect((await call(first.access_token)).status).toBe(200);
  await box.advance('PT1H');
  expect((await call(first.access_token)).status).toBe(401);
  const renew = () => token({ grant_type: 'refresh_token', refresh_token: first.refresh_token });
  const second = (await renew()).json;
  expect(second.refresh_token).not.toBe(first.refresh_token);
  expect((await call(second.access_token)).status).toBe(200);
  expect((await renew()).status).toBe(400);
  await box.control('POST', '/switches', { refreshTokenRotates: false });
  const kept = { grant_type: 'refresh_token', refresh_token: second.refresh_token };
  expect((await token(kept)).json.refresh_token).toBe(second.refresh_token);
});

test('scopes open operations, and a narrow one shows its own fields alone', async () => {
  const id = await box.hire(ada);
  const { access_token: narrow } = (await redeem('employee:name')).json;
  const path = `/v1/employees/${id}?fields=firstName,workEmail,department`;
  expect((await box.bamboo(path, bearer(narrow))).json).toEqual({ id, firstName: 'Ada' });
  const changed = '/v1/employees/changed?since=2026-11-01T00:00:00Z';
  expect((await box.bamboo(changed, bearer(narrow))).status).toBe(403);
  const { access_token: wide } = (await redeem('employee public.integration')).json;
  expect((await box.bamboo(path, bearer(wide))).json).toMatchObject({ department: 'Sales' });
  expect((await box.bamboo(changed, bearer(wide))).status).toBe(200);
});

test('by switch, tokens are no good on the gateway', async () => {
  const { access_token: accessToken } = (await redeem('user')).json;
  const call = () => ask(`${box.sandbox.url}/api/gateway.php/acme/v1/meta/users`, bearer(accessToken));
  expect((await call()).status).toBe(200);
  await box.control('POST', '/switches', { bearerOnGateway: false });
  expect((await call()).status).toBe(401);
});

describe('the page that asks for consent', () => {
  const page = (changes: Record<string, string> = {}): string => {
    const asked = {
      client_id: client.clientId,
      response_type: 'code',
      redirect_uri: REDIRECT,
      scope: 'user',
      state: 'a&b',
    };
    return `${box.sandbox.bamboohr.url}/authorize.php?${new URLSearchParams({ ...asked, ...changes })}`;
  };
  const decide = (decision: string) =>
    ask(page().split('?')[0]!, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `${page().split('?')[1]}&decision=${decision}`,
    });

  test('names the scopes, and leads back with a code or a refusal', async () => {
    expect((await ask(page())).text).toMatch(/<code>user<\/code>[\s\S]*Allow/);
    const allowed = new URL(String((await decide('allow')).headers['location']));
    expect([allowed.origin + allowed.pathname, allowed.searchParams.get('state')]).toEqual([REDIRECT, 'a&b']);
    const code = allowed.searchParams.get('code') ?? '';
    expect((await token({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT })).status).toBe(200);
    expect((await decide('deny')).headers['location']).toMatch(/error=access_denied/);
  });

  test.each([
    ['client_id', 'nobody'],
    ['redirect_uri', 'https://app.example/callback/'],
    ['response_type', 'token'],
  ])('with another %s it leads nowhere', async (name, value) => {
    const reply = await ask(page({ [name]: value }));
    expect([reply.status, reply.headers['location']]).toEqual([400, undefined]);
  });
});
