import { ada, openSandbox, type OpenSandbox } from '../harness.js';

let box: OpenSandbox;
beforeEach(async () => {
  box = await openSandbox();
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
