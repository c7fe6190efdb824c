import { ada, ask, basic, openSandbox, type OpenSandbox } from '../harness.js';

let box: OpenSandbox;
beforeEach(async () => {
  box = await openSandbox();
});

describe('who may ask, and where', () => {
  test('a wrong key is answered as recorded: no body, and only the header that is spelt right', async () => {
    const reply = await box.bamboo('/v1/employees/1', { headers: { authorization: basic('wrong', 'x') } });
    expect(reply.status).toBe(401);
    expect(reply.text).toBe('');
    expect(reply.headers).toMatchObject({
      'content-type': 'text/html; charset=UTF-8',
      'x-bamboohr-error-message': 'API key not provided or invalid',
      'www-authenticate': 'Basic realm="https://api.bamboohr.com/acme"',
      'cache-control': 'no-cache, private',
    });
    expect(reply.headers).not.toHaveProperty('x-bamboohr-error-messsage');
  });

  test.each([
    ['path prefix', '/bamboohr/acme/api/v1/employees/1', undefined],
    ['company host', '/api/v1/employees/1', 'acme.bamboohr.com'],
    ['gateway host', '/api/gateway.php/acme/v1/employees/1', 'api.bamboohr.com'],
    ['gateway by path', '/api/gateway.php/acme/v1/employees/1', undefined],
    ['trailing slash', '/api/v1/employees/1/', 'acme.bamboohr.com'],
    ['v1_1', '/api/v1_1/employees/1', 'acme.bamboohr.com'],
  ])('the company answers by %s', async (_, path, host) => {
    await box.hire(ada);
    const headers = { authorization: box.key, accept: 'application/json', ...(host && { host }) };
    expect((await ask(`${box.sandbox.url}${path}`, { headers })).json).toEqual({ id: '1' });
  });

  test('another company is not found', async () => {
    const reply = await ask(`${box.sandbox.url}/bamboohr/other/api/v1/employees/1`, {
      headers: { authorization: box.key },
    });
    expect(reply.status).toBe(404);
  });
});
