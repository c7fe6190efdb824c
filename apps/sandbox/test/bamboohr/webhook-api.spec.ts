import { ada, basic, openSandbox, type OpenSandbox, type Reply } from '../harness.js';

let box: OpenSandbox;
beforeEach(async () => {
  box = await openSandbox();
});

const send = (method: string, path: string, body?: unknown, authorization = box.key): Promise<Reply> =>
  box.bamboo(`/v1/webhooks${path}`, { method, body, headers: { authorization, 'content-type': 'application/json' } });

const hook = {
  name: 'Learners',
  url: 'https://app.example/hook',
  format: 'json',
  monitorFields: ['firstName', '15'],
  postFields: { firstName: 'First Name' },
  includeCompanyDomain: true,
};

test('a new webhook is answered as recorded; its key is never shown again', async () => {
  const created = await send('POST', '', hook);
  expect([created.status, created.json]).toEqual([
    201,
    {
      ...hook,
      id: '21',
      created: expect.stringMatching(/^2026-11-02 09:00:\d\d$/),
      lastSent: null,
      events: ['employee_with_fields.updated', 'employee_with_fields.deleted', 'employee_with_fields.created'],
      privateKey: expect.stringMatching(/^[0-9a-f]{32}$/),
    },
  ]);
  const { privateKey: _privateKey, ...rest } = created.json;
  expect((await send('GET', '/21')).json).toEqual(rest);
  expect((await send('GET', '')).json).toEqual({
    webhooks: [{ id: '21', name: hook.name, created: rest.created, lastSent: null, url: hook.url }],
  });
});

test('an update replaces everything; a deletion says so in plain text', async () => {
  await send('POST', '', hook);
  const events = ['employee.created', 'employee.deleted'];
  const updated = await send('PUT', '/21', { name: 'L', url: hook.url, format: 'form-encoded', events });
  expect(updated.json).toMatchObject({ events, monitorFields: null, postFields: {}, includeCompanyDomain: false });
  const deleted = await send('DELETE', '/21');
  expect([deleted.status, deleted.text]).toEqual([200, 'Web hook has been deleted.']);
  expect((await send('GET', '/21')).json).toEqual({ errors: [{ error: 'No webhook was found with ID: 21.' }] });
});

test.each([
  [{ format: undefined }, 'format must be json or form-encoded'],
  [{ url: 'http://app.example/hook' }, 'url must begin with https://'],
  [{ url: 'https://' }, 'url must begin with https://'],
  [{ name: ' ' }, 'name is required'],
  [{ monitorFields: [] }, 'monitorFields is required'],
  [{ monitorFields: 'firstName' }, 'monitorFields must be a list of field IDs or aliases'],
  [{ monitorFields: ['terminationDate'] }, 'terminationDate cannot be monitored'],
  [{ events: ['employee.renamed'] }, 'unknown event employee.renamed'],
  [
    { events: ['employee.created', 'employee_with_fields.created'] },
    'employee_with_fields events cannot be mixed with employee events',
  ],
  [{ postFields: { firstName: 'N', lastName: 'N' } }, 'postFields must have distinct names'],
])('%j is refused', async (change, issue) => {
  const reply = await send('POST', '', { ...hook, ...change });
  expect([reply.status, reply.json]).toEqual([400, { errors: [{ error: 'Invalid request body', issues: [issue] }] }]);
});

test('everything that is wrong is said at once; no JSON is no object', async () => {
  expect((await send('POST', '', {})).json.errors[0].issues).toHaveLength(4);
  expect((await send('POST', '', 'nonsense')).status).toBe(400);
});

test('fields that the creator may not see or that are none are refused by name, and shown later', async () => {
  await box.control('POST', '/profile', { hiddenFields: ['firstName'] });
  const fields = { monitorFields: ['firstName', 'lastName', 'starSign'] };
  expect((await send('POST', '', { ...hook, ...fields })).json).toEqual({
    errors: [
      {
        error: 'Permission denied to the following fields',
        monitorFields: [{ id: 1, name: 'First Name' }],
        postFields: [{ id: 1, name: 'First Name' }],
        unknownFields: [{ id: null, name: 'starSign' }],
      },
    ],
  });
  await box.control('POST', '/profile', { hiddenFields: [] });
  await send('POST', '', hook);
  await box.control('POST', '/profile', { hiddenFields: ['workEmail'] });
  expect((await send('GET', '/21')).json.errors[0].monitorFields).toEqual([{ id: 15, name: 'Work Email' }]);
});

test("another's webhook is refused in an object, and not listed", async () => {
  await send('POST', '', hook);
  const { apiKey } = await box.control('POST', '/bamboohr/keys', {});
  const stranger = basic(apiKey, 'x');
  const refused = await send('GET', '/21', undefined, stranger);
  expect([refused.status, refused.json]).toEqual([
    403,
    { errors: { error: 'You do not have access to webhook ID: 21' } },
  ]);
  expect((await send('GET', '', undefined, stranger)).json).toEqual({ webhooks: [] });
});

test('what can be monitored and posted', async () => {
  const monitored: { alias: string; id: string }[] = (await send('GET', '/monitor_fields')).json.fields;
  const aliases = monitored.map(({ alias }) => alias);
  expect(aliases).toEqual(expect.arrayContaining(['firstName', 'department', 'customCostCentre', null]));
  expect(aliases).not.toContain('terminationDate');
  const { fields, tables, pages } = (await send('GET', '/post-fields')).json;
  expect(fields).toContainEqual({
    alias: 'department',
    name: 'Department',
    type: 'list',
    id: 4,
    pageId: 2,
    tableId: 10,
  });
  expect(fields.find(({ alias }: { alias: string }) => alias === 'supervisorEId')).toMatchObject({ pageId: -1 });
  expect([tables.length > 0, pages.length > 0]).toEqual([true, true]);
});

test('the log answers 200 with an error inside when it is asked too often', async () => {
  await send('POST', '', hook);
  expect((await send('GET', '/21/log')).json).toEqual([]);
  await box.control('POST', '/switches', { webhookLogPerMinute: 1 });
  await box.hire(ada);
  const reply = await send('GET', '/21/log');
  expect([reply.status, reply.json]).toEqual([
    200,
    { error: { code: 429, message: 'Over rate limit, please try again in 60 seconds' } },
  ]);
});
