import { openSandbox, type OpenSandbox } from '../harness.js';

let box: OpenSandbox;
beforeEach(async () => {
  box = await openSandbox();
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

  test("meta/lists: lists of several values, archived options, and BambooHR's own at the end without an id", async () => {
    const lists = (await box.bamboo('/v1/meta/lists')).json as { alias: string; id?: number; multiple: string }[];
    const own = lists.filter(({ id }) => id === undefined).map(({ alias }) => alias);
    expect(own).toEqual(lists.slice(-own.length).map(({ alias }) => alias));
    expect(own).toEqual(['country', 'state']);
    expect(lists.filter(({ multiple }) => multiple === 'yes').map(({ alias }) => alias)).toEqual(['teams']);
    expect(lists).toContainEqual(
      expect.objectContaining({
        alias: 'department',
        options: expect.arrayContaining([
          expect.objectContaining({
            name: 'Customer Care',
            archived: 'yes',
            archivedDate: '2024-01-31T17:00:00+00:00',
          }),
        ]),
      }),
    );
  });

  test('every field of type list has its list', async () => {
    const fields = (await box.bamboo('/v1/meta/fields')).json as { alias: string; type: string }[];
    const lists = (await box.bamboo('/v1/meta/lists')).json as { alias: string }[];
    const aliases = lists.map(({ alias }) => alias);
    expect(fields.filter(({ type }) => type.endsWith('list')).map(({ alias }) => alias)).toEqual(
      expect.arrayContaining(aliases.filter((alias) => !['country', 'state'].includes(alias))),
    );
    for (const { alias, type } of fields) if (/list$/.test(type)) expect(aliases).toContain(alias);
  });

  test('an archived option still stands in the history of some', async () => {
    const big = await openSandbox({ employees: 300 });
    const rows = (await big.bamboo('/v1/employees/all/tables/jobInfo')).json as { department: string }[];
    expect(rows.filter(({ department }) => department === 'Customer Care').length).toBeGreaterThan(0);
  });

  test.each(['/v1/meta/tables', '/v1/meta/lists', '/v1/company_information'])('%s', async (path) => {
    expect((await box.bamboo(path)).status).toBe(200);
  });
});
