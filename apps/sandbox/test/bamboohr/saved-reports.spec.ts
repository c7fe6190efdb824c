import { ada, openSandbox, type OpenSandbox } from '../harness.js';

let box: OpenSandbox;
beforeEach(async () => {
  box = await openSandbox();
  await box.hire(ada);
  await box.hire({ firstName: 'Tom', lastName: 'Hill' });
});

test('a saved report runs in the old way, by format or Accept', async () => {
  const { title, fields, employees } = (await box.bamboo('/v1/reports/101?format=JSON')).json;
  expect(title).toBe('Everybody');
  expect(fields.map(({ id }: { id: string }) => id)).toContain('workEmail');
  expect(employees).toMatchObject([{ id: '1', firstName: 'Ada' }, { id: '2' }]);
  expect((await box.bamboo('/v1/reports/101', { headers: { accept: 'text/csv' } })).text).toMatch(/^Employee #,First/);
  expect((await box.bamboo('/v1/reports/101', { headers: { accept: '*/*' } })).status).toBe(404);
  expect((await box.bamboo('/v1/reports/9?format=json')).status).toBe(404);
});

test('a saved report runs in the new way: pages, texts, no employee id', async () => {
  const { reports } = (await box.bamboo('/v1/custom-reports')).json;
  expect(reports[0]).toEqual({ id: 101, name: 'Everybody' });
  const { data, pagination } = (await box.bamboo('/v1/custom-reports/101?page=5&page_size=1')).json;
  expect(data).toEqual([expect.objectContaining({ firstName: 'Tom', status: 'Active' })]);
  expect(data[0]).not.toHaveProperty('id');
  expect(pagination).toMatchObject({ total_records: 2, current_page: 2, prev_page: expect.stringContaining('page=1') });
  const missing = await box.bamboo('/v1/custom-reports/9');
  expect([missing.status, missing.json]).toEqual([404, { error: { code: 404, message: 'Report not found' } }]);
});

test.each([
  ['xls', 'application/vnd.ms-excel', '<?xml'],
  ['pdf', 'application/pdf', '%PDF-1.4'],
])('%s', async (format, type, start) => {
  const reply = await box.report(['firstName', 'lastName'], `format=${format}`);
  expect([reply.status, reply.headers['content-type'], reply.text.startsWith(start)]).toEqual([200, type, true]);
  expect(reply.text).toMatch(/Ada.*Moss/s);
});

test('a column of a table with several rows multiplies the employee; alike rows come once unless asked for', async () => {
  for (const customCertification of ['First aid', 'Forklift', 'Forklift'])
    await box.control('POST', '/people/1/rows/customCertifications', { customCertification });
  const rows = async (extra: object) =>
    (await box.report(['firstName', 'customCertification'], 'format=json', extra)).json.employees;
  expect(await rows({})).toEqual([
    { id: '1', firstName: 'Ada', customCertification: 'First aid' },
    { id: '1', firstName: 'Ada', customCertification: 'Forklift' },
    { id: '2', firstName: 'Tom', customCertification: null },
  ]);
  expect(await rows({ filterDuplicates: 'no' })).toHaveLength(4);
});

test('by switch, a report volunteers a column', async () => {
  await box.control('POST', '/switches', { reportVolunteers: true });
  const { fields } = (await box.report(['firstName'])).json;
  expect(fields.map(({ id }: { id: string }) => id)).toEqual(['firstName', '636.0']);
});

test('a field without an alias goes by its number alone', async () => {
  await box.control('POST', '/people/1/rename', { custom: { customBadge: 'B-7' } });
  const { employees } = (
    await box.report(['4342', 'customBadge', '16.1'], 'format=json', { filters: { employeeIds: [1] } })
  ).json;
  expect(employees).toEqual([{ id: '1', '4342.0': 'B-7', '16.1': '2024-01-08' }]);
  const fields: { id: number; alias?: string }[] = (await box.bamboo('/v1/meta/fields')).json;
  expect(fields.find(({ id }) => id === 4342)).not.toHaveProperty('alias');
});
