import { courseIds, created, emails, grouped, openRealm, type OpenRealm } from './realm.js';

let realm: OpenRealm;
beforeEach(async () => {
  realm = await openRealm();
});

const titles = async (query = ''): Promise<string[]> =>
  (await realm.academy('GET', `/groups${query}`)).json.groups.map(({ title }: { title: string }) => title);

describe('groups', () => {
  test('are created, renamed and deleted; a title is one group’s', async () => {
    const id = await grouped(realm.academy, 'Sales');
    await grouped(realm.academy, 'Legal');
    expect((await realm.academy('POST', '/groups', { Group: { title: 'Sales' } })).status).toBe(400);
    expect((await realm.academy('PUT', `/groups/${id}`, { Group: { title: 'Legal' } })).status).toBe(400);
    expect(
      (await realm.academy('PUT', `/groups/${id}`, { Group: { title: 'Field', description: 'Out' } })).json,
    ).toEqual({ id });
    expect((await realm.academy('GET', '/groups')).json.groups[0]).toMatchObject({
      title: 'Field',
      description: 'Out',
    });
    expect((await realm.academy('DELETE', `/groups/${id}`)).json).toEqual({});
    expect((await realm.academy('DELETE', `/groups/${id}`)).status).toBe(404);
    expect(await titles()).toEqual(['Legal']);
    expect((await realm.sales('GET', '/groups')).json.groups).toEqual([]);
  });

  test.each([
    ['substring', ['Sales', 'Presales']],
    ['exact', ['Sales']],
  ])('titleFilter %s: ?title=sales finds %j', async (titleFilter, expected) => {
    await realm.switchTo({ titleFilter });
    for (const title of ['Sales', 'Presales', 'Legal']) await grouped(realm.academy, title);
    expect(await titles('?title=sales')).toEqual(expected);
  });
});

describe('memberships', () => {
  test('a row’s id is the user’s, with version_id 1.1 the membership’s', async () => {
    const userId = await created(realm.academy, 'ada@x.test');
    const groupId = await grouped(realm.academy, 'Sales');
    const join = { GroupMembership: { group_id: groupId, user_id: userId } };
    const { id } = (await realm.academy('POST', '/group_memberships', join)).json;
    expect((await realm.academy('POST', '/group_memberships', join)).json.message).toMatch(/already/);
    const members = async (query: string) => (await realm.academy('GET', `/group_memberships?${query}`)).json.user;
    expect((await members(`group_id=${groupId}`))[0]).toMatchObject({ id: userId, email: 'ada@x.test' });
    expect((await members(`group_id=${groupId}&version_id=1.1`))[0]).toMatchObject({ id, email: 'ada@x.test' });
    expect((await realm.academy('GET', `/group_memberships?user_id=${userId}`)).json.group).toMatchObject([
      { title: 'Sales', number_of_members: 1 },
    ]);
    expect((await realm.academy('GET', '/group_memberships')).status).toBe(404);
    expect((await realm.academy('DELETE', `/group_memberships/${id}`)).json).toEqual({});
    expect((await realm.academy('DELETE', '/group_memberships/0', join)).status).toBe(404);
    await realm.academy('POST', '/group_memberships', join);
    expect((await realm.academy('DELETE', '/group_memberships/0', join)).json).toEqual({});
    expect(await members(`group_id=${groupId}`)).toEqual([]);
  });

  test('bring the group’s courses unless told not to, and leave them unless told to', async () => {
    const [, security] = await courseIds(realm.academy);
    const group_id = await grouped(realm.academy, 'Sales');
    await realm.academy('POST', '/group_courses', {
      GroupCourse: { group_id, course_id: security },
      re_enroll_completed: 'false',
    });
    const [ada, tom, eve] = [
      await created(realm.academy, 'ada@x.test'),
      await created(realm.academy, 'tom@x.test'),
      await created(realm.academy, 'eve@x.test', { enabled: false }),
    ];
    const join = (user_id: number, more: object = {}) =>
      realm.academy('POST', '/group_memberships', { GroupMembership: { group_id, user_id, ...more } });
    await join(ada);
    await join(tom, { process_enrollments: 'false' });
    await join(eve);
    const enrolled = async () =>
      (await realm.academy('GET', `/enrollments/search?course_id=${security}`)).json.enrollments.map(
        ({ email }: { email: string }) => email,
      );
    expect(await enrolled()).toEqual(['ada@x.test']);
    const leave = (more: object = {}) =>
      realm.academy('DELETE', '/group_memberships/0', { GroupMembership: { group_id, user_id: ada, ...more } });
    await leave();
    expect(await enrolled()).toEqual(['ada@x.test']);
    await join(ada);
    await leave({ process_unenrollments: true });
    expect(await enrolled()).toEqual([]);
  });

  test('end with the account', async () => {
    const user_id = await created(realm.academy, 'ada@x.test');
    const group_id = await grouped(realm.academy, 'Sales');
    await realm.academy('POST', '/group_memberships', { GroupMembership: { group_id, user_id } });
    await realm.academy('POST', '/group_managers', { GroupManager: { group_id, user_id } });
    await realm.academy('DELETE', `/users/${user_id}`);
    expect(emails(await realm.academy('GET', `/group_memberships?group_id=${group_id}`))).toEqual([]);
    expect((await realm.academy('GET', '/group_managers')).json.group_manager).toEqual([]);
  });
});

test('managers of a group are named, found by group, user and e-mail, and taken back', async () => {
  const user_id = await created(realm.academy, 'ada@x.test', { user_type: 'manager' });
  const group_id = await grouped(realm.academy, 'Sales');
  const body = { GroupManager: { group_id: String(group_id), user_id: String(user_id), can_create_users: true } };
  const { json } = await realm.academy('POST', '/group_managers', body);
  expect(json).toEqual({ id: expect.any(Number), created_at: expect.any(String) });
  expect((await realm.academy('POST', '/group_managers', body)).json.message).toMatch(/already/);
  const found = async (query: string) => (await realm.academy('GET', `/group_managers?${query}`)).json.group_manager;
  for (const query of ['', `group_id=${group_id}`, `user_id=${user_id}`, 'email=ADA@x.test'])
    expect(await found(query)).toMatchObject([{ id: json.id, group_title: 'Sales', can_create_users: true }]);
  expect(await found('group_id=1')).toEqual([]);
  expect((await realm.academy('DELETE', `/group_managers/${json.id}`)).json).toEqual({});
  expect(await found('')).toEqual([]);
});
