import { ada, openSandbox, TODAY, type OpenSandbox } from '../harness.js';

let box: OpenSandbox;
beforeEach(async () => {
  box = await openSandbox();
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
