import { OPERATIONS } from '../../src/bamboohr/operations.js';
import { checkAt, operations, type DocumentedOperation } from '../openapi/document.js';
import { EXCEPTIONS, type Exception } from '../openapi/exceptions.js';
import { findingsOf, unexplained } from '../openapi/conformance.js';
import { ada, openSandbox, type OpenSandbox, type Reply } from '../harness.js';

let box: OpenSandbox;
beforeAll(async () => {
  box = await openSandbox({ switches: { webhookPlainHttp: true } }, { keep: true });
  await box.hire(ada);
});
afterAll(() => box.sandbox.stop());

const versionless = (path: string): string => path.replace(/^\/api\//, '/');

/** A path that leads somewhere, where it can. */
const filled = ({ path }: DocumentedOperation): string =>
  versionless(path)
    .replace('{datasetName}', 'employee')
    .replace('{table}', 'jobInfo')
    .replace('{size}', 'small')
    .replace(/\{\w+\}/g, '1');

const call = (operation: DocumentedOperation, headers: Record<string, string> = {}): Promise<Reply> =>
  box.bamboo(filled(operation), {
    method: operation.method,
    headers: { ...(operation.method !== 'GET' && { 'content-type': 'application/json' }), ...headers },
    ...(operation.method !== 'GET' && { body: {} }),
  });

const messageOf = ({ headers }: Reply): unknown => headers['x-bamboohr-error-message'];

const named = operations.map((operation): [string, DocumentedOperation] => [operation.spec.operationId, operation]);

describe('every operation of the excerpt', () => {
  test.each(named)('%s is served', async (_, operation) => {
    const reply = await call(operation);
    expect(messageOf(reply)).not.toBe('Not found');
    expect(reply.status).not.toBe(405);
  });
});

test('nothing is served that the document lacks, but what was seen', () => {
  const documented = new Set(
    operations.map(({ method, path }) => `${method} ${path.replace(/^\/api\/v\d(_\d)?/, '').replace(/\{\w+\}/g, '*')}`),
  );
  const served = Object.keys(OPERATIONS).map((route) => [route, route.replace(/:\w+/g, '*')] as const);
  expect(served.filter(([, shape]) => !documented.has(shape)).map(([route]) => route)).toEqual([
    'DELETE /employees/:id',
  ]);
});

describe('scopes', () => {
  const tokenFor = async (scope: string): Promise<string> => {
    const client = await box.control('POST', '/bamboohr/clients', { redirectUris: ['https://app.example/'] });
    const { code } = await box.control('POST', '/bamboohr/codes', { clientId: client.clientId, scope });
    const reply = await fetch(`${box.sandbox.bamboohr.url}/token.php`, {
      method: 'POST',
      body: new URLSearchParams({
        client_id: client.clientId,
        client_secret: client.clientSecret,
        grant_type: 'authorization_code',
        code,
        redirect_uri: 'https://app.example/',
      }),
    });
    return ((await reply.json()) as { access_token: string }).access_token;
  };
  const REFUSED = 'You do not have access to this resource';

  test.each(named)('%s is opened by those that the document lists, and by no other', async (_, operation) => {
    const listed = (operation.spec.security ?? []).flatMap((each) => each['oauth'] ?? []);
    for (const scope of listed) {
      const reply = await call(operation, { authorization: `Bearer ${await tokenFor(scope)}` });
      expect([scope, messageOf(reply)]).not.toEqual([scope, REFUSED]);
    }
    const other = await call(operation, { authorization: `Bearer ${await tokenFor('benefit')}` });
    expect([other.status, messageOf(other)]).toEqual([403, REFUSED]);
  });
});

describe('the check itself', () => {
  const exchange = { method: 'GET', path: '/api/v1/company_information', contentType: 'application/json' };

  test.each([
    [{ ...exchange, status: 200, text: '{"legalName":7}' }, 'schema: /legalName must be string'],
    [{ ...exchange, status: 200, text: '{"legalName":' }, 'body: no JSON'],
    [
      { ...exchange, status: 200, text: '<html>', contentType: 'text/html' },
      'type: text/html is not among application/json',
    ],
    [{ ...exchange, status: 403, text: 'no', contentType: 'text/html' }, 'body: none is documented'],
    [{ ...exchange, status: 418, text: '' }, 'status: 418'],
    [{ ...exchange, path: '/api/v1/horoscopes', status: 200, text: '' }, 'operation: none is documented, 200'],
  ])('finds what is wrong with %j', (wrong, finding) => {
    expect(findingsOf(wrong).findings).toEqual([finding]);
    expect(unexplained(wrong)).toHaveLength(1);
  });

  test('the document is a check of webhook bodies too', () => {
    const check = checkAt('/components/schemas/EmployeeUpdatedWebhookPayload');
    expect(check({ type: 'employee.updated', timestamp: '2026-11-02T09:00:00Z', data: { changedFields: 'x' } })).toBe(
      false,
    );
  });
});

test('every exception is needed', async () => {
  const used = new Set<Exception>();
  const json = { 'content-type': 'application/json' };
  const ask = async (method: string, path: string, body?: object): Promise<void> => {
    const { status, text, headers } = await box.bamboo(path, { method, ...(body && { body, headers: json }) });
    const contentType = String(headers['content-type'] ?? '');
    const bare = path.split('?')[0] ?? '';
    unexplained({ method, path: `/api${bare}`, status, text, contentType }, (each) => used.add(each));
  };
  await ask('POST', '/v1/employees', { firstName: 'E', lastName: 'E' });
  await ask('POST', '/v1/employees', { firstName: 'E', lastName: 'E', starSign: 'Leo' });
  await ask('DELETE', '/v1/employees/2');
  await ask('GET', '/v1/horoscopes');
  await ask('POST', '/v1/reports/custom?format=json', { fields: ['homeEmail'] });
  await ask('GET', '/v1/meta/lists');
  await ask('GET', '/v1/datasets/payroll/fields');
  await ask('POST', '/v1/datasets/employee', { fields: ['eeid'], groupBy: ['status'] });
  await ask('POST', '/v2/datasets/employee/data', { fields: ['middleName'] });
  await ask('POST', '/v2/datasets/employee/data', { fields: [] });
  await ask('POST', '/v1/training/record/employee/1', { completed: '2026-11-02', type: 2 });
  await box.control('POST', '/switches', { emptyChangesAsArray: true });
  await ask('GET', '/v1/employees/changed?since=2027-01-01T00:00:00Z');
  await box.control('POST', '/profile', { readOnly: true });
  await ask('POST', '/v1/training/type', { name: 'X' });
  await box.control('POST', '/switches', { bamboohrRatePerMinute: 1 });
  await ask('GET', '/v1/meta/users');
  await ask('GET', '/v1/meta/users');
  expect(EXCEPTIONS.filter((exception) => !used.has(exception)).map(({ why }) => why)).toEqual([]);
});
