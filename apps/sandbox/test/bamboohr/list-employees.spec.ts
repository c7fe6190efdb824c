import { ada, openSandbox, type OpenSandbox } from '../harness.js';

let box: OpenSandbox;
beforeEach(async () => {
  box = await openSandbox();
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
