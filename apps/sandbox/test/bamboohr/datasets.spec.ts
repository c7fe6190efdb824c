import { ada, openSandbox, type OpenSandbox, type Reply } from '../harness.js';

let box: OpenSandbox;
beforeEach(async () => {
  box = await openSandbox();
  await box.hire(ada);
  await box.hire({ firstName: 'Tom', lastName: 'Hill', department: 'Legal', workEmail: null, hireDate: '2025-03-01' });
  await box.hire({ firstName: 'Eve', lastName: "O'Brien", department: 'Sales', hireDate: '2026-12-01' });
});

const post = (path: string, body: unknown): Promise<Reply> =>
  box.bamboo(path, { method: 'POST', body, headers: { 'content-type': 'application/json' } });

const v2 = (body: object): Promise<Reply> => post('/v2/datasets/employee/data', { fields: ['eeid'], ...body });

const idsOf = ({ json }: Reply): string[] => json.data.map(({ fields }: { fields: { eeid: string } }) => fields.eeid);

describe('what there is', () => {
  test('v1 points at its successor; v1_2 lists the same', async () => {
    const old = await box.bamboo('/v1/datasets');
    expect(old.headers).toMatchObject({ deprecation: 'true', link: expect.stringContaining('/api/v1_2/datasets') });
    expect((await box.bamboo('/v1_2/datasets')).json).toEqual(old.json);
  });

  test('fields have names of their own; a page beyond the last is the last', async () => {
    const { fields, pagination } = (await box.bamboo('/v1_2/datasets/employee/fields?page=99&page_size=10')).json;
    expect(pagination).toMatchObject({ current_page: pagination.total_pages, next_page: null });
    expect(fields).toHaveLength(pagination.total_records % 10 || 10);
    const { text } = await box.bamboo('/v1_2/datasets/employee/fields');
    for (const name of ['eeid', 'email', 'jobInformationDepartment', 'supervisorEid'])
      expect(text).toContain(`"${name}"`);
  });

  test('a dataset that is none: plain text in v1, problems in v1_2 and v2', async () => {
    const old = await box.bamboo('/v1/datasets/payroll/fields');
    expect([old.status, old.headers['content-type']]).toEqual([400, 'text/plain; charset=UTF-8']);
    const newer = await box.bamboo('/v1_2/datasets/payroll/fields');
    expect([newer.status, newer.json]).toEqual([
      422,
      expect.objectContaining({ status: 422, code: 'DATASET_NOT_FOUND' }),
    ]);
    expect((await post('/v2/datasets/payroll/data', { fields: ['eeid'] })).status).toBe(404);
  });

  test('options of lists', async () => {
    const reply = await post('/v1_2/datasets/employee/field-options', {
      fields: ['status', 'jobInformationDepartment'],
    });
    expect(reply.json).toMatchObject({
      status: [{ id: 'Active' }, { id: 'Inactive' }],
      jobInformationDepartment: expect.arrayContaining([{ id: expect.any(Number), value: 'Legal' }]),
    });
    expect((await post('/v1/datasets/employee/field-options', {})).json.error.code).toBe(0);
  });
});

describe('v2', () => {
  test('rows carry nothing that was not asked for; empty links are a list', async () => {
    const reply = await v2({ fields: ['eeid', 'email', 'jobInformationDepartment'], orderBy: 'eeid desc' });
    expect(reply.json).toMatchObject({
      data: [
        { fields: { eeid: '3', jobInformationDepartment: null } },
        { fields: { eeid: '2', email: null } },
        { fields: { eeid: '1', email: ada.workEmail, jobInformationDepartment: 'Sales' } },
      ],
      links: [],
      meta: { page: 1, pageSize: 100, totalPages: 1, totalItems: 3 },
    });
  });

  test('pages are linked, and one beyond the last is empty', async () => {
    expect((await v2({ pageSize: 2 })).json.links).toEqual({ next: expect.stringContaining('page=2') });
    const last = await v2({ pageSize: 2, page: 2 });
    expect([last.json.data.length, last.json.links]).toEqual([1, { prev: expect.stringContaining('page=1') }]);
    expect((await v2({ pageSize: 2, page: 9 })).json.data).toEqual([]);
  });

  test.each([
    ["status eq 'Active'", ['1', '2']],
    ["status ne 'Active'", ['3']],
    ["lastName eq 'O''Brien'", ['3']],
    ["eeid in ('1', '3') and hireDate lt '2026-01-01'", ['1']],
    ["jobInformationDepartment eq 'Legal' or firstName eq 'Eve'", ['2', '3']],
    ["(firstName eq 'Ada' or firstName eq 'Tom') and hireDate ge 2025-01-01", ['2']],
    ['email eq null', ['2']],
    ['eeid gt 1 and eeid le 2', ['2']],
  ])('%s', async (filter, ids) => {
    expect(idsOf(await v2({ filter }))).toEqual(ids);
  });

  test.each([
    [{ filter: 'status' }, 'filter'],
    [{ filter: "status like 'A'" }, 'filter'],
    [{ filter: "(status eq 'Active'" }, 'filter'],
    [{ filter: "nothing eq 'A'" }, 'filter'],
    [{ filter: "status eq 'Active' status" }, 'filter'],
    [{ filter: "status eq 'Act" }, 'filter'],
    [{ filter: 7 }, 'filter'],
    [{ orderBy: 'lastName' }, 'orderBy'],
    [{ orderBy: 'eeid sideways' }, 'orderBy'],
    [{ pageSize: 1_001 }, 'pageSize'],
    [{ page: 0 }, 'page'],
    [{ fields: ['starSign'] }, 'fields'],
  ])('%j is a problem with %s', async (body, field) => {
    const reply = await v2(body);
    expect([reply.status, reply.headers['content-type'], Object.keys(reply.json.fields)]).toEqual([
      422,
      'application/problem+json',
      [field],
    ]);
  });

  test('without fields 400; too much data 413; hidden fields drop out', async () => {
    expect((await v2({ fields: [] })).status).toBe(400);
    await box.control('POST', '/switches', { datasetMostCells: 5 });
    expect((await v2({ fields: ['eeid', 'email'] })).status).toBe(413);
    await box.control('POST', '/profile', { hiddenFields: ['workEmail'] });
    expect((await v2({ fields: ['eeid', 'email'] })).json.data[0].fields).toEqual({ eeid: '1' });
  });

  test('by switch, a problem is JSON like any other', async () => {
    await box.control('POST', '/switches', { problemType: 'application/json' });
    const reply = await v2({ page: 0 });
    expect([reply.status, reply.headers['content-type']]).toEqual([422, 'application/json']);
    const other = await box.bamboo('/v1_2/datasets/payroll/fields');
    expect(other.headers['content-type']).toBe('application/problem+json');
  });

  test('by switch, a future hire is Active', async () => {
    await box.control('POST', '/switches', { datasetFutureHires: 'Active' });
    expect(idsOf(await v2({ filter: "status eq 'Active'" }))).toEqual(['1', '2', '3']);
  });
});

describe('v1', () => {
  const v1 = (body: object, query = ''): Promise<Reply> =>
    post(`/v1/datasets/employee${query}`, { fields: ['eeid'], ...body });
  const v1Ids = async (body: object): Promise<string[]> =>
    (await v1(body)).json.data.map(({ eeid }: { eeid: string }) => eeid);

  test.each([
    ['status', 'includes', ['active'], ['1', '2']],
    ['status', 'does_not_include', ['Active'], ['3']],
    ['lastName', 'contains', 'i', ['2', '3']],
    ['firstName', 'not_equal', 'ada', ['2', '3']],
    ['email', 'empty', undefined, ['2']],
    ['hireDate', 'gte', '2025-03-01', ['2', '3']],
    ['hireDate', 'next', '2 months', ['3']],
    ['hireDate', 'range', ['2024-01-01', '2025-12-31'], ['1', '2']],
    ['eeid', 'lt', '3', ['1', '2']],
    ['isSupervisor', 'not_checked', undefined, ['1', '2', '3']],
  ])('%s %s %j', async (field, operator, value, ids) => {
    expect(await v1Ids({ filters: { match: 'all', filters: [{ field, operator, value }] } })).toEqual(ids);
  });

  test('any of several; sorted; grouped; counted', async () => {
    const filters = [
      { field: 'firstName', operator: 'equal', value: 'Tom' },
      { field: 'firstName', operator: 'equal', value: 'Ada' },
    ];
    expect(await v1Ids({ filters: { match: 'any', filters }, sortBy: [{ field: 'eeid', sort: 'desc' }] })).toEqual([
      '2',
      '1',
    ]);
    const reply = await v1({
      groupBy: ['jobInformationDepartment'],
      aggregations: { defaultAggregation: 'max', overridingAggregations: [{ eeid: 'sum' }] },
    });
    expect(reply.json).toMatchObject({ data: { Sales: [{ eeid: '1' }], Legal: [{ eeid: '2' }] } });
    expect(reply.json.aggregations).toEqual([{ field: 'eeid', aggregationType: 'sum', groups: {}, all: 6 }]);
  });

  test('history has a row for each of a table', async () => {
    await box.control('POST', '/people/1/move', { department: 'Legal' });
    const body = { fields: ['eeid', 'jobInformationDepartment'], showHistory: ['jobInformation'] };
    expect((await v1(body)).json.data).toHaveLength(4);
  });

  test('a page beyond the last is the last', async () => {
    const { data, pagination } = (await v1({}, '?page=7&page_size=2')).json;
    expect([data, pagination.current_page]).toEqual([[{ eeid: '3' }], 2]);
  });

  test.each([
    [{ fields: [] }, 'fields or groupBy missing'],
    [{ fields: ['starSign'] }, 'Unknown field starSign'],
    [{ filters: { filters: [{ field: 'status', operator: 'gt', value: 'A' }] } }, 'Invalid operator gt for status'],
    [{ filters: 'all' }, 'Invalid filters'],
    [{ sortBy: [{ field: 'starSign' }] }, 'Invalid sortBy'],
  ])('%j is said in plain text', async (body, text) => {
    const reply = await v1(body);
    expect([reply.status, reply.text]).toEqual([400, text]);
  });
});
