import { user } from '../harness.js';
import { created, openRealm, type PortalCall, type OpenRealm } from './realm.js';

let realm: OpenRealm;
beforeEach(async () => {
  realm = await openRealm();
});

describe('custom user data', () => {
  const read = async (id: number) => (await realm.academy('GET', `/users/${id}`)).json.user[0];

  test('written by label, loosely, or by definition id; read with normalised keys', async () => {
    const definitions = (await realm.academy('GET', '/users/customuserdata')).json.customDataFieldDefinitions;
    expect(definitions).toMatchObject([
      { label: 'Department', type_id: 1 },
      { type_id: 7 },
      { type_id: 3 },
      { type_id: 4, predefined_values: 'S,M' },
    ]);
    const id = await created(realm.academy, 'ada@x.test', {
      CustomData: { department: 'Sales', 'HIRE  DATE': '2026-02-01', Unknown: 'x' },
    });
    expect((await read(id)).CustomData).toEqual({ department: 'Sales', hire_date: '2026-02-01' });
    await realm.academy('PUT', `/users/${id}`, {
      User: { CustomData: { use_definition_ids: 1, [definitions[0].id]: null, [definitions[2].id]: 4 } },
    });
    expect(await read(id)).toMatchObject({
      CustomData: { hire_date: '2026-02-01', level: '4' },
      customDataFieldValues: [
        { definition_id: definitions[1].id, value: '2026-02-01' },
        { definition_id: definitions[2].id },
      ],
    });
  });

  test('definitions have other ids in another portal', async () => {
    const idOf = async (call: PortalCall) =>
      (await call('GET', '/users/customuserdata')).json.customDataFieldDefinitions[0].id;
    expect(await idOf(realm.academy)).not.toBe(await idOf(realm.sales));
  });

  test.each([{ 'Hire Date': '02/01/2026' }, { 'Hire Date': '2026-02-30' }, { Level: 'four' }, { Shirt: 'XL' }])(
    '%j is refused or, by switch, ignored',
    async (CustomData) => {
      const reply = await realm.academy('POST', '/users', user('ada@x.test', { CustomData }));
      expect([reply.status, reply.json.message]).toEqual([
        400,
        expect.stringContaining(Object.keys(CustomData)[0] ?? ''),
      ]);
      await realm.switchTo({ badCustomValue: 'ignore' });
      expect((await read(await created(realm.academy, 'ada@x.test', { CustomData }))).CustomData).toBeNull();
    },
  );

  test('is the portal’s own, names are the realm’s', async () => {
    await realm.switchTo({ allowUserCreationIfUserAlreadyExists: true });
    const here = await created(realm.academy, 'ada@x.test', { CustomData: { Department: 'Sales' } });
    const there = await created(realm.sales, 'ada@x.test');
    await realm.sales('PUT', `/users/${there}`, {
      User: { last_name: 'Hill', language: 'fr', CustomData: { Department: 'Legal' } },
    });
    expect(await read(here)).toMatchObject({ last_name: 'Hill', locale: 'fr', CustomData: { department: 'Sales' } });
  });
});
