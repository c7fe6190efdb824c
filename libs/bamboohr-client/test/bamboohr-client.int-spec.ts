import { startSandbox, switchCases, type SandboxOptions } from '@portico/sandbox';
import { createBambooHrClient, type BambooHrClient } from '../src/index.js';
import { bambooHrClientSuite } from './bamboohr-client.suite.js';

const sandboxAccount = async (
  baseUrlOf: (url: string, company: string) => string = (url) => url,
  options: Partial<SandboxOptions> = {},
) => {
  const sandbox = await startSandbox({ employees: 40, portals: 1, seed: 5, ...options });
  const { company, apiKey, url } = sandbox.bamboohr;
  return { options: { company, apiKey, baseUrl: baseUrlOf(url, company) }, close: () => sandbox.stop(), sandbox };
};

bambooHrClientSuite({ name: "the sandbox, by the company's own host", open: () => sandboxAccount() });
bambooHrClientSuite({
  name: 'the sandbox, by the gateway',
  open: () => sandboxAccount((url, company) => `${new URL(url).origin}/api/gateway.php/${company}`),
});

/** What nobody outside knows of BambooHR: the client has to be right either way. */
describe.each(switchCases('bamboohr'))('with $name=$value', ({ name, value }) => {
  bambooHrClientSuite({ name: 'the sandbox', open: () => sandboxAccount(undefined, { switches: { [name]: value } }) });
});

/** `BAMBOOHR_BASE_URL` is for the gateway, or for a server that stands in. */
const { BAMBOOHR_COMPANY: company, BAMBOOHR_API_KEY: apiKey, BAMBOOHR_BASE_URL: baseUrl } = process.env;
if (company && apiKey) {
  bambooHrClientSuite({
    name: `the account ${company}`,
    open: () => Promise.resolve({ options: { company, apiKey, baseUrl }, close: () => Promise.resolve() }),
  });
}

describe('what a sandbox can be brought to', () => {
  let account: Awaited<ReturnType<typeof sandboxAccount>>;
  let client: BambooHrClient;
  beforeEach(async () => {
    account = await sandboxAccount();
    client = createBambooHrClient(account.options);
  });
  afterEach(async () => {
    await client.close();
    await account.close();
  });

  const tell = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${account.sandbox.control}${path}`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    return (await answer.json()) as Record<string, unknown>;
  };
  const firstId = async (): Promise<string> =>
    (await client.readAll({ fields: ['firstName'] })).rows[0]?.employeeId ?? '';

  it('tells a person who is hidden from one who is not there', async () => {
    const id = await firstId();
    await tell('/profile', { hiddenEmployees: [id] });
    expect(await client.readEmployee(id, ['firstName'])).toEqual({ outcome: 'hidden' });
  });

  it('sees that a field went in the middle of a read', async () => {
    // One call counts the roster; the report is the second.
    await tell('/profile', { hiddenFields: ['department'], afterCalls: 1 });
    const { returnedFields } = await client.readAll({ fields: ['firstName', 'department'] });
    expect(returnedFields).toEqual(['firstName']);
  });

  it('counts people whom a field of a table with several rows makes ambiguous', async () => {
    const id = await firstId();
    for (const customCertification of ['First aid', 'Forklift'])
      await tell(`/people/${id}/rows/customCertifications`, { customCertification });
    const { rows, ambiguousIds } = await client.readAll({ fields: ['firstName', 'customCertification'] });
    expect([rows.length, ambiguousIds]).toEqual([40, 1]);
  });

  it.each([
    ['seconds', 429],
    ['date', 503],
  ])('is told to wait, in %s, with %d', async (bamboohrRetryAfter, bamboohrRateStatus) => {
    await tell('/switches', { bamboohrRatePerMinute: 1, bamboohrRateStatus, bamboohrRetryAfter });
    await client.readChanged('2026-01-01T00:00:00Z');
    await expect(client.readChanged('2026-01-01T00:00:00Z')).rejects.toMatchObject({
      code: 'rate-limited',
      kind: 'retry-after',
      retryAfterMs: expect.any(Number),
    });
  });

  it('is refused when the user of its key is disabled, or everybody is locked out', async () => {
    await tell('/switches', { badKeysBeforeLockout: 1 });
    const stranger = createBambooHrClient({ ...account.options, apiKey: '0'.repeat(40) });
    await expect(stranger.readChanged('2026-01-01T00:00:00Z')).rejects.toMatchObject({ code: 'unauthorised' });
    await stranger.close();
    await expect(client.readChanged('2026-01-01T00:00:00Z')).rejects.toMatchObject({ code: 'forbidden' });
  });

  it.each([
    ['not-found', 'not-found'],
    ['page', 'malformed'],
  ])('finds no company of another name: %s', async (wrongCompany, code) => {
    await tell('/switches', { wrongCompany });
    const url = account.options.baseUrl.replace(/[^/]+$/, 'nobody');
    const lost = createBambooHrClient({ ...account.options, company: 'nobody', baseUrl: url });
    await expect(lost.readChanged('2026-01-01T00:00:00Z')).rejects.toMatchObject({ code });
    await lost.close();
  });

  it('follows a month of life in the feed: whoever it names is as the report says, or gone', async () => {
    const before = await client.readAll({ fields: ['lastName', 'workEmail', 'status'] });
    const since = String(((await (await fetch(`${account.sandbox.control}/clock`)).json()) as { now: string }).now);
    await tell('/life', { days: 30, pace: 10 });
    const { changes } = await client.readChanged(since);
    const after = await client.readAll({ fields: ['lastName', 'workEmail', 'status'] });
    const named = new Set(changes.map(({ employeeId }) => employeeId));
    const rowsAfter = new Map(after.rows.map((row) => [row.employeeId, row]));
    for (const row of before.rows)
      if (!named.has(row.employeeId))
        expect(rowsAfter.get(row.employeeId)?.values['lastName']).toBe(row.values['lastName']);
    for (const { employeeId, action } of changes) {
      const found = await client.readEmployee(employeeId, ['lastName', 'workEmail', 'status']);
      expect(found).toEqual(
        action === 'deleted' ? { outcome: 'absent' } : { outcome: 'found', row: rowsAfter.get(employeeId) },
      );
    }
  });
});
