import { ask, basic, openSandbox, TODAY, type OpenSandbox } from './harness.js';

let box: OpenSandbox;
beforeEach(async () => {
  box = await openSandbox();
});

const ada = {
  firstName: 'Ada',
  lastName: 'Moss',
  department: 'Sales',
  workEmail: 'ada@acme.example',
  hireDate: '2024-01-08',
};

describe('who may ask, and where', () => {
  test('a wrong key is answered as recorded: no body, and only the header that is spelt right', async () => {
    const reply = await box.bamboo('/v1/employees/1', { headers: { authorization: basic('wrong', 'x') } });
    expect(reply.status).toBe(401);
    expect(reply.text).toBe('');
    expect(reply.headers).toMatchObject({
      'content-type': 'text/html; charset=UTF-8',
      'x-bamboohr-error-message': 'API key not provided or invalid',
      'www-authenticate': 'Basic realm="https://api.bamboohr.com/acme"',
      'cache-control': 'no-cache, private',
    });
    expect(reply.headers).not.toHaveProperty('x-bamboohr-error-messsage');
  });

  test.each([
    ['path prefix', '/bamboohr/acme/api/v1/employees/1', undefined],
    ['company host', '/api/v1/employees/1', 'acme.bamboohr.com'],
    ['gateway host', '/api/gateway.php/acme/v1/employees/1', 'api.bamboohr.com'],
    ['gateway by path', '/api/gateway.php/acme/v1/employees/1', undefined],
    ['trailing slash', '/api/v1/employees/1/', 'acme.bamboohr.com'],
    ['v1_1', '/api/v1_1/employees/1', 'acme.bamboohr.com'],
  ])('the company answers by %s', async (_, path, host) => {
    await box.hire(ada);
    const headers = { authorization: box.key, accept: 'application/json', ...(host && { host }) };
    expect((await ask(`${box.sandbox.url}${path}`, { headers })).json).toEqual({ id: '1' });
  });

  test('another company is not found', async () => {
    const reply = await ask(`${box.sandbox.url}/bamboohr/other/api/v1/employees/1`, {
      headers: { authorization: box.key },
    });
    expect(reply.status).toBe(404);
  });
});

describe('get employee', () => {
  test('without fields only the id; with fields strings, null and 0000-00-00; unknown fields are left out', async () => {
    const manager = await box.hire({
      firstName: 'Grace',
      lastName: 'Hill',
      preferredName: 'Gigi',
      employeeNumber: '900',
    });
    const id = await box.hire({ ...ada, managerId: manager });
    expect((await box.bamboo(`/v1/employees/${id}`)).json).toEqual({ id });
    const fields =
      'firstName,terminationDate,homeEmail,supervisor,supervisorId,supervisorEId,isPhotoUploaded,bogus,4,id';
    expect((await box.bamboo(`/v1/employees/${id}?fields=${fields}`)).json).toEqual({
      id,
      firstName: 'Ada',
      terminationDate: '0000-00-00',
      homeEmail: null,
      supervisor: 'Hill, Gigi',
      supervisorId: '900',
      supervisorEId: manager,
      isPhotoUploaded: 'false',
      '4': 'Sales',
    });
  });

  test('XML unless JSON is asked for', async () => {
    const id = await box.hire({ ...ada, lastName: 'Moss & <Co>' });
    const reply = await box.bamboo(`/v1/employees/${id}?fields=lastName,homeEmail`, { headers: { accept: '*/*' } });
    expect(reply.headers['content-type']).toBe('text/xml; charset=UTF-8');
    expect(reply.text).toContain(
      `<employee id="${id}"><field id="lastName">Moss &amp; &lt;Co&gt;</field><field id="homeEmail"/></employee>`,
    );
  });

  test('404 for nobody, with both spellings of the header; 403 for somebody hidden; 400 for too many fields', async () => {
    const id = await box.hire(ada);
    const nobody = await box.bamboo('/v1/employees/99');
    expect([nobody.status, nobody.text]).toEqual([404, '']);
    expect(nobody.headers).toMatchObject({
      'x-bamboohr-error-message': 'Employee not found, Employee not found',
      'x-bamboohr-error-messsage': 'Employee not found, Employee not found',
    });
    await box.control('POST', '/profile', { hiddenEmployees: [id] });
    expect((await box.bamboo(`/v1/employees/${id}`)).status).toBe(403);
    const many = Array.from({ length: 401 }, (_, index) => `f${index}`).join(',');
    expect((await box.bamboo(`/v1/employees/${id}?fields=${many}`)).status).toBe(400);
  });
});

describe('custom report', () => {
  test.each([
    // format, Accept, Content-Type → status, first characters
    ['format=json', '*/*', 'application/json', 200, '{"title"'],
    ['format=JSON', 'text/xml', 'application/json', 200, '{"title"'],
    ['format=xml', '*/*', 'application/json', 200, '<?xml'],
    ['format=csv', '*/*', 'application/json', 200, 'First Name'],
    ['format=bogus', 'application/json', 'application/json', 404, ''],
    ['', 'application/json', 'application/json', 200, '{"title"'],
    ['', 'text/xml', 'application/json', 200, '<?xml'],
    ['', 'text/csv', 'application/json', 200, 'First Name'],
    ['', '*/*', 'application/json', 404, ''],
    ['', 'application/xml', 'application/json', 404, ''],
    ['', 'application/json, text/plain', 'application/json', 404, ''],
    ['format=json', '*/*', 'application/json; charset=UTF-8', 400, ''],
    ['format=json', '*/*', 'text/plain', 400, ''],
  ])('?%s with Accept %s and Content-Type %s: %d', async (query, accept, type, status, start) => {
    await box.hire(ada);
    const reply = await box.bamboo(`/v1/reports/custom?${query}`, {
      method: 'POST',
      headers: { accept, 'content-type': type },
      body: { title: 'T', fields: ['firstName'] },
    });
    expect(reply.status).toBe(status);
    expect(reply.text.slice(0, start.length)).toBe(start);
    if (status >= 400) expect(reply.text).toBe('');
  });

  test('an XML request is as good', async () => {
    const id = await box.hire(ada);
    await box.hire({ firstName: 'Tom' });
    const body = `<report><title>T</title><fields><field id="firstName"/></fields><filters><employeeIds><employeeId>${id}</employeeId></employeeIds></filters></report>`;
    const reply = await box.bamboo('/v1/reports/custom?format=json', {
      method: 'POST',
      headers: { 'content-type': 'text/xml' },
      body,
    });
    expect(reply.json.employees).toEqual([{ id, firstName: 'Ada' }]);
  });

  test('unknown and hidden fields drop out of fields and rows, still 200', async () => {
    await box.hire(ada);
    await box.control('POST', '/profile', { hiddenFields: ['department', 'status'] });
    const reply = await box.report(['firstName', 'bogus', 'department', '4', 'employmentStatus', 'hireDate']);
    expect(reply.status).toBe(200);
    expect(reply.json.fields.map(({ id }: { id: string }) => id)).toEqual(['firstName', 'hireDate']);
    expect(reply.json.employees).toEqual([{ id: '1', firstName: 'Ada', hireDate: '2024-01-08' }]);
  });

  test('a field asked for by number comes back as number.0; booleans are real; unset dates 0000-00-00', async () => {
    await box.hire(ada);
    const reply = await box.report(['4', 'photoUploaded', 'terminationDate', 'homeEmail']);
    expect(reply.json.employees).toEqual([
      { id: '1', '4.0': 'Sales', photoUploaded: false, terminationDate: '0000-00-00', homeEmail: null },
    ]);
  });

  test('without fields one employee; above 400 fields an error; a lastChanged filter', async () => {
    await box.hire(ada);
    await box.advance('PT1H');
    await box.hire({ firstName: 'Tom' });
    expect((await box.report([])).json.employees).toHaveLength(1);
    expect((await box.report(Array.from({ length: 401 }, () => 'firstName'))).status).toBe(400);
    const filtered = await box.report(['firstName'], 'format=json', {
      filters: { lastChanged: { value: '2026-11-02T09:30:00+0000' } },
    });
    expect(filtered.json.employees).toEqual([{ id: '2', firstName: 'Tom' }]);
  });

  test('onlyCurrent=false shows the end state of everything entered, onlyCurrent=true today', async () => {
    const leaver = await box.hire(ada);
    const mover = await box.hire({ ...ada, workEmail: 'tom@acme.example' });
    const starter = await box.hire({ ...ada, workEmail: 'eve@acme.example', hireDate: '2026-12-01' });
    await box.control('POST', `/people/${leaver}/terminate`, { date: '2026-11-20' });
    await box.control('POST', `/people/${mover}/move`, { department: 'Legal', date: '2026-11-09' });
    const fields = ['status', 'employmentHistoryStatus', 'terminationDate', 'department', 'hireDate'];
    const now = (await box.report(fields, 'format=json&onlyCurrent=true')).json.employees;
    const then = (await box.report(fields, 'format=json&onlyCurrent=false')).json.employees;
    expect(now).toEqual([
      {
        id: leaver,
        status: 'Active',
        employmentHistoryStatus: 'Full-Time',
        terminationDate: '2026-11-20',
        department: 'Sales',
        hireDate: '2024-01-08',
      },
      {
        id: mover,
        status: 'Active',
        employmentHistoryStatus: 'Full-Time',
        terminationDate: '0000-00-00',
        department: 'Sales',
        hireDate: '2024-01-08',
      },
      {
        id: starter,
        status: 'Active',
        employmentHistoryStatus: null,
        terminationDate: '0000-00-00',
        department: null,
        hireDate: '2026-12-01',
      },
    ]);
    expect(then).toMatchObject([
      { status: 'Inactive', employmentHistoryStatus: 'Terminated' },
      { department: 'Legal' },
      { status: 'Active', employmentHistoryStatus: 'Full-Time', department: 'Sales' },
    ]);
  });
});

describe('the end of an employment', () => {
  const statusOf = async (id: string): Promise<string> =>
    (await box.bamboo(`/v1/employees/${id}?fields=status`)).json.status;

  test('entered beforehand, it leaves the last day until 23:59 in the company time zone', async () => {
    const id = await box.hire(ada);
    await box.control('POST', `/people/${id}/terminate`, { date: '2026-11-03' });
    await box.control('POST', '/clock', { now: '2026-11-03T23:59:30Z' });
    expect(await statusOf(id)).toBe('Active');
    await box.advance('PT1M');
    expect(await statusOf(id)).toBe('Inactive');
  });

  test('the company time zone decides, not UTC', async () => {
    const far = await openSandbox({ timeZone: 'Pacific/Auckland' });
    const id = await far.hire(ada);
    await far.control('POST', `/people/${id}/terminate`, { date: '2026-11-03' });
    // 2026-11-04 00:30 in Auckland.
    await far.control('POST', '/clock', { now: '2026-11-03T11:30:00Z' });
    expect((await far.bamboo(`/v1/employees/${id}?fields=status`)).json.status).toBe('Inactive');
  });

  test('entered on the day, it takes effect at once', async () => {
    const id = await box.hire(ada);
    await box.control('POST', `/people/${id}/terminate`);
    expect((await box.bamboo(`/v1/employees/${id}?fields=status,terminationDate`)).json).toEqual({
      id,
      status: 'Inactive',
      terminationDate: TODAY,
    });
  });

  test('a record without a hire date is Active, has no rows, and is not in the directory', async () => {
    await box.hire({ ...ada, hireDate: null });
    const [row] = (await box.report(['status', 'hireDate', 'department'])).json.employees;
    expect(row).toEqual({ id: '1', status: 'Active', hireDate: '0000-00-00', department: null });
    expect((await box.bamboo('/v1/employees/directory')).status).toBe(404);
  });

  test('a rehire keeps the id; the hire date becomes the date of the return', async () => {
    const id = await box.hire(ada);
    await box.control('POST', `/people/${id}/terminate`);
    await box.advance('P10D');
    await box.control('POST', `/people/${id}/rehire`, { department: 'Legal' });
    const fields = 'status,hireDate,originalHireDate,terminationDate,department';
    expect((await box.bamboo(`/v1/employees/${id}?fields=${fields}`)).json).toEqual({
      id,
      status: 'Active',
      hireDate: '2026-11-12',
      originalHireDate: '2024-01-08',
      terminationDate: '0000-00-00',
      department: 'Legal',
    });
    await box.control('POST', '/switches', { terminationDateAfterRehire: 'kept' });
    expect((await box.bamboo(`/v1/employees/${id}?fields=terminationDate`)).json.terminationDate).toBe(TODAY);
  });

  test('the directory has neither leavers nor, unless asked, future hires; it can be off or empty', async () => {
    expect((await box.bamboo('/v1/employees/directory')).status).toBe(404);
    const leaver = await box.hire(ada);
    await box.hire({ ...ada, workEmail: 'eve@acme.example', hireDate: '2026-12-01' });
    await box.hire({ ...ada, workEmail: 'tom@acme.example' });
    await box.control('POST', `/people/${leaver}/terminate`);
    const ids = async (query: string): Promise<string[]> =>
      (await box.bamboo(`/v1/employees/directory${query}`)).json.employees.map(({ id }: { id: string }) => id);
    expect(await ids('')).toEqual(['3']);
    expect(await ids('?onlyCurrent=false')).toEqual(['2', '3']);
    const [row] = (await box.bamboo('/v1/employees/directory')).json.employees;
    expect(row).toMatchObject({ supervisor: '', photoUploaded: false, canUploadPhoto: 1, workPhone: null });
    await box.control('POST', '/profile', { directory: 'off' });
    expect((await box.bamboo('/v1/employees/directory')).status).toBe(403);
  });
});

describe('list employees', () => {
  const list = (query: string) => box.bamboo(`/v1/employees?${query}`);

  test('walks everybody by cursors, there and back, and counts them', async () => {
    await Promise.all(Array.from({ length: 7 }, (_, index) => box.hire({ firstName: `P${index}` })));
    const first = (await list('page[limit]=3')).json;
    const second = (await list(`page[limit]=3&page[after]=${first.meta.page.nextCursor}`)).json;
    const third = (await list(`page[limit]=3&page[after]=${second.meta.page.nextCursor}`)).json;
    const ids = (page: { data: { employeeId: string }[] }) => page.data.map(({ employeeId }) => employeeId);
    expect([ids(first), ids(second), ids(third)]).toEqual([['1', '2', '3'], ['4', '5', '6'], ['7']]);
    expect(first.meta.total).toBe(7);
    expect(third.meta.page).toEqual({ limit: 3, nextCursor: null, prevCursor: expect.any(String) });
    expect(ids((await list(`page[limit]=3&page[before]=${third.meta.page.prevCursor}`)).json)).toEqual(['4', '5', '6']);
    expect(first._links.next.href).toMatch(/^https:\/\/acme\.bamboohr\.com\/api\/v1\/employees\?/);
  });

  test('a boundary employee that is gone makes a BadPage', async () => {
    await Promise.all([box.hire({}), box.hire({}), box.hire({})]);
    const { nextCursor } = (await list('page[limit]=1')).json.meta.page;
    await box.control('DELETE', '/people/1');
    const reply = await list(`page[limit]=1&page[after]=${nextCursor}`);
    expect([reply.status, reply.json.error.code]).toEqual([400, 'BadPage']);
  });

  test('tells a hidden value from an empty one, and never by a filter', async () => {
    await box.hire({ ...ada, homeEmail: null });
    await box.control('POST', '/profile', { hiddenFields: ['workEmail', 'jobTitle'] });
    const [row] = (await list('fields=workEmail,homeEmail,bogus')).json.data;
    expect(row).toMatchObject({ employeeId: '1', workEmail: null, homeEmail: null, jobTitleName: null });
    expect(row._restrictedFields.sort()).toEqual(['jobTitleName', 'workEmail']);
    expect((await list('filter[workEmail]=ada')).json.data).toEqual([]);
    expect((await list('sort=jobTitleName')).json.data).toEqual([]);
  });

  test.each([
    ['filter[ids]=1,3', ['1', '3']],
    ['filter[ids][]=1&filter[ids][]=3', ['1', '3']],
    ['filter[firstName]=TO', ['2']],
    ['filter[status]=inactive', ['3']],
    ['filter[status]=active&sort=-firstName', ['2', '1']],
  ])('%s', async (query, ids) => {
    await box.hire(ada);
    await box.hire({ firstName: 'Tom' });
    await box.hire({ firstName: 'Eve' });
    await box.control('POST', '/people/3/terminate');
    expect((await list(query)).json.data.map(({ employeeId }: { employeeId: string }) => employeeId)).toEqual(ids);
  });

  test.each(['page[limit]=0', 'page[limit]=2501', 'filter[status]=Active', 'sort=hireDate'])(
    '%s is a BadRequest',
    async (query) => {
      const reply = await list(query);
      expect([reply.status, reply.json.error.code]).toEqual([400, 'BadRequest']);
    },
  );
});

describe('what changed', () => {
  const changed = (query: string) => box.bamboo(`/v1/employees/changed?${query}`);

  test('one entry per employee: its latest change', async () => {
    await box.hire(ada);
    await box.hire({ firstName: 'Tom' });
    await box.hire({ firstName: 'Eve' });
    await box.advance('PT1M');
    await box.control('POST', '/people/1/terminate');
    await box.control('DELETE', '/people/3');
    const { latest, employees } = (await changed('since=2026-11-02T09:00:30%2B00:00')).json;
    expect(employees).toMatchObject({ 1: { id: '1', action: 'Updated' }, 3: { id: '3', action: 'Deleted' } });
    expect(latest).toMatch(/^2026-11-02T09:01:\d\d\+00:00$/);
    expect(Object.keys((await changed('since=2026-11-02T00:00:00Z&type=inserted')).json.employees)).toEqual(['2']);
  });

  test.each([
    '',
    'since=2026-11-02',
    'since=yesterday',
    'since=2026-11-02T09:00:00+00:00',
    'since=2026-11-02T09:00:00Z&type=moved',
  ])('?%s is a 400 without a body', async (query) => {
    const reply = await changed(query);
    expect([reply.status, reply.text]).toEqual([400, '']);
  });

  test.each(['2026-11-02T08:00:00Z', '2026-11-02T09:00:00%2B0100', '2026-11-02T09:00:00%2B01:00'])(
    'since=%s is fine',
    async (since) => {
      await box.hire(ada);
      expect((await changed(`since=${since}`)).json.employees).toHaveProperty('1');
    },
  );

  test('no changes: {} or, by switch, []', async () => {
    expect((await changed('since=2026-11-02T09:30:00Z')).json.employees).toEqual({});
    await box.control('POST', '/switches', { emptyChangesAsArray: true });
    expect((await changed('since=2026-11-02T09:30:00Z')).json.employees).toEqual([]);
  });

  test('a row that takes effect at midnight bumps lastChanged by switch alone', async () => {
    await box.hire(ada);
    await box.control('POST', '/people/1/move', { department: 'Legal', date: '2026-11-03' });
    await box.advance('P1D');
    expect((await changed('since=2026-11-02T12:00:00Z')).json.employees).toEqual({});
    await box.control('POST', '/people/1/move', { department: 'Sales', date: '2026-11-04' });
    await box.control('POST', '/switches', { rolloverBumpsLastChanged: true });
    await box.advance('P1D');
    expect((await changed('since=2026-11-03T12:00:00Z')).json.employees).toHaveProperty('1');
  });
});

describe('tables', () => {
  test('all rows of one or of everybody, future and terminated too; unset text is ""', async () => {
    const boss = await box.hire({ firstName: 'Jennifer', lastName: 'Caldwell' });
    const id = await box.hire({ ...ada, division: null, managerId: boss });
    await box.control('POST', `/people/${id}/move`, { department: 'Legal', date: '2026-12-01' });
    await box.control('POST', `/people/${id}/terminate`, { type: 'Termination (Involuntary)' });
    const jobs = (await box.bamboo(`/v1/employees/${id}/tables/jobInfo`)).json;
    expect(jobs).toMatchObject([
      {
        employeeId: id,
        date: '2024-01-08',
        department: 'Sales',
        division: '',
        reportsTo: 'Jennifer Caldwell',
        teams: null,
      },
      { employeeId: id, date: '2026-12-01', department: 'Legal' },
    ]);
    const everybody = (await box.bamboo('/v1/employees/all/tables/employmentStatus')).json;
    expect(everybody).toHaveLength(3);
    expect(everybody.at(-1)).toMatchObject({
      employmentStatus: 'Terminated',
      date: TODAY,
      terminationTypeId: 'Termination (Involuntary)',
    });
    expect((await box.bamboo('/v1/employees/all/tables/nothing')).status).toBe(404);
    expect((await box.bamboo('/v1/employees/77/tables/jobInfo')).status).toBe(404);
  });

  test('changed tables: moments end in Z, rows have no ids', async () => {
    await box.hire(ada);
    const { table, employees } = (await box.bamboo('/v1/employees/changed/tables/jobInfo?since=2026-11-01T00:00:00Z'))
      .json;
    expect(table).toBe('jobInfo');
    expect(employees['1'].lastChanged).toMatch(/^2026-11-02T09:00:\d\dZ$/);
    expect(Object.keys(employees['1'].rows[0])).not.toEqual(expect.arrayContaining(['id']));
  });

  test('XML has the recorded shape', async () => {
    await box.hire(ada);
    const { text } = await box.bamboo('/v1/employees/1/tables/employmentStatus', { headers: { accept: 'text/xml' } });
    expect(text).toMatch(/<table><row id="\d+" employeeId="1"><field id="date">2024-01-08<\/field>/);
  });
});

describe('about the account', () => {
  test('meta/fields lists numbers, deprecated twins and no calculated fields', async () => {
    const fields = (await box.bamboo('/v1/meta/fields')).json;
    expect(fields).toEqual(
      expect.arrayContaining([
        { id: -38, name: 'Termination Date', type: 'date', alias: 'terminationDate' },
        { id: 387, name: 'Status', type: 'status', alias: 'employmentStatus', deprecated: true },
      ]),
    );
    expect(fields.map(({ alias }: { alias: string }) => alias)).not.toContain('supervisorEId');
  });

  test.each(['/v1/meta/tables', '/v1/meta/lists', '/v1/company_information'])('%s', async (path) => {
    expect((await box.bamboo(path)).status).toBe(200);
  });
});

describe('when things go wrong', () => {
  test.each([
    [{ status: 429 }, 429, '2'],
    [{ status: 503, retryAfterSeconds: 9 }, 503, '9'],
    [{ retryAfter: 'none' }, 429, undefined],
  ])('throttled %j', async (fault, status, retryAfter) => {
    await box.control('POST', '/faults', { target: 'bamboohr', kind: 'throttle', count: 1, ...fault });
    const reply = await box.bamboo('/v1/company_information');
    expect([reply.status, reply.headers['retry-after'], reply.text]).toEqual([status, retryAfter, '']);
    expect((await box.bamboo('/v1/company_information')).status).toBe(200);
  });

  test('Retry-After may be a date', async () => {
    await box.control('POST', '/faults', { target: 'bamboohr', kind: 'throttle', retryAfter: 'date' });
    expect((await box.bamboo('/v1/meta/fields')).headers['retry-after']).toMatch(/GMT$/);
  });

  test('a short read, an empty read and a field that hides: all 200', async () => {
    await Promise.all(Array.from({ length: 10 }, (_, index) => box.hire({ firstName: `P${index}` })));
    const read = async () => (await box.report(['firstName', 'department'])).json;
    await box.control('POST', '/faults', { target: 'bamboohr', kind: 'short-read', keep: 0.7, count: 1 });
    expect((await read()).employees).toHaveLength(7);
    await box.control('POST', '/faults', { target: 'bamboohr', kind: 'empty-read', count: 1 });
    expect((await read()).employees).toHaveLength(0);
    await box.control('POST', '/faults', { target: 'bamboohr', kind: 'hide-field', field: 'department', count: 1 });
    expect((await read()).employees[0]).not.toHaveProperty('department');
    expect((await read()).employees[0]).toHaveProperty('department');
  });

  test('a dropped connection', async () => {
    await box.control('POST', '/faults', { target: 'bamboohr', kind: 'drop-before', count: 1 });
    await expect(box.bamboo('/v1/meta/fields')).rejects.toThrow();
    expect((await box.control('GET', '/calls')).bamboohr).toMatchObject({ dropped: 1, reads: 1 });
  });
});
