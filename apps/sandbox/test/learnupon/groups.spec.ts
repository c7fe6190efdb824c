import { created, openRealm, type OpenRealm } from './realm.js';

let realm: OpenRealm;
beforeEach(async () => {
  realm = await openRealm();
});

describe('groups', () => {
  test('a row’s id is the user’s, with version_id 1.1 the membership’s', async () => {
    const userId = await created(realm.academy, 'ada@x.test');
    const { id: groupId } = (await realm.academy('POST', '/groups', { Group: { title: 'Sales' } })).json;
    const join = { GroupMembership: { group_id: groupId, user_id: userId } };
    const { id } = (await realm.academy('POST', '/group_memberships', join)).json;
    expect((await realm.academy('POST', '/group_memberships', join)).json.message).toMatch(/already/);
    expect((await realm.academy('GET', `/group_memberships?group_id=${groupId}`)).json.user[0].id).toBe(userId);
    expect((await realm.academy('GET', `/group_memberships?group_id=${groupId}&version_id=1.1`)).json.user[0].id).toBe(
      id,
    );
    expect((await realm.academy('GET', `/group_memberships?user_id=${userId}`)).json.group).toMatchObject([
      { title: 'Sales', number_of_members: 1 },
    ]);
    expect((await realm.academy('GET', '/group_memberships')).status).toBe(404);
    expect((await realm.academy('DELETE', '/group_memberships/0', join)).json).toEqual({});
    expect((await realm.academy('GET', '/groups?title=sal')).json.groups).toMatchObject([{ number_of_members: 0 }]);
    expect((await realm.academy('POST', '/groups', { Group: { title: 'Sales' } })).status).toBe(400);
  });
});
