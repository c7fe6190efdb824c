import { existsSync, readFileSync } from 'node:fs';
import type { LookupFunction } from 'node:net';
import { connect } from 'node:net';
import { Agent, buildConnector, request } from 'undici';
import { basic, openSandbox } from './harness.js';

/** Every name is the sandbox. */
const lookup: LookupFunction = (_host, options, done) =>
  options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4);

/** What a client of the real services is but for two settings: who names resolve to, and whom it trusts. */
const clientOf = (url: string, ca: string | undefined) => {
  const connector = buildConnector({ ca, lookup, allowH2: false });
  const { port } = new URL(url);
  return new Agent({ connect: (options, done) => connector({ ...options, port }, done) });
};

const open = async () => {
  const box = await openSandbox({ employees: 3, https: true, portals: [{ portal: 'academy' }, { portal: 'sales' }] });
  const dispatcher = clientOf(box.sandbox.url, readFileSync(box.sandbox.ca!, 'utf8'));
  const get = async (url: string, authorization: string) => {
    const { statusCode, body } = await request(url, {
      dispatcher,
      headers: { authorization, accept: 'application/json' },
    });
    return { status: statusCode, text: await body.text() };
  };
  return { ...box, dispatcher, get };
};

test.each([
  'https://acme.bamboohr.com/api/v1/employees',
  'https://acme.bamboohr.com/api/gateway.php/acme/v1/employees',
  'https://api.bamboohr.com/api/gateway.php/acme/v1/employees',
])('%s is the company', async (url) => {
  const { get, dispatcher, key } = await open();
  const { status, text } = await get(url, key);
  expect([status, JSON.parse(text).meta.total]).toEqual([200, 3]);
  await dispatcher.close();
});

test('https://{portal}.learnupon.com is each portal', async () => {
  const { get, dispatcher, sandbox } = await open();
  for (const { portal, username, password } of sandbox.learnupon)
    expect((await get(`https://${portal}.learnupon.com/api/v1/users`, basic(username, password))).status).toBe(200);
  expect((await get('https://none.learnupon.com/api/v1/users', 'Basic eDp5')).status).toBe(404);
  await dispatcher.close();
});

test('by path over HTTPS, and over HTTP on the same port', async () => {
  const { get, dispatcher, sandbox, key } = await open();
  expect(sandbox.bamboohr.url).toMatch(/^https:/);
  expect((await get(`${sandbox.bamboohr.url}/api/v1/employees`, key)).status).toBe(200);
  const plain = await request(`${sandbox.control.replace('https:', 'http:')}/clock`);
  expect(plain.statusCode).toBe(200);
  await plain.body.dump();
  await dispatcher.close();
});

test('whoever does not trust the authority gets nothing', async () => {
  const { sandbox, dispatcher } = await open();
  const stranger = clientOf(sandbox.url, undefined);
  const asked = request('https://acme.bamboohr.com/api/v1/employees', { dispatcher: stranger });
  await expect(asked).rejects.toMatchObject({ code: expect.stringMatching(/CERT|SIGNATURE|SELF_SIGNED/) });
  await Promise.all([stranger.close(), dispatcher.close()]);
});

test('stops though somebody is connected and silent, and leaves no file', async () => {
  const { sandbox, dispatcher } = await open();
  const silent = connect(Number(new URL(sandbox.url).port), '127.0.0.1');
  await new Promise((resolve) => silent.once('connect', resolve));
  await Promise.all([sandbox.stop(), new Promise((resolve) => silent.once('close', resolve))]);
  expect(existsSync(sandbox.ca!)).toBe(false);
  await dispatcher.close();
});
