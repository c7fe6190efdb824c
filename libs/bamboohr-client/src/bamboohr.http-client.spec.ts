import { against, failed, KEY, noRoster } from '../test/against.js';
import type { ScriptedAnswer } from '../test/scripted-server.js';
import { createBambooHrClient, type BambooHrError, type CallRecord } from './index.js';

const reportOf = (fields: string[], employees: object[]): ScriptedAnswer => ({
  body: { title: 'Portico', fields: fields.map((id) => ({ id, type: 'text', name: id })), employees },
});

describe('readAll', () => {
  it('asks as BambooHR wants to be asked', async () => {
    await against(
      ({ method }) => (method === 'GET' ? noRoster : reportOf(['firstName'], [])),
      async (client, server) => {
        await client.readAll({ fields: ['firstName', 'firstName'] });
        const [, report] = server.seen;
        expect(report).toMatchObject({ method: 'POST', url: '/api/v1/reports/custom?format=JSON&onlyCurrent=true' });
        expect(report?.headers).toMatchObject({
          accept: 'application/json',
          'content-type': 'application/json',
          authorization: `Basic ${Buffer.from(`${KEY}:x`).toString('base64')}`,
        });
        expect(JSON.parse(report?.body ?? '')).toEqual({ title: 'Portico', fields: ['firstName'] });
      },
    );
  });

  it('normalises every way of saying "not set", and tells unknown from empty', async () => {
    const fields = ['firstName', 'department', 'hireDate', 'isPhotoUploaded', 'teams', 'payScheduleId'];
    const employees = [
      { id: '4', firstName: 'Ada', department: null, hireDate: '0000-00-00', isPhotoUploaded: true, teams: [] },
      { id: 5, firstName: '', hireDate: '2026-01-12', isPhotoUploaded: 'false', teams: ['A', 'B'], payScheduleId: 7 },
    ];
    await against(
      ({ method }) => (method === 'GET' ? { body: { data: [], meta: { total: 2 } } } : reportOf(fields, employees)),
      async (client) => {
        expect(await client.readAll({ fields: [...fields, 'secretField'] })).toEqual({
          rows: [
            {
              employeeId: '4',
              values: { firstName: 'Ada', department: null, hireDate: null, isPhotoUploaded: 'true', teams: null },
            },
            {
              employeeId: '5',
              values: {
                firstName: null,
                hireDate: '2026-01-12',
                isPhotoUploaded: 'false',
                teams: 'A, B',
                payScheduleId: '7',
              },
            },
          ],
          requestedFields: [...fields, 'secretField'],
          returnedFields: fields,
          ambiguousIds: 0,
          rosterTotal: 2,
        });
      },
    );
  });

  it('asks for more than 400 fields in batches and merges them on the id', async () => {
    const fields = Array.from({ length: 401 }, (_, index) => `custom${index}`);
    await against(
      ({ method, body }) => {
        if (method === 'GET') return noRoster;
        const asked = (JSON.parse(body) as { fields: string[] }).fields;
        if (asked.length > 400) return { status: 400 };
        const row = Object.fromEntries(asked.map((field) => [field, field]));
        return reportOf(asked, [{ id: '1', ...row }, ...(asked.length === 400 ? [{ id: '2', ...row }] : [])]);
      },
      async (client) => {
        const { rows, returnedFields } = await client.readAll({ fields });
        expect(returnedFields).toHaveLength(401);
        expect(rows.map(({ values }) => Object.keys(values).length)).toEqual([401, 400]);
      },
    );
  });

  it('reads a name that no database can hold as one that it can', async () => {
    const people = [
      { id: '1', firstName: 'A\u0000da' },
      { id: '2', firstName: 'Cut \ud83d' },
    ];
    await against(
      ({ method }) => (method === 'GET' ? noRoster : reportOf(['firstName'], people)),
      async (client) => {
        const { rows: read } = await client.readAll({ fields: ['firstName'] });
        expect(read.map(({ values }) => values['firstName'])).toEqual(['Ada', 'Cut \ufffd']);
      },
    );
  });

  it('counts people who come twice with different values', async () => {
    const employees = [
      { id: '1', job: 'A' },
      { id: '1', job: 'B' },
      { id: '2', job: 'A' },
      { id: '2', job: 'A' },
    ];
    await against(
      ({ method }) => (method === 'GET' ? noRoster : reportOf(['job'], employees)),
      async (client) => expect(await client.readAll({ fields: ['job'] })).toMatchObject({ ambiguousIds: 1 }),
    );
  });

  it('finds a field that was asked for by its number', async () => {
    await against(
      ({ method }) => (method === 'GET' ? noRoster : reportOf(['4340.4', 'extra'], [{ id: '1', '4340.4': 'x' }])),
      async (client) => {
        const read = await client.readAll({ fields: ['4340'] });
        expect(read).toMatchObject({ returnedFields: ['4340'], rows: [{ values: { '4340': 'x' } }] });
      },
    );
  });
});

describe('readChanged', () => {
  it.each([
    ['a map', { '3': { id: '3', action: 'Deleted', lastChanged: '2026-03-02T10:00:00+00:00' } }, 1],
    ['an empty list for an empty map', [], 0],
  ])('reads %s', async (_, employees, count) => {
    await against(
      () => ({ body: { latest: '2026-03-02T10:00:00+00:00', employees } }),
      async (client, server) => {
        const feed = await client.readChanged('2026-03-02T09:59:59+00:00');
        expect(feed.latest).toBe('2026-03-02T10:00:00+00:00');
        expect(feed.changes).toHaveLength(count);
        expect(server.seen[0]?.url).toBe('/api/v1/employees/changed?since=2026-03-02T09%3A59%3A59%2B00%3A00');
      },
    );
  });

  it('takes an action that it does not know for an update', async () => {
    const employees = { '3': { action: 'Merged', lastChanged: '2026-03-02T10:00:00Z' } };
    await against(
      () => ({ body: { employees } }),
      async (client) => {
        expect((await client.readChanged('2026-03-02T00:00:00Z')).changes).toEqual([
          { employeeId: '3', action: 'updated', at: '2026-03-02T10:00:00Z' },
        ]);
      },
    );
  });
});

describe('readEmployee', () => {
  it.each([
    [200, 'found'],
    [403, 'hidden'],
    [404, 'absent'],
  ])('%d is %s', async (status, outcome) => {
    await against(
      () => (status === 200 ? { body: { id: '8', terminationDate: '0000-00-00' } } : { status }),
      async (client) => expect(await client.readEmployee('8', ['terminationDate'])).toMatchObject({ outcome }),
    );
  });

  it('leaves out what the answer leaves out', async () => {
    await against(
      () => ({ body: { id: '8', firstName: 'Ada' } }),
      async (client) =>
        expect(await client.readEmployee('8', ['firstName', 'hireDate'])).toEqual({
          outcome: 'found',
          row: { employeeId: '8', values: { firstName: 'Ada' } },
        }),
    );
  });

  it.each(['0', '../1', '1?x', ''])('refuses the id "%s"', async (id) => {
    await against(
      () => ({}),
      async (client, server) => {
        await expect(client.readEmployee(id, ['firstName'])).rejects.toThrow(RangeError);
        expect(server.seen).toEqual([]);
      },
    );
  });
});

it('reads employment rows, without those that have no date', async () => {
  const rows = [
    { id: '1', date: '0000-00-00', employmentStatus: 'Full-Time' },
    { id: '2', date: '2026-02-01', employmentStatus: 'Terminated', comment: '' },
  ];
  await against(
    ({ url }) => (url.includes('/9/') ? { status: 404 } : { body: rows }),
    async (client) => {
      expect(await client.readEmploymentRows('8')).toEqual([{ date: '2026-02-01', status: 'Terminated' }]);
      expect(await client.readEmploymentRows('9')).toBeUndefined();
    },
  );
});

describe('failures', () => {
  const future = new Date(Date.now() + 60_000).toUTCString();
  it.each<[string, ScriptedAnswer, Partial<BambooHrError>]>([
    ['a wrong key', { status: 401 }, { kind: 'permanent', code: 'unauthorised', status: 401 }],
    ['no access', { status: 403 }, { kind: 'permanent', code: 'forbidden' }],
    ['too many fields', { status: 400 }, { kind: 'permanent', code: 'refused' }],
    ['a limit of today', { status: 429, headers: { 'retry-after': '7' } }, { kind: 'retry-after', retryAfterMs: 7000 }],
    [
      'a limit of before',
      { status: 503, headers: { 'retry-after': '7' } },
      { kind: 'retry-after', retryAfterMs: 7000 },
    ],
    ['a pause that is too long', { status: 429, headers: { 'retry-after': '86400' } }, { retryAfterMs: 900_000 }],
    ['a limit without a pause', { status: 429 }, { kind: 'retry', code: 'rate-limited' }],
    ['a pause that is none', { status: 429, headers: { 'retry-after': 'soon' } }, { kind: 'retry' }],
    ['a fault of the server', { status: 598 }, { kind: 'retry', code: 'unavailable' }],
    ['another place', { status: 302, headers: { location: '/login' } }, { kind: 'permanent', code: 'malformed' }],
    ['a page', { body: '<html>login</html>' }, { kind: 'permanent', code: 'malformed' }],
    ['nothing', {}, { kind: 'permanent', code: 'malformed' }],
    ['something else', { body: [] }, { kind: 'permanent', code: 'malformed' }],
    [
      'a limit inside a 200',
      { body: { error: { code: 429, message: 'Over rate limit' } }, headers: { 'retry-after': '60' } },
      { kind: 'retry-after', code: 'rate-limited', retryAfterMs: 60_000 },
    ],
  ])('%s', async (_, answer, expected) => {
    await against(
      () => answer,
      async (client) => expect(await failed(client.readChanged('2026-03-02T00:00:00Z'))).toMatchObject(expected),
    );
  });

  it('takes a pause as a date', async () => {
    await against(
      () => ({ status: 503, headers: { 'retry-after': future } }),
      async (client) => {
        const { retryAfterMs = 0 } = await failed(client.readChanged('2026-03-02T00:00:00Z'));
        expect(retryAfterMs).toBeGreaterThan(50_000);
        expect(retryAfterMs).toBeLessThanOrEqual(60_000);
      },
    );
  });

  it('says what BambooHR says, once, without persons and keys', async () => {
    const said = 'Duplicate email, Duplicate email';
    const headers = {
      'x-bamboohr-error-message': said,
      'x-bamboohr-error-messsage': said,
      'x-bamboohr-message': 'ada@acme.example is taken',
    };
    await against(
      () => ({ status: 409, headers }),
      async (client) => {
        const error = await failed(client.readChanged('2026-03-02T00:00:00Z'));
        expect(error.message).toContain('with 409 (Duplicate email, … is taken)');
        expect(JSON.stringify({ ...error, message: error.message, stack: error.stack })).not.toContain(KEY);
      },
    );
  });

  it('does not quote a body that it cannot read', async () => {
    await against(
      () => ({ body: 'Ada Moss', headers: { 'content-type': 'application/json' } }),
      async (client) => {
        const error = await failed(client.readChanged('2026-03-02T00:00:00Z'));
        expect(`${error.message}${String(error.cause)}`).not.toContain('Ada');
      },
    );
  });

  it('gives up when there is no answer in time, or no server', async () => {
    await against(
      () => ({ hang: true }),
      async (client) =>
        expect(await failed(client.readChanged('2026-03-02T00:00:00Z'))).toMatchObject({
          kind: 'retry',
          code: 'timeout',
        }),
      { timeoutMs: 50 },
    );
    const nowhere = createBambooHrClient({ company: 'acme', baseUrl: 'http://127.0.0.1:1', apiKey: KEY });
    expect(await failed(nowhere.readChanged('2026-03-02T00:00:00Z'))).toMatchObject({ code: 'unreachable' });
    await nowhere.close();
  });

  it('stops when told', async () => {
    const controller = new AbortController();
    await against(
      () => {
        controller.abort();
        return { hang: true };
      },
      async (client) => {
        const read = client.readAll({ fields: ['firstName'], signal: controller.signal });
        expect(await failed(read)).toMatchObject({ code: 'cancelled' });
      },
    );
  });

  it('refuses a company that could be another host', () => {
    for (const company of ['acme.example', 'acme/..', 'a@b', '', 'evil.com#']) {
      expect(() => createBambooHrClient({ company, apiKey: KEY })).toThrow(RangeError);
    }
  });
});

it('counts its calls', async () => {
  const calls: CallRecord[] = [];
  await against(
    ({ method }) => (method === 'GET' ? noRoster : reportOf(['firstName'], [])),
    async (client) => {
      await client.readAll({ fields: ['firstName'] });
      expect(calls).toMatchObject([
        { operation: 'GET employees', status: 403 },
        { operation: 'POST reports/custom', status: 200 },
      ]);
    },
    { onCall: (call) => calls.push(call) },
  );
});
