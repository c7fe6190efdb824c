import { ada, basic, openSandbox, type OpenSandbox } from '../harness.js';

let box: OpenSandbox;
beforeEach(async () => {
  box = await openSandbox();
});

const newKey = async (profile: object = {}) => {
  const { id, apiKey } = await box.control('POST', '/bamboohr/keys', profile);
  const headers = { authorization: basic(apiKey, 'x') };
  return {
    change: (change: object) => box.control('POST', `/bamboohr/keys/${id}`, change),
    get: (path: string) => box.bamboo(path, { headers }),
    post: (path: string, body: unknown) =>
      box.bamboo(path, { method: 'POST', body, headers: { ...headers, 'content-type': 'application/json' } }),
  };
};

test('each key sees by its own rights', async () => {
  const id = await box.hire(ada);
  const narrow = await newKey({ hiddenFields: ['department', '15'], hiddenTables: ['jobInfo'] });
  const path = `/v1/employees/${id}?fields=firstName,department,workEmail`;
  expect((await narrow.get(path)).json).toEqual({ id, firstName: 'Ada' });
  expect((await box.bamboo(path)).json).toMatchObject({ department: 'Sales', workEmail: ada.workEmail });
  expect((await narrow.get(`/v1/employees/${id}/tables/jobInfo`)).status).toBe(404);
  await box.control('POST', '/switches', { hiddenTableStatus: 403 });
  expect((await narrow.get(`/v1/employees/${id}/tables/jobInfo`)).status).toBe(403);
  expect((await narrow.get('/v1/meta/fields')).text).not.toContain('"department"');
});

test('an employee whom the key may not see is nowhere, and 403 by id', async () => {
  const hidden = await box.hire(ada);
  const shown = await box.hire({ firstName: 'Eve' });
  const narrow = await newKey({ hiddenEmployees: [hidden] });
  expect((await narrow.get(`/v1/employees/${hidden}`)).status).toBe(403);
  expect((await narrow.get(`/v1/employees/${hidden}/tables/jobInfo`)).status).toBe(403);
  const ids = [
    (await narrow.get('/v1/employees')).json.data.map(({ employeeId }: { employeeId: string }) => employeeId),
    Object.keys((await narrow.get('/v1/employees/changed?since=2026-11-01T00:00:00Z')).json.employees),
    (await narrow.get('/v1/employees/all/tables/jobInfo')).json.map((row: { employeeId: string }) => row.employeeId),
    (await narrow.get('/v1/employees/directory')).json.employees.map(({ id }: { id: string }) => id),
    (await narrow.post('/v1/reports/custom?format=json', { fields: ['id'] })).json.employees.map(
      ({ id }: { id: string }) => id,
    ),
  ];
  expect(ids).toEqual([[shown], [shown], [shown], [shown], [shown]]);
});

test('rights that are lost after so many calls change in the middle of a read', async () => {
  const id = await box.hire(ada);
  const key = await newKey();
  await key.change({ hiddenFields: ['department'], afterCalls: 2 });
  const read = async () => (await key.get(`/v1/employees/${id}?fields=department`)).json.department;
  expect([await read(), await read(), await read()]).toEqual(['Sales', 'Sales', undefined]);
});

test('a disabled user is refused everything, and is still a user', async () => {
  const key = await newKey({ firstName: 'Gone', lastName: 'Soon' });
  await key.change({ enabled: false });
  expect((await key.get('/v1/meta/users')).status).toBe(403);
  const users: { firstName: string }[] = Object.values((await box.bamboo('/v1/meta/users?status=disabled')).json);
  expect(users.map(({ firstName }) => firstName)).toEqual(['Gone']);
  expect(Object.keys((await box.bamboo('/v1/meta/users?status=strange')).json)).toHaveLength(2);
});

test('0 is the employee linked to the key, and nobody where there is none', async () => {
  const id = await box.hire(ada);
  const key = await newKey();
  expect((await key.get('/v1/employees/0')).status).toBe(404);
  await key.change({ employeeId: id });
  expect((await key.get('/v1/employees/0?fields=firstName')).json).toEqual({ id, firstName: 'Ada' });
  const users: { email: string; employeeId: number }[] = Object.values((await box.bamboo('/v1/meta/users')).json);
  expect(users[1]).toMatchObject({ employeeId: Number(id), email: ada.workEmail });
});

test.each([
  [{ readOnly: true }, 'POST', '/v1/employees'],
  [{ deniedScopes: ['report'] }, 'POST', '/v1/reports/custom?format=json'],
  [{ deniedScopes: ['field'] }, 'GET', '/v1/meta/lists'],
  [{ directory: 'off' }, 'GET', '/v1/employees/directory'],
])('with %j, %s %s is a 403', async (profile, method, path) => {
  await box.hire(ada);
  const key = await newKey(profile);
  const reply = await (method === 'GET' ? key.get(path) : key.post(path, { firstName: 'E', lastName: 'E' }));
  expect([reply.status, reply.text]).toEqual([403, '']);
});

test('with the org chart alone, the directory has fewer fields', async () => {
  await box.hire(ada);
  const key = await newKey({ directory: 'org-chart' });
  const { fields, employees } = (await key.get('/v1/employees/directory')).json;
  expect(fields.map(({ id }: { id: string }) => id)).not.toContain('workEmail');
  expect(employees[0]).not.toHaveProperty('workEmail');
});

test('too many bad keys shut everybody out for a while', async () => {
  await box.control('POST', '/switches', { badKeysBeforeLockout: 3, lockoutSeconds: 60 });
  const guess = async (): Promise<number> =>
    (await box.bamboo('/v1/meta/users', { headers: { authorization: basic('guess', 'x') } })).status;
  expect([await guess(), await guess(), await guess(), await guess()]).toEqual([401, 401, 401, 403]);
  expect((await box.bamboo('/v1/meta/users')).status).toBe(403);
  await box.advance('PT61S');
  expect((await box.bamboo('/v1/meta/users')).status).toBe(200);
});

test.each([
  [429, 'seconds', /^\d+$/],
  [503, 'date', /GMT$/],
])('above the pace of a key: %d, Retry-After in %s', async (bamboohrRateStatus, bamboohrRetryAfter, retryAfter) => {
  await box.control('POST', '/switches', { bamboohrRatePerMinute: 2, bamboohrRateStatus, bamboohrRetryAfter });
  const replies = [];
  for (let call = 0; call < 3; call += 1) replies.push(await box.bamboo('/v1/meta/users'));
  expect(replies.map(({ status }) => status)).toEqual([200, 200, bamboohrRateStatus]);
  expect(replies[2]?.headers['retry-after']).toMatch(retryAfter);
  const other = await newKey();
  expect((await other.get('/v1/meta/users')).status).toBe(200);
  await box.advance('PT31S');
  expect((await box.bamboo('/v1/meta/users')).status).toBe(200);
});

test('by switch, the list of employees takes no API key; another company is a page', async () => {
  await box.control('POST', '/switches', { basicOnListEmployees: false, wrongCompany: 'page' });
  expect((await box.bamboo('/v1/employees')).status).toBe(403);
  // Straight: the harness holds every answer of BambooHR's against its document, and this is none.
  const reply = await fetch(`${box.sandbox.url}/bamboohr/nobody/api/v1/company_information`);
  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/html; charset=UTF-8']);
});
