import { ada, openSandbox, TODAY, type OpenSandbox } from '../harness.js';

let box: OpenSandbox;
beforeEach(async () => {
  box = await openSandbox();
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

  test('changed tables in XML, as by default', async () => {
    await box.hire(ada);
    const path = '/v1/employees/changed/tables/compensation?since=2026-11-01T00:00:00Z';
    const { text } = await box.bamboo(path, { headers: { accept: '*/*' } });
    expect(text).toMatch(/<table id="compensation"><employee id="1" lastChanged="[^"]+Z"><row><field id="startDate">/);
    expect(text).toContain('<field id="rate" currency="EUR">');
  });

  test('XML has the recorded shape', async () => {
    await box.hire(ada);
    const { text } = await box.bamboo('/v1/employees/1/tables/employmentStatus', { headers: { accept: 'text/xml' } });
    expect(text).toMatch(/<table><row id="\d+" employeeId="1"><field id="date">2024-01-08<\/field>/);
  });
});
