import { controlRoutes } from '../src/control/routes.js';
import { operations } from '../src/control/openapi/document.js';
import { ask, openSandbox, type OpenSandbox } from './harness.js';

let box: OpenSandbox;
beforeEach(async () => {
  box = await openSandbox({ employees: 5 });
});

test('every control call is described, and nothing else is', () => {
  expect(Object.keys(operations).sort()).toEqual([...controlRoutes, 'GET /', 'GET /openapi.json'].sort());
});

test('the document is served, with what a reader needs', async () => {
  const document = await box.control('GET', '/openapi.json');
  expect(document).toMatchObject({ openapi: '3.1.0', servers: [{ url: box.sandbox.control }] });
  expect((await box.control('GET', '/')).openapi).toBe(`${box.sandbox.control}/openapi.json`);
  expect(document.paths['/people/{id}/move'].post.parameters).toMatchObject([{ name: 'id', in: 'path' }]);
  const ids = Object.entries(document.paths as Record<string, Record<string, { summary: string }>>);
  for (const [path, methods] of ids)
    for (const [method, { summary }] of Object.entries(methods))
      expect([path, method, summary.length > 5]).toContain(true);
});

test('what a description has for an example works', async () => {
  const gone = (await box.control('POST', '/hire', {})).id as string;
  await box.control('POST', `/people/${gone}/terminate`, {});
  const invite = { GroupInvite: { email_addresses: 'tom@x.test' } };
  await box.portal('academy')('POST', '/group_invites', invite);
  const { accounts, invites } = await box.control('GET', '/accounts');
  const { keys } = await box.control('GET', '/bamboohr/keys');
  const params: Record<string, string> = { portal: 'academy', id: '1', inviteId: String(invites[0].id) };
  for (const [route, { example }] of Object.entries(operations)) {
    if (example === undefined) continue;
    const [method = '', path = ''] = route.split(' ');
    const id = path.startsWith('/accounts') ? accounts[0].id : path.startsWith('/bamboohr') ? keys[0].id : params['id'];
    const own: Record<string, string> = { ...params, id: String(id) };
    const filled = path
      .replace('/people/:id/rehire', `/people/${gone}/rehire`)
      .replace(/:(\w+)/g, (_, name) => own[name] ?? '');
    // The harness holds each exchange against the document.
    expect(await box.control(method, filled, example)).toBeDefined();
  }
});

test('the files of the page are served, and no others', async () => {
  const page = await ask(box.sandbox.control, { headers: { accept: 'text/html' } });
  expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  const files = [...page.text.matchAll(/(?:src|href)="([^"]*page\/[^"]+)"/g)].map(([, file]) => file ?? '');
  expect(files.length).toBeGreaterThan(1);
  for (const file of files) expect((await ask(new URL(file, `${box.sandbox.url}/`).href)).status).toBe(200);
  for (const file of ['none.js', '..%2froutes.js', 'index.ts'])
    expect((await ask(`${box.sandbox.control}/page/${file}`)).status).toBe(404);
});
