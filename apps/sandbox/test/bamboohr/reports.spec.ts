import { ada, openSandbox, type OpenSandbox } from '../harness.js';

let box: OpenSandbox;
beforeEach(async () => {
  box = await openSandbox();
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
