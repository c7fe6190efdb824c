import { user } from '../harness.js';
import { created, EXISTS, invited, openRealm, type OpenRealm } from './realm.js';

let realm: OpenRealm;
beforeEach(async () => {
  realm = await openRealm();
});

describe('create', () => {
  test('needs the identifier and a password of six', async () => {
    for (const bad of [
      { email: '' },
      { email: 'nobody' },
      { password: undefined },
      { password: '12345' },
      { user_type: 'boss' },
    ]) {
      const reply = await realm.academy('POST', '/users', user('ada@x.test', bad));
      expect([reply.status, reply.json.response_type, reply.json.response_code]).toEqual([400, 'ERROR', 400]);
    }
    expect((await realm.academy('POST', '/users', user('ada@x.test'))).json).toEqual({ id: expect.any(Number) });
  });

  test('twice in one portal is refused, whatever the case of the letters', async () => {
    await created(realm.academy, 'ada@x.test');
    const again = await realm.academy('POST', '/users', user('Ada@X.test'));
    expect([again.status, again.json.message]).toEqual([400, 'Email has already been taken']);
    await realm.switchTo({ emailCaseSensitive: true });
    expect((await realm.academy('POST', '/users', user('Ada@X.test'))).status).toBe(200);
  });

  test('an identifier known in the realm: the message, or with the switch an account of its own there', async () => {
    const id = await created(realm.academy, 'ada@x.test');
    const refused = await realm.sales('POST', '/users', user('ada@x.test'));
    expect([refused.status, refused.json.message]).toEqual([400, EXISTS]);
    for (const refusalStatus of [422, 200]) {
      await realm.switchTo({ refusalStatus });
      const reply = await realm.sales('POST', '/users', user('ada@x.test'));
      expect([reply.status, reply.json.response_type]).toEqual([refusalStatus, 'ERROR']);
    }
    await realm.switchTo({ allowUserCreationIfUserAlreadyExists: true });
    const there = await created(realm.sales, 'ada@x.test', { first_name: 'Adele' });
    expect(there).not.toBe(id);
    expect((await realm.sales('GET', `/users/${there}`)).json.user[0].first_name).toBe('Ada');
  });

  test('names of a known person: kept or overwritten, by switch', async () => {
    await realm.switchTo({ allowUserCreationIfUserAlreadyExists: true, createOnKnownPerson: 'overwrite' });
    const id = await created(realm.academy, 'ada@x.test');
    await created(realm.sales, 'ada@x.test', { first_name: 'Adele' });
    expect((await realm.academy('GET', `/users/${id}`)).json.user[0].first_name).toBe('Adele');
  });

  test('a top-level admin cannot be added to a sub-portal', async () => {
    await realm.switchTo({ allowUserCreationIfUserAlreadyExists: true });
    expect((await realm.sales('POST', '/users', user('lms.admin@acme.example'))).json.message).toMatch(/top-level/);
    const invite = await realm.sales('POST', '/group_invites', {
      GroupInvite: { email_addresses: 'lms.admin@acme.example' },
    });
    expect(invite.status).toBe(400);
  });

  test('full licences fail creates and acceptances, not invites', async () => {
    await realm.control('POST', '/portals/sales', { licences: 1 });
    await created(realm.sales, 'ada@x.test');
    expect((await realm.sales('POST', '/users', user('tom@x.test'))).json.message).toMatch(/licenses/);
    const invite = await invited(realm.sales, 'tom@x.test');
    expect((await realm.accept(invite)).status).toBe(409);
    expect((await realm.academy('GET', '/portals')).json.portals[0]).toMatchObject({
      number_licenses_purchased: 1,
      number_licenses_used: 1,
    });
    await realm.control('POST', '/portals/sales', { licences: 2 });
    expect((await realm.accept(invite)).status).toBe(200);
  });

  test('a portal with usernames wants one of 6 to 30 characters, and shows it', async () => {
    expect((await realm.retail('POST', '/users', user('ada@x.test'))).json.message).toBe("Username can't be blank");
    expect((await realm.retail('POST', '/users', user('ada@x.test', { username: '123' }))).json.message).toBe(
      'Username is invalid',
    );
    const id = await created(realm.retail, '', { username: 'emp-004417' });
    expect((await realm.retail('GET', `/users/${id}`)).json.user[0]).toMatchObject({
      username: 'emp-004417',
      email: null,
    });
    expect((await realm.retail('GET', '/users/search?username=EMP-004417')).status).toBe(200);
    const here = await created(realm.academy, 'tom@x.test', { username: 'ignored-here' });
    expect((await realm.academy('GET', `/users/${here}`)).json.user[0]).not.toHaveProperty('username');
  });

  test('rights, links and types are kept; who may instruct is listed', async () => {
    const manager = { user_type: 'manager', can_act_as_instructor: 'true', can_enroll: false, sf_user_id: 'sf-1' };
    const id = await created(realm.academy, 'ada@x.test', manager);
    await created(realm.academy, 'tom@x.test', { user_type: 'instructor' });
    await created(realm.academy, 'eve@x.test', { user_type: 'manager' });
    expect((await realm.academy('GET', `/users/${id}`)).json.user[0]).toMatchObject({
      ...manager,
      can_act_as_instructor: true,
      tutor_can_edit_their_courses: true,
      membership_type: 'Member',
      awards: [],
    });
    const { instructor_users } = (await realm.academy('GET', '/users/instructor_users')).json;
    expect(instructor_users.map(({ email }: { email: string }) => email)).toEqual(['ada@x.test', 'tom@x.test']);
  });

  test.each([
    [false, false, 0],
    [true, false, 1],
    [true, true, 0],
  ])('createSendsMail %s, SSO %s: %d mails', async (createSendsMail, sso, mails) => {
    realm = await openRealm({ portals: [{ portal: 'academy', sso }, { portal: 'sales' }, { portal: 'retail' }] });
    await realm.switchTo({ createSendsMail });
    await created(realm.academy, 'ada@x.test');
    expect((await realm.control('GET', '/mailbox')).mails).toHaveLength(mails);
  });

  test('one number in all portals, by switch', async () => {
    await realm.switchTo({ allowUserCreationIfUserAlreadyExists: true, userIds: 'per-person' });
    expect(await created(realm.academy, 'ada@x.test')).toBe(await created(realm.sales, 'ada@x.test'));
  });
});
