import { created, emails, invited, openRealm, type OpenRealm } from './realm.js';

let realm: OpenRealm;
beforeEach(async () => {
  realm = await openRealm();
});

describe('read', () => {
  test('500 a page, headers, the definitions first under the misspelt key', async () => {
    for (let index = 0; index < 500; index += 1) await created(realm.academy, `u${index}@x.test`);
    const first = await realm.academy('GET', '/users');
    expect(first.headers).toMatchObject({
      'lu-current-page': '1',
      'lu-records-per-page': '500',
      'lu-has-next-page': 'true',
    });
    expect(Object.keys(first.json)).toEqual(['customDataFieldDefintions', 'user']);
    expect(first.json.user).toHaveLength(500);
    const second = await realm.academy('GET', '/users?page=2&per_page=3');
    expect(second.headers['lu-has-next-page']).toBe('false');
    expect(emails(second)).toEqual(['u499@x.test']);
    // A row before the page goes: the rest moves up, and a reader of page 2 misses somebody.
    await realm.academy('DELETE', `/users/${first.json.user[0].id as number}`);
    expect(emails(await realm.academy('GET', '/users?page=2'))).toEqual([]);
    expect((await realm.academy('GET', '/users?page=9')).json.user).toEqual([]);
  });

  test('499 a page, and the right spelling, by switch', async () => {
    await realm.switchTo({ pageSize: 499, definitionsKey: 'right' });
    const reply = await realm.academy('GET', '/users');
    expect(reply.headers['lu-records-per-page']).toBe('499');
    expect(Object.keys(reply.json)).toEqual(['customDataFieldDefinitions', 'user']);
  });

  test.each([
    ['', []],
    ['?version_id=1.1', ['updated_at']],
    ['?version_id=1.2', ['updated_at', 'timezone_id']],
  ])('version_id "%s" adds %j', async (query, added) => {
    const [row] = (await realm.academy('GET', `/users${query}`)).json.user as [object];
    expect(Object.keys(row).filter((key) => ['updated_at', 'timezone_id'].includes(key))).toEqual(added);
  });

  test('unknown parameters are ignored; login_enabled filters', async () => {
    await created(realm.academy, 'ada@x.test', { enabled: false });
    expect((await realm.academy('GET', '/users?group_id=5&email=none')).json.user).toHaveLength(2);
    expect(emails(await realm.academy('GET', '/users?login_enabled=false'))).toEqual(['ada@x.test']);
    expect((await realm.academy('GET', '/users/search?user_id=5')).json.user).toHaveLength(2);
  });

  test('search finds by e-mail; a miss is a 404 with an error body', async () => {
    await created(realm.academy, 'ada@x.test');
    expect(emails(await realm.academy('GET', '/users/search?email=ADA%40x.test'))).toEqual(['ada@x.test']);
    for (const path of ['/users/search?email=tom%40x.test', '/users/77', '/users/none']) {
      const miss = await realm.academy('GET', path);
      expect([miss.status, miss.json.response_type]).toEqual([404, 'ERROR']);
    }
  });

  test('written as language, read as locale', async () => {
    const id = await created(realm.academy, 'ada@x.test', { language: 'pt_br' });
    expect((await realm.academy('GET', `/users/${id}`)).json.user[0]).toMatchObject({ locale: 'pt_br' });
  });

  test('sub-portals hide top-level admins, unless the switch says otherwise; they are never theirs to change', async () => {
    const [{ id }] = (await realm.academy('GET', '/users')).json.user;
    const looks = async () => [
      (await realm.sales('GET', '/users')).json.user.length,
      (await realm.sales('GET', `/users/${id}`)).status,
      (await realm.sales('GET', '/users/search?email=lms.admin%40acme.example')).status,
    ];
    expect(await looks()).toEqual([0, 404, 404]);
    await realm.switchTo({ topLevelAdminsHidden: false });
    expect(await looks()).toEqual([1, 200, 200]);
    for (const [method, path] of [
      ['PUT', `/users/${id}`],
      ['DELETE', `/users/${id}`],
      ['PUT', '/users/0'],
    ] as const) {
      const body = { User: { email: 'lms.admin@acme.example', user_type: 'learner' } };
      expect((await realm.sales(method, path, body)).json.message).toMatch(/top-level/);
    }
  });

  test('lists lag by switch, reads by id do not', async () => {
    await realm.switchTo({ listLagSeconds: 30 });
    const id = await created(realm.academy, 'ada@x.test');
    const invite = await invited(realm.academy, 'tom@x.test');
    const listed = async () => [
      emails(await realm.academy('GET', '/users')).includes('ada@x.test'),
      (await realm.academy('GET', '/users/search?email=ada%40x.test')).status === 200,
      (await realm.academy('GET', '/group_invites')).json.group_invite.some((row: { id: number }) => row.id === invite),
    ];
    expect(await listed()).toEqual([false, false, false]);
    expect((await realm.academy('GET', `/users/${id}`)).status).toBe(200);
    await realm.advance('PT31S');
    expect(await listed()).toEqual([true, true, true]);
  });
});
