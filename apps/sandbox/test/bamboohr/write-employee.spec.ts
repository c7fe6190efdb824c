import { ada, openSandbox, type OpenSandbox, type Reply } from '../harness.js';

let box: OpenSandbox;
beforeEach(async () => {
  box = await openSandbox();
});

const send = (path: string, body: unknown, headers: Record<string, string> = {}, method = 'POST'): Promise<Reply> =>
  box.bamboo(path, { method, body, headers: { 'content-type': 'application/json', ...headers } });

const read = async (id: string, fields: string): Promise<Record<string, string | null>> =>
  (await box.bamboo(`/v1/employees/${id}?fields=${fields}`)).json;

const messages = ({ headers }: Reply): unknown[] => [
  headers['x-bamboohr-error-message'],
  headers['x-bamboohr-error-messsage'],
];

describe('a new employee', () => {
  test('is answered as recorded, with a Location of the way that the call came', async () => {
    const reply = await send('/v1/employees', { firstName: 'Ada', lastName: 'Moss', workEmail: 'ada@acme.example' });
    expect([reply.status, reply.json]).toEqual([
      201,
      { id: '1', firstName: 'Ada', lastName: 'Moss', status: 'Active' },
    ]);
    expect(reply.headers['location']).toBe('https://acme.bamboohr.com/api/v1/employees/1');
    const fields = 'status,hireDate,employmentHistoryStatus,workEmail';
    expect(await read('1', fields)).toEqual({
      id: '1',
      status: 'Active',
      hireDate: '0000-00-00',
      employmentHistoryStatus: null,
      workEmail: 'ada@acme.example',
    });
  });

  test('has a job from its hire date on, or from today where it has none', async () => {
    await send('/v1/employees', { firstName: 'A', lastName: 'A', department: 'sales', hireDate: '2026-12-01' });
    await send('/v1/employees', { firstName: 'B', lastName: 'B', department: 'Legal', reportsTo: 'A, A' });
    const rows = (await box.bamboo('/v1/employees/all/tables/jobInfo')).json;
    expect(rows).toMatchObject([
      { employeeId: '1', date: '2026-12-01', department: 'Sales' },
      { employeeId: '2', date: '2026-11-02', department: 'Legal', reportsTo: 'A A' },
    ]);
  });

  test('may be written in XML, and then is answered in XML', async () => {
    const body = '<employee><field id="firstName">Ada</field><field id="lastName">Moss &amp; Co</field></employee>';
    const reply = await send('/v1/employees', body, { 'content-type': 'text/xml', accept: 'text/xml' });
    expect([reply.status, reply.text]).toEqual([201, expect.stringContaining('<field id="lastName">Moss &amp; Co<')]);
  });

  test.each([
    ['no last name', { firstName: 'Ada' }, 400],
    ['an e-mail address that is taken', { firstName: 'E', lastName: 'E', workEmail: 'ADA@acme.example' }, 409],
    ['a department that is none', { firstName: 'E', lastName: 'E', department: 'Astrology' }, 409],
    ['a day that is none', { firstName: 'E', lastName: 'E', hireDate: '2026-02-30' }, 409],
    ['a field that is none', { firstName: 'E', lastName: 'E', starSign: 'Leo' }, 406],
    ['no JSON', '{"firstName":', 400],
    ['a list', [], 400],
  ])('%s is refused', async (_, body, status) => {
    await box.hire(ada);
    const reply = await send('/v1/employees', body);
    expect([reply.status, reply.text]).toEqual([status, '']);
    expect(new Set(messages(reply)).size).toBe(1);
    expect((await box.bamboo('/v1/employees')).json.meta.total).toBe(1);
  });

  test('a duplicate e-mail address is said twice, in both headers', async () => {
    await box.hire(ada);
    const reply = await send('/v1/employees', { firstName: 'E', lastName: 'E', workEmail: ada.workEmail });
    expect(messages(reply)).toEqual(['Duplicate email, Duplicate email', 'Duplicate email, Duplicate email']);
  });

  test('above the limit of the account there is a 429 without Retry-After', async () => {
    await box.hire(ada);
    await box.control('POST', '/switches', { employeeLimit: 1 });
    const reply = await send('/v1/employees', { firstName: 'E', lastName: 'E' });
    expect([reply.status, reply.headers['retry-after']]).toEqual([429, undefined]);
    expect(reply.headers['x-bamboohr-error-message']).toBe('Employee limit reached');
  });

  test('by switch, unknown fields are left out and unknown options added', async () => {
    await box.control('POST', '/switches', { unknownFieldOnWrite: 'ignore', unknownOptionOnWrite: 'add' });
    const reply = await send('/v1/employees', {
      firstName: 'E',
      lastName: 'E',
      starSign: 'Leo',
      department: 'Astrology',
    });
    expect(reply.status).toBe(201);
    const lists = (await box.bamboo('/v1/meta/lists')).json;
    expect(JSON.stringify(lists)).toContain('Astrology');
  });
});

describe('an update', () => {
  test('echoes names, status and what was written; calculated fields stay', async () => {
    const id = await box.hire(ada);
    const reply = await send(`/v1/employees/${id}`, {
      preferredName: 'Addie',
      15: 'a@acme.example',
      supervisorEId: '7',
    });
    expect([reply.status, reply.json]).toEqual([
      200,
      { id, firstName: 'Ada', lastName: 'Moss', status: 'Active', preferredName: 'Addie', workEmail: 'a@acme.example' },
    ]);
    expect((await box.bamboo('/v1/employees/changed?since=2026-11-02T00:00:00Z')).json.employees[id].action).toBe(
      'Updated',
    );
  });

  test('of a dated field makes a row of today', async () => {
    const id = await box.hire(ada);
    await send(`/v1/employees/${id}`, { department: 'Legal', employmentHistoryStatus: 'Terminated' });
    expect(await read(id, 'department,status,terminationDate')).toMatchObject({
      department: 'Legal',
      status: 'Inactive',
      terminationDate: '2026-11-02',
    });
    expect((await box.bamboo(`/v1/employees/${id}/tables/jobInfo`)).json).toHaveLength(2);
  });

  test('of the status contradicts the employment, and empties no row', async () => {
    const id = await box.hire(ada);
    await send(`/v1/employees/${id}`, { status: 'inactive' });
    expect(await read(id, 'status,employmentHistoryStatus')).toMatchObject({
      status: 'Inactive',
      employmentHistoryStatus: 'Full-Time',
    });
    expect((await box.bamboo('/v1/employees/directory')).status).toBe(404);
  });

  test('skips what the key may not see, and is refused where nothing is left', async () => {
    const id = await box.hire(ada);
    await box.control('POST', '/profile', { hiddenFields: ['homeEmail'] });
    expect((await send(`/v1/employees/${id}`, { homeEmail: 'x@y.example', lastName: 'Hill' })).json).not.toHaveProperty(
      'homeEmail',
    );
    expect((await send(`/v1/employees/${id}`, { homeEmail: 'x@y.example' })).status).toBe(403);
    expect((await send('/v1/employees/99', { lastName: 'Hill' })).status).toBe(404);
    expect((await send(`/v1/employees/${id}`, { lastName: '' })).status).toBe(409);
  });

  test('a refused update changes nothing', async () => {
    const id = await box.hire(ada);
    await box.hire({ ...ada, workEmail: 'tom@acme.example' });
    const reply = await send(`/v1/employees/${id}`, { lastName: 'Hill', workEmail: 'tom@acme.example' });
    expect(reply.status).toBe(409);
    expect(await read(id, 'lastName,workEmail')).toEqual({ id, lastName: 'Moss', workEmail: ada.workEmail });
  });
});

test('a deleted employee leaves 204, a 404 and the change', async () => {
  const id = await box.hire(ada);
  expect((await send(`/v1/employees/${id}`, undefined, {}, 'DELETE')).status).toBe(204);
  expect((await box.bamboo(`/v1/employees/${id}`)).status).toBe(404);
  const { employees } = (await box.bamboo('/v1/employees/changed?since=2026-11-02T00:00:00Z')).json;
  expect(employees[id].action).toBe('Deleted');
  expect((await send('/v1/employees', { firstName: 'E', lastName: 'E', workEmail: ada.workEmail })).status).toBe(201);
});
