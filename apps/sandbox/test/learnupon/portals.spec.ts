import { openRealm, type OpenRealm } from './realm.js';

let realm: OpenRealm;
beforeEach(async () => {
  realm = await openRealm();
});

describe('portals', () => {
  test('the top-level portal sees its sub-portals, a sub-portal none', async () => {
    const { portals } = (await realm.academy('GET', '/portals')).json;
    expect(portals.map(({ subdomain }: { subdomain: string }) => subdomain)).toEqual(['sales', 'retail']);
    expect((await realm.sales('GET', '/portals')).json.portals).toEqual([]);
    expect((await realm.academy('GET', '/portals/membership_types')).status).toBe(200);
  });
});
