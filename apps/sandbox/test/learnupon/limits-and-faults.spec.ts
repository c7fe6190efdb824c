import { user } from '../harness.js';
import { created, openRealm, type OpenRealm } from './realm.js';

let realm: OpenRealm;
beforeEach(async () => {
  realm = await openRealm();
});

describe('rates', () => {
  const REMAINING = ['x-lu-rate-limit-remaining-minute', 'x-lu-rate-limit-remaining-week'];

  const shown = ({ headers }: { headers: object }): string[] => REMAINING.filter((name) => name in headers);

  test('so many a minute for each portal; what remains is said on success alone', async () => {
    realm = await openRealm({ ratePerMinute: 3 });
    const statuses: number[] = [];
    for (let index = 0; index < 5; index += 1) statuses.push((await realm.academy('GET', '/users')).status);
    expect(statuses).toEqual([200, 200, 200, 429, 429]);
    const throttled = await realm.academy('GET', '/users');
    expect(throttled.headers).not.toHaveProperty('retry-after');
    expect(shown(throttled)).toEqual([]);
    expect((await realm.sales('GET', '/users')).headers[REMAINING[0] ?? '']).toBe('2');
    expect(shown(await realm.sales('GET', '/users/77'))).toEqual([]);
    await realm.switchTo({ learnUponRetryAfter: true });
    expect(Number((await realm.academy('GET', '/users')).headers['retry-after'])).toBeLessThanOrEqual(60);
    await realm.advance('PT1M');
    expect((await realm.academy('GET', '/users')).headers).toMatchObject({ [REMAINING[0] ?? '']: '2' });
  });

  test('so many a week, rolling', async () => {
    await realm.control('POST', '/portals/academy', { ratePerWeek: 2 });
    expect((await realm.academy('GET', '/users')).headers).toMatchObject({ [REMAINING[1] ?? '']: '1' });
    await realm.academy('GET', '/users');
    await realm.advance('P6D');
    expect((await realm.academy('GET', '/users')).status).toBe(429);
    await realm.advance('P1DT1H');
    expect((await realm.academy('GET', '/users')).status).toBe(200);
  });
});

describe('faults', () => {
  test('a connection dropped after the effect: the account is there', async () => {
    await realm.control('POST', '/faults', { target: 'academy', kind: 'drop-after', method: 'POST', count: 1 });
    await expect(realm.academy('POST', '/users', user('ada@x.test'))).rejects.toThrow();
    expect((await realm.academy('GET', '/users/search?email=ada%40x.test')).status).toBe(200);
  });

  test('dropped before the effect, or an error: it is not', async () => {
    await realm.control('POST', '/faults', { target: 'academy', kind: 'drop-before', count: 1 });
    await expect(realm.academy('POST', '/users', user('ada@x.test'))).rejects.toThrow();
    await realm.control('POST', '/faults', { target: 'academy', kind: 'error', status: 502, count: 1 });
    expect((await realm.academy('POST', '/users', user('ada@x.test'))).status).toBe(502);
    expect((await realm.academy('GET', '/users/search?email=ada%40x.test')).status).toBe(404);
  });

  test('a short read says that there is no more', async () => {
    for (let index = 0; index < 500; index += 1) await created(realm.academy, `u${index}@x.test`);
    await realm.control('POST', '/faults', { target: 'academy', kind: 'short-read', keep: 0.5, path: '/users' });
    const reply = await realm.academy('GET', '/users');
    expect([reply.json.user.length, reply.headers['lu-has-next-page']]).toEqual([250, 'false']);
    expect((await realm.sales('GET', '/users')).status).toBe(200);
  });
});
