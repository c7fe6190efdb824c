import { ada, openSandbox, type OpenSandbox, type Reply } from '../harness.js';

let box: OpenSandbox;
beforeEach(async () => {
  box = await openSandbox();
});

const send = (method: string, path: string, body?: unknown): Promise<Reply> =>
  box.bamboo(path, { method, body, headers: { 'content-type': 'application/json' } });

const asXml = (path: string): Promise<Reply> => box.bamboo(path, { headers: { accept: 'application/xml' } });

test('photos: every fourth person has one, at an address that expires', async () => {
  for (let count = 0; count < 4; count += 1) await box.hire({});
  const photo = await box.bamboo('/v1/employees/4/photo/small');
  expect([photo.status, photo.headers['content-type'], photo.headers['content-length']]).toEqual([
    200,
    'image/jpeg',
    expect.stringMatching(/^\d\d+$/),
  ]);
  expect((await box.bamboo('/v1/employees/3/photo/small')).status).toBe(404);
  expect((await box.bamboo('/v1/employees/4/photo/huge')).status).toBe(404);
  const urlOf = async (): Promise<string> =>
    (await box.bamboo('/v1/employees/directory')).json.employees.find(({ id }: { id: string }) => id === '4').photoUrl;
  const before = await urlOf();
  await box.advance('PT2H');
  expect(await urlOf()).not.toBe(before);
});

test('files: categories and what is in them, in both forms', async () => {
  const id = await box.hire(ada);
  const { employee, categories } = (await box.bamboo(`/v1/employees/${id}/files/view`)).json;
  expect(employee).toEqual({ id: 1 });
  expect(categories[0].files[0]).toMatchObject({ dateCreated: '2024-01-08T09:00:00+0000', shareWithEmployee: 'yes' });
  expect((await asXml(`/v1/employees/${id}/files/view`)).text).toContain('<dateCreated>2024-01-08 09:00:00<');
  const empty = await box.hire({ hireDate: null });
  expect((await box.bamboo(`/v1/employees/${empty}/files/view`)).status).toBe(404);
});

describe('time off', () => {
  test("what overlaps the days asked for, and who's out", async () => {
    for (let count = 0; count < 30; count += 1) await box.hire({ ...ada, workEmail: null });
    const requests: { start: string; end: string; status: { status: string } }[] = (
      await box.bamboo('/v1/time_off/requests?start=2026-01-01&end=2026-12-31')
    ).json;
    expect(requests.length).toBeGreaterThanOrEqual(30);
    expect(requests.every(({ start, end }) => start <= '2026-12-31' && end >= '2026-01-01')).toBe(true);
    expect(new Set(requests.map(({ status }) => status.status)).size).toBeGreaterThan(1);
    const asked = await box.bamboo('/v1/time_off/requests?start=2026-01-01&end=2026-12-31&employeeId=7&excludeNote=1');
    expect(asked.json).toEqual([expect.objectContaining({ employeeId: 7, type: expect.objectContaining({ id: 78 }) })]);
    expect(asked.json[0]).not.toHaveProperty('notes');
    const out = (await box.bamboo('/v1/time_off/whos_out?start=2026-01-01&end=2026-12-31')).json;
    expect(out[0]).toMatchObject({ type: 'timeOff', name: 'Ada Moss' });
    expect((await asXml('/v1/time_off/whos_out')).text).toMatch(/<calendar/);
  });

  test.each(['', '?start=2026-01-01', '?start=2026-02-30&end=2026-03-01', '?start=2026-03-02&end=2026-03-01'])(
    'requests%s is a 400',
    async (query) => {
      expect((await box.bamboo(`/v1/time_off/requests${query}`)).status).toBe(400);
    },
  );

  test.each(['/v1/meta/time_off/types', '/v1/meta/time_off/policies'])('%s', async (path) => {
    expect((await box.bamboo(path)).text).toContain('Vacation');
  });
});

describe('training', () => {
  test('records: an empty list, then an object; the type is a number once, a text later', async () => {
    const id = await box.hire(ada);
    const path = `/v1/training/record/employee/${id}`;
    expect((await box.bamboo(path)).json).toEqual([]);
    const created = await send('POST', path, { completed: '2026-10-01', type: '2', credits: 1, hours: '2' });
    expect([created.status, created.json]).toEqual([
      201,
      {
        id: '1275',
        employeeId: id,
        completed: '2026-10-01',
        notes: null,
        instructor: null,
        credits: '1',
        hours: '2',
        cost: '',
        type: 2,
      },
    ]);
    await send('POST', path, { completed: '2026-10-01', type: 2 });
    expect(Object.keys((await box.bamboo(path)).json)).toEqual(['1275', '1276']);
    expect((await box.bamboo(path)).json['1275'].type).toBe('2');
    const cost = { currency: 'EUR', amount: '50.00' };
    const updated = await send('PUT', '/v1/training/record/1275', { completed: '2026-10-02', cost });
    expect([updated.status, updated.json]).toMatchObject([201, { completed: '2026-10-02', cost: '50.00 EUR' }]);
    expect((await send('DELETE', '/v1/training/type/2')).status).toBe(400);
    expect((await send('DELETE', '/v1/training/record/1275')).status).toBe(200);
    expect((await send('PUT', '/v1/training/record/1275', { completed: '2026-10-02' })).status).toBe(404);
    expect((await send('POST', path, { completed: 'lately', type: 2 })).status).toBe(400);
    expect((await send('POST', path, { completed: '2026-10-02', type: 99 })).status).toBe(400);
  });

  test('types and categories', async () => {
    const category = (await send('POST', '/v1/training/category', { name: 'Sales' })).json;
    const type = await send('POST', '/v1/training/type', { name: 'Closing', category: { id: category.id } });
    expect([type.status, type.json]).toMatchObject([201, { name: 'Closing', renewable: false, category }]);
    expect((await send('POST', '/v1/training/type', { name: 'X', renewable: true })).status).toBe(400);
    const path = `/v1/training/type/${type.json.id}`;
    expect((await send('PUT', path, { renewable: '1', frequency: '12', category: '' })).json).toMatchObject({
      renewable: true,
      frequency: 12,
      category: [],
    });
    expect((await send('PUT', `/v1/training/category/${category.id}`, { name: 'Safety' })).status).toBe(409);
    expect((await send('PUT', `/v1/training/category/${category.id}`, { name: 'Selling' })).json.name).toBe('Selling');
    expect((await send('DELETE', `/v1/training/category/${category.id}`)).status).toBe(200);
    expect((await send('DELETE', path)).status).toBe(200);
    expect(Object.values((await box.bamboo('/v1/training/type')).json)).toHaveLength(3);
    expect(Object.values((await box.bamboo('/v1/training/category')).json)).toHaveLength(1);
  });
});

describe('places', () => {
  test('countries, provinces', async () => {
    const countries: { id: string; isoCode: string }[] = (await box.bamboo('/v1/meta/countries/options')).json;
    const us = countries.find(({ isoCode }) => isoCode === 'US')!.id;
    expect((await box.bamboo(`/v1/meta/provinces/${us}`)).json.options).toContainEqual(
      expect.objectContaining({ label: 'UT', iso: 'US-UT', name: 'Utah' }),
    );
    expect((await box.bamboo('/v1/meta/provinces/999')).status).toBe(400);
  });

  test('locations: pages from 0, a filter, expansions', async () => {
    const list = async (query: string) => (await box.bamboo(`/v1/hris/org/locations?${query}`)).json;
    const first = await list('pageSize=3');
    expect(first).toMatchObject({
      meta: { page: 0, totalPages: 3, totalItems: 8 },
      _links: { next: expect.anything() },
    });
    expect((await list('page=2&pageSize=3')).data).toHaveLength(2);
    const [utah] = (await list("filter=label eq 'Salt Lake City'&expand=state,country")).data;
    expect(utah.address).toMatchObject({ state: { name: 'Utah' }, country: { isoCode: 'US' } });
    expect((await box.bamboo(`/v1/hris/org/locations/${utah.id}`)).json.label).toBe('Salt Lake City');
    expect((await list('filter=nonsense')).status).toBe(422);
    expect((await box.bamboo('/v1/hris/org/locations/9')).status).toBe(404);
  });
});
