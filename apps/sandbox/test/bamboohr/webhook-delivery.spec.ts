import { signWebhook } from '../../src/index.js';
import { checkAt } from '../openapi/document.js';
import { ada, openSandbox, type OpenSandbox } from '../harness.js';
import { openReceiver, type Receiver } from './receiver.js';

let box: OpenSandbox;
let receiver: Receiver;
beforeEach(async () => {
  receiver = await openReceiver();
  box = await openSandbox({ switches: { webhookPlainHttp: true } });
});
afterEach(async () => {
  expect(receiver.state.badSignatures).toBe(0);
  await receiver.close();
});

const EVENTS = ['employee.created', 'employee.updated', 'employee.deleted'];
const MONITORED = ['firstName', 'lastName', 'workEmail', 'department', 'status', 'customCostCentre'];

const subscribe = async (changes: object = {}): Promise<string> => {
  const body = { name: 'L', url: receiver.url, format: 'json', monitorFields: MONITORED, events: EVENTS, ...changes };
  const reply = await box.bamboo('/v1/webhooks', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json' },
  });
  receiver.state.key = reply.json.privateKey;
  return reply.json.id;
};

const log = async (id: string) => (await box.bamboo(`/v1/webhooks/${id}/log`)).json;

test('the published test vector', () => {
  const body =
    '{"employees":[{"changedFields":["First name"],"fields":{"Employee #":{"value":"300"},"First name":{"value":"Tefi"},"Last name":{"value":"Adams"}},"id":"5"}]}';
  expect(signWebhook('123b929362d51613054f71e5e5d4bf2c', body, '1658248023')).toBe(
    '56491dd9c2b352bc5f4fc627159aae20ddff9c8cb19f239a6de6771dc5310bac',
  );
});

test('a hire is created, then updated; custom fields come by themselves; a deletion says no fields', async () => {
  const hook = await subscribe({ includeCompanyDomain: true });
  const id = await box.hire({ ...ada, custom: { customCostCentre: 'CC-1' } });
  await receiver.until(3);
  await box.control('DELETE', `/people/${id}`);
  const bodies = (await receiver.until(4)).map(({ json }) => json);
  const byType = (type: string) => bodies.filter((body) => body.type === type);
  expect(byType('employee.created').map(({ data }) => data)).toEqual([
    { companyId: expect.stringMatching(/^\d+$/), employeeId: id },
  ]);
  expect(byType('employee.updated').map(({ data }) => data.changedFields)).toEqual(
    expect.arrayContaining([
      expect.arrayContaining(['firstName', 'department', 'status', 'workEmail']),
      ['customCostCentre'],
    ]),
  );
  expect(byType('employee.deleted').map(({ data }) => Object.keys(data))).toEqual([['companyId', 'employeeId']]);
  const { headers } = (await receiver.until(4))[0]!;
  expect(headers).toMatchObject({
    'content-type': 'application/json',
    'company-domain': 'acme',
    'user-agent': expect.stringContaining('BambooHR-WebHooks'),
    'x-bamboohr-timestamp': expect.stringMatching(/^\d{10}$/),
  });
  expect(bodies[0].timestamp).toMatch(/^2026-11-02T09:00:\d\d\+0000$/);
  expect(await log(hook)).toHaveLength(4);
});

test('with timestamps that end in Z, every event is as documented', async () => {
  await box.control('POST', '/switches', { webhookTimestamp: 'zulu', webhookSignedTimestamp: 'iso' });
  await subscribe();
  await box.hire(ada);
  for (const { json } of await receiver.until(2)) {
    const name = json.type === 'employee.created' ? 'EmployeeCreatedWebhookPayload' : 'EmployeeUpdatedWebhookPayload';
    const check = checkAt(`/components/schemas/${name}`);
    expect([check(json), check.errors]).toEqual([true, null]);
  }
});

test('what changes unmonitored is no news', async () => {
  const id = await box.hire(ada);
  const hook = await subscribe({ monitorFields: ['lastName'] });
  await box.control('POST', `/people/${id}/rename`, { preferredName: 'Addie' });
  await box.control('POST', `/people/${id}/rename`, { lastName: 'Hill' });
  const [first] = await receiver.until(1);
  expect(first?.json.data.changedFields).toEqual(['lastName']);
  expect(await log(hook)).toHaveLength(1);
});

test('a dated change fires when it takes effect, not when it is entered', async () => {
  const id = await box.hire(ada);
  const hook = await subscribe();
  await box.control('POST', `/people/${id}/move`, { department: 'Legal', date: '2026-11-04' });
  await box.control('POST', `/people/${id}/terminate`, { date: '2026-11-10' });
  expect(await log(hook)).toEqual([]);
  await box.advance('P2D');
  expect((await receiver.until(1))[0]?.json.data.changedFields).toEqual(['department']);
  await box.advance('P7D');
  expect((await receiver.until(2))[1]?.json.data.changedFields).toEqual(['status']);
});

describe('field-based', () => {
  const legacy = { events: undefined, postFields: { firstName: 'First Name', 4: 'Team' } };

  test('has the values by the names that the creator gave', async () => {
    const id = await box.hire(ada);
    await subscribe(legacy);
    await box.control('POST', `/people/${id}/move`, { department: 'Legal' });
    expect((await receiver.until(1))[0]?.json).toEqual({
      employees: [
        {
          id,
          action: 'Updated',
          timestamp: expect.any(String),
          changedFields: ['Team'],
          fields: { 'First Name': 'Ada', Team: 'Legal' },
        },
      ],
    });
    await box.control('DELETE', `/people/${id}`);
    expect((await receiver.until(2))[1]?.json.employees[0]).toMatchObject({
      action: 'Deleted',
      changedFields: [],
      fields: {},
    });
  });

  test('by switch, values are wrapped, and several people share a body', async () => {
    await box.control('POST', '/switches', { webhookFieldValues: 'wrapped', webhookBatch: 10 });
    const ids = [await box.hire(ada), await box.hire({ firstName: 'Eve', department: 'Sales' })];
    for (const id of ids) await box.control('POST', `/people/${id}/move`, { department: 'Legal', date: '2026-11-03' });
    await subscribe(legacy);
    await box.advance('P1D');
    const { employees } = (await receiver.until(1))[0]?.json ?? {};
    expect(employees.map(({ id }: { id: string }) => id)).toEqual(ids);
    expect(employees[1].fields.Team).toEqual({ value: 'Legal' });
  });

  test('as a form, in the way of PHP', async () => {
    const id = await box.hire(ada);
    await subscribe({ ...legacy, format: 'form-encoded' });
    await box.control('POST', `/people/${id}/rename`, { firstName: 'Adele' });
    const { text, headers } = (await receiver.until(1))[0]!;
    const form = new URLSearchParams(text);
    expect(headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(form.get(`employees[${id}][changedFields][0]`)).toBe('First Name');
    expect(form.get(`employees[${id}][fields][First Name]`)).toBe('Adele');
  });
});

describe('a receiver in trouble', () => {
  const attempts = async (): Promise<number[]> =>
    (await box.control('GET', '/bamboohr/deliveries')).deliveries.map((each: { attempts: number }) => each.attempts);

  test('is tried five times more after 5xx, by the schedule that the factor compresses', async () => {
    await box.control('POST', '/switches', { webhookRetryFactor: 100_000 });
    const hook = await subscribe({ events: ['employee.deleted'], monitorFields: undefined });
    const id = await box.hire(ada);
    receiver.state.status = 503;
    await box.control('DELETE', `/people/${id}`);
    await receiver.until(6);
    expect(await log(hook)).toMatchObject([{ lastSuccess: 'Webhook Not Found', employeeIds: [id] }]);
    expect((await log(hook))[0].lastAttempted).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  });

  test('is tried again when the clock gets there', async () => {
    const hook = await subscribe({ events: ['employee.created'], monitorFields: undefined });
    receiver.state.status = 500;
    await box.hire(ada);
    await receiver.until(1);
    while ((await attempts()).length === 0) await new Promise(setImmediate);
    receiver.state.status = 200;
    await box.advance('PT5M');
    await receiver.until(2);
    while ((await log(hook))[0].statusCode !== '200') await new Promise(setImmediate);
    expect(await attempts()).toEqual([2]);
  });

  test('by switch, is tried again at once, and then with some seconds more than the schedule says', async () => {
    await box.control('POST', '/switches', { webhookRetries: 'from-at-once', webhookRetryFactor: 1_000 });
    await subscribe({ events: ['employee.created'], monitorFields: undefined });
    receiver.state.status = 500;
    await box.hire(ada);
    await receiver.until(2);
    expect((await box.control('GET', '/bamboohr/deliveries')).pending).toBe(1);
  });

  test('that is slow counts as one that is not there', async () => {
    await box.control('POST', '/switches', { webhookTimeoutSeconds: 1, webhookRetryNetworkErrors: false });
    const hook = await subscribe({ events: ['employee.created'], monitorFields: undefined });
    receiver.state.status = 0;
    await box.hire(ada);
    await receiver.until(1);
    while ((await attempts()).length === 0) await new Promise(setImmediate);
    expect((await log(hook))[0].statusCode).toBe('0');
  });

  test.each([
    ['verify', '0'],
    ['any', '404'],
  ])('whose certificate nobody knows: with webhookTls=%s the status is %s', async (webhookTls, statusCode) => {
    const { sandbox } = await openSandbox({ https: true });
    await box.control('POST', '/switches', { webhookTls, webhookRetryNetworkErrors: false });
    const url = `${sandbox.url}/nobody`;
    const hook = await subscribe({ events: ['employee.created'], monitorFields: undefined, url });
    await box.hire(ada);
    while ((await attempts()).length === 0) await new Promise(setImmediate);
    expect((await log(hook))[0].statusCode).toBe(statusCode);
  });

  test('is not tried again after 4xx', async () => {
    await box.control('POST', '/switches', { webhookRetryFactor: 1_000_000 });
    await subscribe({ events: ['employee.created'], monitorFields: undefined });
    receiver.state.status = 410;
    await box.hire(ada);
    while ((await attempts()).length === 0) await new Promise(setImmediate);
    const { pending, deliveries } = await box.control('GET', '/bamboohr/deliveries');
    expect([pending, deliveries[0].statusCode, deliveries[0].nextAttempt]).toEqual([0, '410', null]);
  });

  test('that is not there counts as status 0', async () => {
    await box.control('POST', '/switches', { webhookRetryNetworkErrors: false });
    const hook = await subscribe({
      events: ['employee.created'],
      monitorFields: undefined,
      url: 'http://127.0.0.1:9/x',
    });
    await box.hire(ada);
    while ((await attempts()).length === 0) await new Promise(setImmediate);
    expect((await log(hook))[0].statusCode).toBe('0');
  });
});

describe('permissions', () => {
  test('a webhook stops when its creator is deactivated; a global one does not', async () => {
    const id = await box.hire(ada);
    await subscribe();
    const { privateKey } = await box.control('POST', '/bamboohr/webhooks', {
      name: 'Global',
      url: receiver.url,
      format: 'json',
      events: ['employee.deleted'],
    });
    const [owner] = (await box.control('GET', '/bamboohr/keys')).keys;
    await box.control('POST', `/bamboohr/keys/${owner.id}`, { enabled: false });
    receiver.state.key = privateKey;
    await box.control('DELETE', `/people/${id}`);
    expect((await receiver.until(1))[0]?.json.type).toBe('employee.deleted');
    expect((await box.control('GET', '/bamboohr/deliveries')).pending).toBe(0);
  });

  test.each([
    ['drop-event', [['lastName']]],
    ['drop-field', [['firstName'], ['lastName']]],
  ])('a change of a field that the creator may not see: %s', async (webhookHiddenFields, told) => {
    const id = await box.hire(ada);
    await subscribe();
    await box.control('POST', '/switches', { webhookHiddenFields });
    await box.control('POST', '/profile', { hiddenFields: ['workEmail'] });
    await box.control('POST', `/people/${id}/rename`, { firstName: 'Adele', workEmail: 'adele@acme.example' });
    await box.control('POST', `/people/${id}/rename`, { lastName: 'Hill' });
    const bodies = await receiver.until(told.length);
    expect(bodies.map(({ json }) => json.data.changedFields).sort()).toEqual(told);
  });

  test('created and deleted ignore them', async () => {
    const id = await box.hire(ada);
    await box.control('POST', '/profile', { hiddenEmployees: [id] });
    await subscribe();
    await box.control('POST', `/people/${id}/rename`, { lastName: 'Hill' });
    await box.control('DELETE', `/people/${id}`);
    expect((await receiver.until(1)).map(({ json }) => json.type)).toEqual(['employee.deleted']);
  });
});

test('the company itself is news too', async () => {
  await subscribe({ events: ['company.updated'], monitorFields: undefined });
  await box.control('POST', '/bamboohr/company', { displayName: 'Acme & Sons' });
  expect((await receiver.until(1))[0]?.json).toMatchObject({ type: 'company.updated', data: {} });
});
