import { ask, basic, user } from '../harness.js';
import { created, openRealm, type OpenRealm } from './realm.js';

let realm: OpenRealm;
beforeEach(async () => {
  realm = await openRealm();
});

describe('who may ask, and how', () => {
  test('the keys are the portal’s own', async () => {
    const [{ username, password } = { username: '', password: '' }] = realm.sandbox.learnupon;
    const reply = await realm.sales('GET', '/users', undefined, { authorization: basic(username, password) });
    expect([reply.status, reply.json.response_type]).toEqual([401, 'ERROR']);
    expect((await realm.academy('GET', '/users', undefined, { authorization: '' })).status).toBe(401);
  });

  test('by host as by path', async () => {
    const [top] = realm.sandbox.learnupon;
    const authorization = basic(top?.username ?? '', top?.password ?? '');
    const headers = { authorization, host: 'academy.learnupon.com' };
    expect((await ask(`${realm.sandbox.url}/api/v1/users/`, { headers })).status).toBe(200);
  });

  test.each([
    ['GET', '/courses/5', 404],
    ['GET', '/nonsense', 401],
    ['POST', '/users/5', 404],
  ])('%s %s: %d', async (method, path, status) => {
    expect((await realm.academy(method, path)).status).toBe(status);
  });

  test('a path that nobody has is a 404, by switch', async () => {
    await realm.switchTo({ unknownPath: 404 });
    expect((await realm.academy('GET', '/nonsense')).status).toBe(404);
  });

  test('a body that is no JSON, and a GET that says it sends some', async () => {
    const answer = { error: 'There was a problem in the JSON you submitted.' };
    const post = await realm.academy('POST', '/users', '{"User":');
    expect([post.status, post.json]).toEqual([400, answer]);
    const get = await realm.academy('GET', '/users', undefined, { 'content-type': 'application/json' });
    expect([get.status, get.json]).toEqual([400, answer]);
    await realm.switchTo({ getWithJsonContentType: 'accept' });
    expect((await realm.academy('GET', '/users', undefined, { 'content-type': 'application/json' })).status).toBe(200);
  });

  test('bodies without their envelope', async () => {
    for (const [method, path, body] of [
      ['POST', '/users', user('ada@x.test').User],
      ['PUT', '/users/5', { enabled: false }],
    ] as const) {
      const reply = await realm.academy(method, path, body);
      expect([reply.status, reply.json.message]).toEqual([404, 'Invalid user parameters provided']);
    }
    expect((await realm.academy('POST', '/group_invites', { email_addresses: 'a@x.test' })).status).toBe(404);
    expect((await realm.academy('POST', '/portal_invite', { email: 'a@x.test' })).status).toBe(404);
  });

  test('a wrapped PATCH says ok and does nothing', async () => {
    const id = await created(realm.academy, 'ada@x.test');
    const reply = await realm.academy('PATCH', `/users/${id}`, { User: { enabled: false } });
    expect([reply.status, reply.json]).toEqual([200, { success: 'ok' }]);
    expect((await realm.academy('GET', `/users/${id}`)).json.user[0].enabled).toBe(true);
  });
});
