import { user } from '../harness.js';
import { created, emails, openRealm, type PortalCall, type OpenRealm } from './realm.js';

let realm: OpenRealm;
beforeEach(async () => {
  realm = await openRealm();
});

describe('update', () => {
  test('by number: what is sent is set, an e-mail too', async () => {
    const id = await created(realm.academy, 'ada@x.test');
    expect(
      (await realm.academy('PUT', `/users/${id}`, { User: { email: 'ada.hill@x.test', last_name: 'Hill' } })).json,
    ).toEqual({ id });
    expect((await realm.academy('GET', `/users/${id}`)).json.user[0]).toMatchObject({
      email: 'ada.hill@x.test',
      last_name: 'Hill',
      first_name: 'Ada',
    });
    expect((await realm.academy('GET', '/users/search?email=ada%40x.test')).status).toBe(404);
    expect(emails(await realm.academy('GET', '/users/search?email=ada.hill%40x.test'))).toEqual(['ada.hill@x.test']);
  });

  test('by 0: the body’s e-mail says who, new_email says what', async () => {
    const id = await created(realm.academy, 'ada@x.test');
    expect(
      (await realm.academy('PUT', '/users/0', { User: { email: 'ada@x.test', new_email: 'ada.hill@x.test' } })).json,
    ).toEqual({ id });
    expect((await realm.academy('GET', `/users/${id}`)).json.user[0].email).toBe('ada.hill@x.test');
    expect((await realm.academy('PUT', '/users/0', { User: { email: 'ada@x.test', enabled: false } })).status).toBe(
      404,
    );
  });

  test('an e-mail of somebody else in the realm is refused, and nothing else is changed', async () => {
    const id = await created(realm.academy, 'ada@x.test');
    await created(realm.sales, 'tom@x.test');
    const reply = await realm.academy('PUT', `/users/${id}`, { User: { email: 'tom@x.test', last_name: 'Hill' } });
    expect([reply.status, reply.json.message]).toEqual([400, 'Email has already been taken']);
    expect((await realm.academy('GET', `/users/${id}`)).json.user[0]).toMatchObject({
      email: 'ada@x.test',
      last_name: 'Moss',
    });
  });

  test.each([
    [true, 'ada.hill@x.test'],
    [false, 'ada@x.test'],
  ])('emailChangeRealmWide %s: the other portal shows %s', async (emailChangeRealmWide, expected) => {
    await realm.switchTo({ allowUserCreationIfUserAlreadyExists: true, emailChangeRealmWide });
    const here = await created(realm.academy, 'ada@x.test');
    await created(realm.sales, 'ada@x.test');
    await realm.academy('PUT', `/users/${here}`, { User: { email: 'ada.hill@x.test' } });
    expect(emails(await realm.sales('GET', '/users'))).toEqual([expected]);
  });

  test('where it counts in one portal only, it can be changed in each in turn, and names are one person’s again', async () => {
    await realm.switchTo({ allowUserCreationIfUserAlreadyExists: true, emailChangeRealmWide: false });
    const here = await created(realm.academy, 'ada@x.test');
    const there = await created(realm.sales, 'ada@x.test');
    const change = { User: { email: 'ada.hill@x.test' } };
    expect((await realm.academy('PUT', `/users/${here}`, change)).status).toBe(200);
    expect((await realm.sales('PUT', `/users/${there}`, change)).status).toBe(200);
    await realm.academy('PUT', `/users/${here}`, { User: { last_name: 'Hill' } });
    expect((await realm.sales('GET', '/users')).json.user).toMatchObject([
      { email: 'ada.hill@x.test', last_name: 'Hill' },
    ]);
    await created(realm.sales, 'ada@x.test');
  });

  test('account_expires disables after its day until an admin enables again', async () => {
    const id = await created(realm.academy, 'ada@x.test', { account_expires: '2026-11-03' });
    const enabled = async () => (await realm.academy('GET', `/users/${id}`)).json.user[0].enabled;
    await realm.control('POST', '/clock', { now: '2026-11-03T23:00:00Z' });
    expect(await enabled()).toBe(true);
    await realm.advance('PT2H');
    expect(await enabled()).toBe(false);
    await realm.academy('PUT', `/users/${id}`, { User: { enabled: true } });
    expect(await enabled()).toBe(true);
  });
});

describe('disable and delete', () => {
  const both = async (): Promise<[number, number]> => {
    await realm.switchTo({ allowUserCreationIfUserAlreadyExists: true });
    return [await created(realm.academy, 'ada@x.test'), await created(realm.sales, 'ada@x.test')];
  };
  const enabledIn = async (call: PortalCall, id: number) => (await call('GET', `/users/${id}`)).json.user[0].enabled;

  test('in the top-level portal reaches the sub-portals, unless the switch says otherwise', async () => {
    const [top, sub] = await both();
    await realm.academy('PUT', `/users/${top}`, { User: { enabled: false } });
    expect(await enabledIn(realm.sales, sub)).toBe(false);
    await realm.academy('PUT', `/users/${top}`, { User: { enabled: 'true' } });
    expect(await enabledIn(realm.sales, sub)).toBe(false);
    await realm.sales('PUT', `/users/${sub}`, { User: { enabled: true } });
    await realm.switchTo({ disableCascades: false });
    await realm.academy('PUT', `/users/${top}`, { User: { enabled: false } });
    expect(await enabledIn(realm.sales, sub)).toBe(true);
  });

  test('in a sub-portal leaves the top-level account alone', async () => {
    const [top, sub] = await both();
    await realm.sales('PUT', `/users/${sub}`, { User: { enabled: false } });
    expect(await enabledIn(realm.academy, top)).toBe(true);
    expect((await realm.sales('DELETE', `/users/${sub}`)).json).toEqual({});
    expect((await realm.academy('GET', `/users/${top}`)).status).toBe(200);
  });

  test('deleted in the top-level portal, the person is gone and the identifier free', async () => {
    const [top, sub] = await both();
    await realm.academy('DELETE', `/users/${top}`);
    expect((await realm.sales('GET', `/users/${sub}`)).status).toBe(404);
    await realm.switchTo({ allowUserCreationIfUserAlreadyExists: false });
    expect((await realm.sales('POST', '/users', user('ada@x.test'))).status).toBe(200);
  });
});
