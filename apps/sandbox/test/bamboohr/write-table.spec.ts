import { ada, openSandbox, type OpenSandbox, type Reply } from '../harness.js';

let box: OpenSandbox;
let id: string;
beforeEach(async () => {
  box = await openSandbox();
  id = await box.hire(ada);
});

const send = (path: string, body?: unknown, method = 'POST', type = 'application/json'): Promise<Reply> =>
  box.bamboo(path, { method, body, headers: { 'content-type': type } });

const rows = async (table: string): Promise<Record<string, string>[]> =>
  (await box.bamboo(`/v1/employees/${id}/tables/${table}`)).json;

const read = async (fields: string): Promise<Record<string, string>> =>
  (await box.bamboo(`/v1/employees/${id}?fields=${fields}`)).json;

test('a row is added and changed with an empty 200, and deleted with success', async () => {
  const added = await send(`/v1/employees/${id}/tables/jobInfo`, { date: '2026-12-01', department: 'Legal' });
  expect([added.status, added.text, added.headers['content-type']]).toEqual([200, '', 'text/html; charset=UTF-8']);
  const rowId = (await rows('jobInfo'))[1]!['id']!;
  await send(`/v1/employees/${id}/tables/jobInfo/${rowId}`, { location: 'Cork' });
  expect((await rows('jobInfo'))[1]).toMatchObject({ date: '2026-12-01', department: 'Legal', location: 'Cork' });
  const path = `/v1/employees/${id}/tables/jobInfo/${rowId}`;
  expect((await send(path, undefined, 'DELETE')).json).toEqual({ success: true });
  expect((await send(path, undefined, 'DELETE')).json).toEqual({ success: false, error: 'Row not found' });
  expect(await rows('jobInfo')).toHaveLength(1);
});

test('XML is as good', async () => {
  const body = '<row><field id="date">2026-11-05</field><field id="department">Legal</field></row>';
  expect((await send(`/v1_1/employees/${id}/tables/jobInfo`, body, 'POST', 'text/xml')).status).toBe(200);
  expect(await rows('jobInfo')).toHaveLength(2);
});

test('an end entered beforehand is in force the day after; called off, it never was', async () => {
  await send(`/v1/employees/${id}/tables/employmentStatus`, {
    date: '2026-11-04',
    employmentStatus: 'Terminated',
    terminationTypeId: 'Termination (Voluntary)',
  });
  await box.advance('P2D');
  expect(await read('status')).toMatchObject({ status: 'Active' });
  await box.advance('P1D');
  expect(await read('status,terminationDate')).toMatchObject({ status: 'Inactive', terminationDate: '2026-11-04' });
  const row = (await rows('employmentStatus'))[1]!;
  expect(row).toMatchObject({ terminationTypeId: 'Termination (Voluntary)', terminationRehireId: 'Yes' });
  await send(`/v1/employees/${id}/tables/employmentStatus/${row['id']}`, undefined, 'DELETE');
  expect(await read('status,terminationDate')).toMatchObject({ status: 'Active', terminationDate: '0000-00-00' });
});

test.each([
  ['v1', '2024-01-08', '0000-00-00'],
  ['v1_1', '2026-11-02', '2024-01-08'],
])('a row after the end, by %s, leaves the hire date at %s', async (version, hireDate, originalHireDate) => {
  await box.control('POST', `/people/${id}/terminate`);
  const path = `/${version}/employees/${id}/tables/employmentStatus`;
  expect((await send(path, { date: '2026-11-02', employmentStatus: 'part-time' })).status).toBe(200);
  expect(await read('status,hireDate,originalHireDate')).toEqual({ id, status: 'Active', hireDate, originalHireDate });
});

test.each([
  ['jobInfo', { department: 'Legal' }, 400],
  ['jobInfo', {}, 400],
  ['jobInfo', { date: '2026-11-31' }, 406],
  ['jobInfo', { date: '2026-11-30', department: 'Astrology' }, 406],
  ['jobInfo', { date: '2026-11-30', reportsTo: 'Nobody At All' }, 406],
  ['jobInfo', { date: '2026-11-30', starSign: 'Leo' }, 406],
  ['employmentStatus', { date: '2026-11-30' }, 400],
  ['compensation', { startDate: '2026-11-30', rate: '1' }, 412],
  ['nothing', { date: '2026-11-30' }, 404],
])('%s %j: %d', async (table, body, status) => {
  const reply = await send(`/v1/employees/${id}/tables/${table}`, body);
  expect([reply.status, reply.text]).toEqual([status, '']);
});

test('a table of the customer, and the same by hand', async () => {
  await send(`/v1/employees/${id}/tables/customCertifications`, { customCertification: 'First aid' });
  const { customCertifications } = await box.control('POST', `/people/${id}/rows/customCertifications`, {
    customCertification: 'Forklift',
    customCertifiedOn: '2026-10-01',
  });
  expect(customCertifications).toEqual(await rows('customCertifications'));
  expect(customCertifications).toMatchObject([
    { customCertification: 'First aid', customCertifiedOn: '' },
    { customCertification: 'Forklift', customCertifiedOn: '2026-10-01' },
  ]);
  await box.control('DELETE', `/people/${id}/rows/customCertifications/${customCertifications[0].id}`);
  expect(await rows('customCertifications')).toHaveLength(1);
});
