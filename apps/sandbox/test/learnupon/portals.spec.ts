import { ask, basic, user } from '../harness.js';
import { created, openRealm, type OpenRealm } from './realm.js';

let realm: OpenRealm;
beforeEach(async () => {
  realm = await openRealm();
});

const listed = async () => (await realm.academy('GET', '/portals')).json.portals;
const subdomains = async () => (await listed()).map(({ subdomain }: { subdomain: string }) => subdomain);

test('the top-level portal sees its sub-portals, a sub-portal none', async () => {
  expect(await subdomains()).toEqual(['sales', 'retail']);
  expect((await realm.sales('GET', '/portals')).json.portals).toEqual([]);
  expect((await realm.academy('GET', '/portals?title=retail')).json.portals).toHaveLength(1);
  const { membership_types } = (await realm.academy('GET', '/portals/membership_types')).json;
  expect(membership_types.map(({ id }: { id: number }) => id)).toEqual([1, 2, 3, 4]);
});

describe('keys', () => {
  const idOf = async (name: string): Promise<number> =>
    (await listed()).find(({ subdomain }: { subdomain: string }) => subdomain === name).id;
  const callWith = ({ username, password }: { username: string; password: string }) =>
    ask(`${realm.sandbox.url}/learnupon/sales/api/v1/users`, {
      headers: { authorization: basic(username, password) },
    });

  test.each(['GET', 'POST'])('%s generate_keys gives a new pair, and the old one is dead', async (method) => {
    const { portal } = (await realm.academy(method, `/portals/${await idOf('sales')}/generate_keys`)).json;
    expect((await realm.sales('GET', '/users')).status).toBe(401);
    expect((await callWith(portal)).status).toBe(200);
  });

  test('come in an array by switch, and only from the top-level portal', async () => {
    const id = await idOf('sales');
    await realm.switchTo({ generatedKeys: 'array' });
    const { portal } = (await realm.academy('GET', `/portals/${id}/generate_keys`)).json;
    expect((await callWith(portal[0])).status).toBe(200);
    expect((await realm.retail('GET', `/portals/${id}/generate_keys`)).status).toBe(404);
    expect((await realm.academy('GET', '/portals/1/generate_keys')).status).toBe(404);
  });

  test('of whoever sends none are wrong, also where none were generated', async () => {
    await realm.academy('POST', '/portals', { Portal: { subdomain: 'fresh', title: 'Fresh' } });
    const url = `${realm.sandbox.url}/learnupon/fresh/api/v1/users`;
    expect((await ask(url)).status).toBe(401);
    const { portal } = (await realm.academy('GET', `/portals/${await idOf('fresh')}/generate_keys`)).json;
    const headers = { authorization: basic(portal.username, portal.password) };
    expect((await ask(url, { headers })).status).toBe(200);
  });
});

test('a sub-portal is created like its parent, changed and deleted with its accounts', async () => {
  const Portal = { subdomain: 'partners', title: 'Partners', copy_from_parent: true, number_licenses_purchased: 5 };
  const { id } = (await realm.academy('POST', '/portals', { Portal })).json;
  expect((await realm.academy('POST', '/portals', { Portal })).status).toBe(400);
  for (const bad of [{ subdomain: 'No such' }, { subdomain: 'bamboohr' }, { subdomain: 'x', title: '' }])
    expect((await realm.academy('POST', '/portals', { Portal: { ...Portal, ...bad } })).status).toBe(400);
  await realm.academy('PUT', `/portals/${id}`, { Portal: { title: 'All Partners', header_color: '#000000' } });
  expect((await listed())[2]).toMatchObject({
    title: 'All Partners',
    header_color: '#000000',
    number_licenses_purchased: 5,
  });
  const keys = (await realm.academy('GET', `/portals/${id}/generate_keys`)).json.portal;
  const headers = { authorization: basic(keys.username, keys.password), 'content-type': 'application/json' };
  const base = `${realm.sandbox.url}/learnupon/partners/api/v1`;
  const { json } = await ask(`${base}/users/customuserdata`, { headers: { authorization: headers.authorization } });
  expect(json.customDataFieldDefinitions.map(({ label }: { label: string }) => label)).toContain('Hire Date');
  await ask(`${base}/users`, { method: 'POST', headers, body: user('ada@x.test') });
  expect((await realm.academy('DELETE', `/portals/${id}`)).json).toEqual({});
  expect((await ask(`${base}/users`, { headers })).status).toBe(404);
  expect(await subdomains()).toEqual(['sales', 'retail']);
  await created(realm.academy, 'ada@x.test');
});
