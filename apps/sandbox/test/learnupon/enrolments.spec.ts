import { courseIds, created, grouped, invited, openRealm, type OpenRealm } from './realm.js';

let realm: OpenRealm;
beforeEach(async () => {
  realm = await openRealm();
});

const search = async (query = '') => (await realm.academy('GET', `/enrollments/search?${query}`)).json.enrollments;
const enrol = (body: object) => realm.academy('POST', '/enrollments', { Enrollment: body });
const complete = (enrollment_id: number) =>
  realm.academy('POST', '/markcompletes', {
    Markcomplete: { enrollment_id, status: 'passed', percentage: 90, date_completed: '2026-11-02T10:00:00Z' },
  });

describe('enrolments', () => {
  test('are made by e-mail or number, and by the course’s whole name or number', async () => {
    const id = await created(realm.academy, 'ada@x.test');
    const [, security] = await courseIds(realm.academy);
    const { json } = await enrol({ email: 'ada@x.test', course_name: 'Welcome' });
    expect(json).toEqual({ id: expect.any(Number), created_at: '2026-11-02T09:00:00Z', user_id: id });
    await enrol({ user_id: id, course_id: security, due_date: '2026-12-01' });
    expect(await search('email=ADA@x.test')).toMatchObject([
      { course_name: 'Welcome', status: 'not_started', due_date: null },
      { course_name: 'Security', due_date: '2026-12-01' },
    ]);
    expect(await search(`course_id=${security}`)).toHaveLength(1);
    expect(await search('group_id=77')).toHaveLength(2);
    expect((await realm.academy('GET', `/users/${id}`)).json.user[0]).toMatchObject({ number_of_enrollments: 2 });
    expect((await enrol({ email: 'ada@x.test', course_name: 'Welcome' })).json.message).toMatch(/already/);
    expect((await enrol({ email: 'ada@x.test', course_name: 'Wel' })).status).toBe(404);
    expect((await enrol({ email: 'tom@x.test', course_name: 'Welcome' })).status).toBe(404);
  });

  test('a PATCH is unwrapped; wrapped, it says ok and does nothing', async () => {
    await created(realm.academy, 'ada@x.test');
    const { id } = (await enrol({ email: 'ada@x.test', course_name: 'Welcome' })).json;
    const wrapped = await realm.academy('PATCH', `/enrollments/${id}`, { Enrollment: { due_date: '2026-12-24' } });
    expect([wrapped.status, wrapped.json]).toEqual([200, { success: 'ok' }]);
    expect((await realm.academy('GET', `/enrollments/${id}`)).json.enrollments[0].due_date).toBeNull();
    await realm.academy('PATCH', `/enrollments/${id}`, { due_date: '2026-12-24', expiry_date: '2027-01-01' });
    expect((await search())[0]).toMatchObject({ due_date: '2026-12-24', course_access_expires_at: '2027-01-01' });
  });

  test('what is completed stays unless it is removed from the history, in words', async () => {
    const user = await created(realm.academy, 'ada@x.test');
    const { id } = (await enrol({ email: 'ada@x.test', course_name: 'Welcome' })).json;
    await complete(id);
    expect((await realm.academy('GET', '/markcompletes')).json.markcompletes).toMatchObject([{ status: 'passed' }]);
    expect((await realm.academy('GET', `/users/${user}`)).json.user[0].number_of_enrollments_accessed).toBe(1);
    for (const body of [undefined, { remove_from_history: true }])
      expect((await realm.academy('DELETE', `/enrollments/${id}`, body)).json).toEqual({});
    expect(await search()).toHaveLength(1);
    expect((await enrol({ user_id: user, course_name: 'Welcome', re_enroll_if_completed: true })).status).toBe(200);
    await realm.academy('DELETE', `/enrollments/${id}`, { remove_from_history: 'true' });
    expect(await search()).toMatchObject([{ status: 'not_started' }]);
  });

  test('a licence whose course was begun never comes back', async () => {
    await realm.control('POST', '/portals/academy', { licences: 3 });
    const used = async (email: string) => {
      const user = await created(realm.academy, email);
      const { id } = (await enrol({ user_id: user, course_name: 'Welcome' })).json;
      return { user, id };
    };
    const [ada, tom] = [await used('ada@x.test'), await used('tom@x.test')];
    await complete(ada.id);
    await realm.academy('DELETE', `/users/${ada.user}`);
    expect((await realm.academy('POST', '/users', { User: { email: 'eve@x.test', password: 'secret' } })).status).toBe(
      400,
    );
    await realm.academy('DELETE', `/users/${tom.user}`);
    await created(realm.academy, 'eve@x.test');
    expect(await search()).toEqual([]);
  });
});

test('everybody new is enrolled in the first course, by switch', async () => {
  await created(realm.academy, 'ada@x.test');
  expect(await search()).toEqual([]);
  await realm.switchTo({ autoEnrolOnCreate: true });
  await created(realm.academy, 'tom@x.test');
  await realm.accept(await invited(realm.academy, 'eve@x.test'));
  expect((await search()).map(({ email, course_name }: Record<string, string>) => [email, course_name])).toEqual([
    ['tom@x.test', 'Welcome'],
    ['eve@x.test', 'Welcome'],
  ]);
});

test('who is invited only can wait for a course, not be enrolled', async () => {
  const group_invite_id = await invited(realm.academy, 'ada@x.test');
  expect((await enrol({ email: 'ada@x.test', course_name: 'Security' })).status).toBe(404);
  const body = { GroupInviteCourseEnrollment: { group_invite_id, course_name: 'Security' } };
  const { id } = (await realm.academy('POST', '/group_invite_course_enrollments', body)).json;
  const path = `/group_invite_course_enrollments/${id}`;
  expect((await realm.academy('GET', path)).json.group_invite_course_enrollment).toMatchObject([
    { id, invite_email_address: 'ada@x.test', course_name: 'Security' },
  ]);
  await realm.accept(group_invite_id);
  expect(await search('email=ada@x.test')).toMatchObject([{ course_name: 'Security' }]);
  expect((await realm.academy('DELETE', path)).json).toEqual({});
  expect((await realm.academy('GET', path)).status).toBe(404);
});

test('courses: by part of the name, ?id= ignored, none by number; kept while somebody is enrolled', async () => {
  const names = async (query: string) =>
    (await realm.academy('GET', `/courses?${query}`)).json.courses.map(({ name }: { name: string }) => name);
  const [welcome] = await courseIds(realm.academy);
  expect(await names('name=secu')).toEqual(['Security']);
  expect(await names(`id=${welcome}`)).toEqual(['Welcome', 'Security']);
  expect((await realm.academy('GET', `/courses/${welcome}`)).status).toBe(404);
  await created(realm.academy, 'ada@x.test');
  await enrol({ email: 'ada@x.test', course_id: welcome });
  expect((await realm.academy('DELETE', `/courses/${welcome}`)).status).toBe(400);
  const { id } = (await realm.academy('POST', '/courses', { Course: { name: 'Extra' } })).json;
  expect((await realm.academy('DELETE', `/courses/${id}`)).json).toEqual({});
});

test('a course given to a group reaches its members, and goes with or without their enrolments', async () => {
  const group_id = await grouped(realm.academy, 'Sales');
  const user_id = await created(realm.academy, 'ada@x.test');
  await realm.academy('POST', '/group_memberships', { GroupMembership: { group_id, user_id } });
  const [, course_id] = await courseIds(realm.academy);
  const attach = async () =>
    (await realm.academy('POST', '/group_courses', { GroupCourse: { group_id, course_id }, re_enroll_completed: true }))
      .json.id as number;
  const id = await attach();
  expect((await realm.academy('GET', `/group_courses?course_id=${course_id}`)).json.group_courses).toEqual([
    { id, group_id, course_id, group_title: 'Sales', course_name: 'Security' },
  ]);
  expect(await search()).toMatchObject([{ group_id }]);
  await realm.academy('DELETE', `/group_courses/${id}`);
  expect(await search()).toHaveLength(1);
  await realm.academy('DELETE', `/group_courses/${await attach()}`, { delete_enrollments: 'true' });
  expect(await search()).toEqual([]);
});
