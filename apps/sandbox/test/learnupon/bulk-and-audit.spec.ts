import { courseIds, created, grouped, openRealm, type OpenRealm } from './realm.js';

let realm: OpenRealm;
beforeEach(async () => {
  realm = await openRealm();
});

describe('bulk operations', () => {
  const submit = (operation: string, items: unknown) =>
    realm.academy('POST', `/bulk-operations/submit/${operation}`, { items });

  test('are not enabled, unless the switch says so', async () => {
    const reply = await submit('bulk-enrollment', [{ course_id: 1, user_id: 1 }]);
    expect([reply.status, reply.json]).toEqual([403, { error: 'feature_not_enabled' }]);
    expect((await realm.academy('GET', '/bulk-operations/jobs')).status).toBe(403);
  });

  test('become jobs that count what failed', async () => {
    await realm.switchTo({ bulkOperations: 'on' });
    const user_id = await created(realm.academy, 'ada@x.test');
    const [course_id] = await courseIds(realm.academy);
    const { json } = await submit('bulk-enrollment', [
      { course_id, user_id },
      { course_id, user_id: 5 },
    ]);
    expect(json).toMatchObject({ status: 'in_progress', num_operations: 2, completed_at: null, report_url: null });
    await realm.advance('PT3S');
    const job = (await realm.academy('GET', `/bulk-operations/jobs/${json.job_id}`)).json;
    expect(job).toMatchObject({ status: 'completed', num_completed_operations: 1, num_failed_operations: 1 });
    expect((await realm.academy('GET', job.report_url.slice('/api/v1'.length))).text).toMatch(/User not found/);
    const { enrollments } = (await realm.academy('GET', '/enrollments/search')).json;
    await submit('bulk-unenrollment', [{ enrollment_id: enrollments[0].id }]);
    expect((await realm.academy('GET', '/enrollments/search')).json.enrollments).toEqual([]);
    expect((await realm.academy('GET', '/bulk-operations/jobs')).json.jobs).toHaveLength(2);
  });

  test('have limits of their own', async () => {
    await realm.switchTo({ bulkOperations: 'on' });
    expect((await submit('bulk-enrollment', [])).json).toEqual({ error: 'validation_failed' });
    const many = Array.from({ length: 100_001 }, () => ({}));
    expect((await submit('bulk-enrollment', many)).status).toBe(422);
    for (const status of [200, 200, 429]) expect((await submit('bulk-unenrollment', [{}])).status).toBe(status);
    expect((await realm.academy('GET', '/bulk-operations/jobs/none')).json).toEqual({ error: 'not_found' });
  });
});

test('the audit trail tells who disabled, deleted and removed, for 30 days', async () => {
  const id = await created(realm.academy, 'ada@x.test');
  await realm.academy('PUT', `/users/${id}`, { User: { enabled: false } });
  await realm.control('POST', `/accounts/academy/${id}`, { enabled: true });
  const group_id = await grouped(realm.academy, 'Sales');
  await realm.academy('POST', '/group_memberships', { GroupMembership: { group_id, user_id: id } });
  await realm.academy('DELETE', '/group_memberships/0', { GroupMembership: { group_id, user_id: id } });
  await realm.academy('DELETE', `/groups/${group_id}`);
  await realm.advance('P1D');
  await realm.academy('DELETE', `/users/${id}`);
  const trail = async (query = '') => (await realm.academy('GET', `/audit-trails?${query}`)).json.audit_trails;
  expect((await trail()).map(({ action }: { action: number }) => action)).toEqual([4, 5, 12, 11, 3]);
  expect(await trail('action=5')).toMatchObject([
    { initiated_by_user_email: 'lms.admin@acme.example', impacted_user_email: 'ada@x.test' },
  ]);
  expect(await trail('action=4')).toMatchObject([{ initiated_by_user: null, impacted_user: 'Ada Moss' }]);
  expect(await trail('date_range=2026-11-03T00:00:00.000Z,2026-11-04T00:00:00.000Z')).toMatchObject([{ action: 3 }]);
  await realm.advance('P29DT12H');
  expect(await trail()).toMatchObject([{ action: 3 }]);
});

test('a batch upload is taken, and its summary mailed to the admin', async () => {
  const { user } = (await realm.academy('GET', '/users')).json;
  const body = {
    user_id: String(user[0].id),
    sftp_username: 'u',
    sftp_password: 'p',
    file_url: 'sftp://198.51.100.1:22/people.csv',
    batch_params: { invite_users: false },
  };
  expect((await realm.academy('POST', '/batch/upload_and_sync', body)).status).toBe(200);
  expect((await realm.control('GET', '/mailbox')).mails).toMatchObject([
    { kind: 'summary', to: 'lms.admin@acme.example', acceptUrl: null },
  ]);
  expect((await realm.academy('POST', '/batch/upload', {})).json.message).toMatch(/user_id, sftp_username/);
  expect((await realm.academy('POST', '/batch/upload', { ...body, file_url: 'http://x' })).status).toBe(400);
});
