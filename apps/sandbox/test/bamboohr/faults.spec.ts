import { openSandbox, type OpenSandbox } from '../harness.js';

let box: OpenSandbox;
beforeEach(async () => {
  box = await openSandbox();
});

describe('when things go wrong', () => {
  test.each([
    [{ status: 429 }, 429, '2'],
    [{ status: 503, retryAfterSeconds: 9 }, 503, '9'],
    [{ retryAfter: 'none' }, 429, undefined],
  ])('throttled %j', async (fault, status, retryAfter) => {
    await box.control('POST', '/faults', { target: 'bamboohr', kind: 'throttle', count: 1, ...fault });
    const reply = await box.bamboo('/v1/company_information');
    expect([reply.status, reply.headers['retry-after'], reply.text]).toEqual([status, retryAfter, '']);
    expect((await box.bamboo('/v1/company_information')).status).toBe(200);
  });

  test('Retry-After may be a date', async () => {
    await box.control('POST', '/faults', { target: 'bamboohr', kind: 'throttle', retryAfter: 'date' });
    expect((await box.bamboo('/v1/meta/fields')).headers['retry-after']).toMatch(/GMT$/);
  });

  test('a short read, an empty read and a field that hides: all 200', async () => {
    await Promise.all(Array.from({ length: 10 }, (_, index) => box.hire({ firstName: `P${index}` })));
    const read = async () => (await box.report(['firstName', 'department'])).json;
    await box.control('POST', '/faults', { target: 'bamboohr', kind: 'short-read', keep: 0.7, count: 1 });
    expect((await read()).employees).toHaveLength(7);
    await box.control('POST', '/faults', { target: 'bamboohr', kind: 'empty-read', count: 1 });
    expect((await read()).employees).toHaveLength(0);
    await box.control('POST', '/faults', { target: 'bamboohr', kind: 'hide-field', field: 'department', count: 1 });
    expect((await read()).employees[0]).not.toHaveProperty('department');
    expect((await read()).employees[0]).toHaveProperty('department');
  });

  test('a dropped connection', async () => {
    await box.control('POST', '/faults', { target: 'bamboohr', kind: 'drop-before', count: 1 });
    await expect(box.bamboo('/v1/meta/fields')).rejects.toThrow();
    expect((await box.control('GET', '/calls')).bamboohr).toMatchObject({ dropped: 1, reads: 1 });
  });
});
