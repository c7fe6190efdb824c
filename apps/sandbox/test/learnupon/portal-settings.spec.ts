import { ask, user } from '../harness.js';
import { created, openRealm, type OpenRealm } from './realm.js';

let realm: OpenRealm;
beforeEach(async () => {
  realm = await openRealm();
});

const tell = (portal: string, body: unknown) =>
  ask(`${realm.sandbox.control}/portals/${portal}`, { method: 'POST', body });

const labelled = async () => (await realm.sales('GET', '/users/customuserdata')).json.customDataFieldDefinitions;

test('custom user data is defined as an admin does it: what was there keeps its id and its values', async () => {
  const [department] = await labelled();
  const id = await created(realm.sales, 'ada@acme.example', { CustomData: { Department: 'Sales' } });
  const level = { label: 'Level', type: 'integer-choice', choices: ['1', '2'] };
  expect((await tell('sales', { customFields: [level, { label: 'Department' }] })).status).toBe(200);
  expect(await labelled()).toEqual([
    { id: expect.any(Number), type_id: 6, label: 'Level', predefined_values: '1,2' },
    department,
  ]);
  const put = (CustomData: object) => realm.sales('PUT', `/users/${id}`, { User: { CustomData } });
  expect((await put({ level: '3' })).status).toBe(400);
  expect((await put({ level: '2' })).status).toBe(200);
  const { user: found } = (await realm.sales('GET', `/users/${id}`)).json;
  expect(found[0].CustomData).toEqual({ level: '2', department: 'Sales' });
});

test('a portal is told to use usernames before it has users, not after', async () => {
  expect((await tell('sales', { identifier: 'username', sso: true })).json).toMatchObject({
    identifier: 'username',
    sso: true,
  });
  expect((await realm.sales('POST', '/users', user('ada@acme.example'))).status).toBe(400);
  expect((await realm.sales('POST', '/users', user('ada@acme.example', { username: 'ada.moss' }))).status).toBe(200);
  expect((await tell('sales', { identifier: 'email' })).status).toBe(400);
});

test.each([
  { customFields: {} },
  { customFields: [null] },
  { customFields: [{ label: '' }] },
  { customFields: [{ label: 'Level', type: 'colour' }] },
  { customFields: [{ label: 'Level', type: 'string-choice' }] },
  { customFields: [{ label: 'Level', choices: ['1'] }] },
  { customFields: [{ label: 'Level' }, { label: 'LEVEL' }] },
  { customFields: [{ label: 'Department', type: 'date' }] },
  { licences: 5, ratePerMinute: 'many' },
  { licences: 5, identifier: 'number' },
])('nothing changes by %j', async (wrong) => {
  const before = await realm.control('GET', '/portals');
  expect((await tell('sales', wrong)).status).toBe(400);
  expect(await realm.control('GET', '/portals')).toEqual(before);
});
