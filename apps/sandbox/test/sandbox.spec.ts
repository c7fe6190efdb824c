import { parseOptions } from '../src/options.js';
import { run } from '../src/run.js';
import { startSandbox, type SandboxAddress } from '../src/index.js';
import { ask, basic, MONDAY, openSandbox } from './harness.js';

test('a seed makes the same company, another seed another one', async () => {
  const peopleOf = async (seed: number): Promise<string> => {
    const box = await openSandbox({ employees: 300, seed });
    const { text } = await ask(`${box.sandbox.control}/people`);
    return text;
  };
  const first = await peopleOf(3);
  expect(await peopleOf(3)).toBe(first);
  expect(await peopleOf(4)).not.toBe(first);
});

test('a company has what its readers trip over', async () => {
  const box = await openSandbox({ employees: 500 });
  const fields = [
    'workEmail',
    'homeEmail',
    'status',
    'hireDate',
    'preferredName',
    'lastName',
    'department',
    'terminationDate',
  ];
  const rows: Record<string, string | null>[] = (await box.report(fields)).json.employees;
  const some = (matches: (row: Record<string, string | null>) => unknown): boolean =>
    rows.some(matches) && !rows.every(matches);
  expect(rows).toHaveLength(500);
  expect(some(({ status }) => status === 'Inactive')).toBe(true);
  expect(some(({ hireDate }) => (hireDate ?? '') > '2026-11-02')).toBe(true);
  expect(some(({ terminationDate, status }) => status === 'Active' && terminationDate !== '0000-00-00')).toBe(true);
  expect(some(({ workEmail }) => workEmail === null)).toBe(true);
  expect(some(({ preferredName }) => preferredName !== null)).toBe(true);
  expect(some(({ lastName }) => /[^\p{Script=Latin}' -]/u.test(lastName ?? ''))).toBe(true);
  const emails = rows.flatMap(({ workEmail }) => workEmail ?? []);
  expect(new Set(emails).size).toBe(emails.length);
});

test.each([
  [{ portals: 0 }, /at least one/],
  [{ portals: [{ portal: 'No Such' }] }, /no subdomain/],
  [{ portals: [{ portal: 'a' }, { portal: 'a' }] }, /name of its own/],
  [{ switches: { listLagSeconds: 0.5 } }, /listLagSeconds/],
])('options %j are refused', async (options, message) => {
  await expect(startSandbox({ employees: 0, portals: 1, seed: 1, ...options })).rejects.toThrow(message);
});

test('two run beside each other; a taken port is an error', async () => {
  const first = await startSandbox({ employees: 1, portals: 1, seed: 1 });
  const port = Number(new URL(first.url).port);
  await expect(startSandbox({ employees: 1, portals: 1, seed: 1, port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  const second = await startSandbox({ employees: 1, portals: 1, seed: 1 });
  await Promise.all([first.stop(), second.stop(), first.stop()]);
});

test('a report of thousands is sent in pieces, and a reader that leaves does no harm', async () => {
  const box = await openSandbox({ employees: 3_000 });
  const left = new AbortController();
  const headers = { authorization: box.key, 'content-type': 'application/json' };
  const body = JSON.stringify({ title: 'T', fields: ['firstName', 'lastName', 'workEmail'] });
  const url = `${box.sandbox.bamboohr.url}/api/v1/reports/custom?format=json`;
  const response = await fetch(url, { method: 'POST', headers, body, signal: left.signal });
  expect(response.headers.get('transfer-encoding')).toBe('chunked');
  await response.body?.getReader().read();
  left.abort();
  expect((await box.report(['firstName'])).json.employees).toHaveLength(3_000);
});

describe('the command', () => {
  test.each([
    [['--employees', 'many'], /--employees is a whole number/],
    [['--portals', '0'], /--portals/],
    [['--rate', '-1'], /--rate|argument/],
    [['--company', 'Acme Ltd'], /--company/],
    [['--port', '70000'], /--port/],
    [['--switch', 'listLagSeconds'], /--switch/],
    [['--colour', 'red'], /--colour/],
  ])('%j is refused', (args, message) => {
    expect(() => parseOptions(args)).toThrow(message);
  });

  test('takes its options', () => {
    expect(parseOptions(['--help'])).toBe('help');
    const switches = ['--switch', 'listLagSeconds=30', '--switch', 'createOnKnownPerson=overwrite'];
    expect(parseOptions(['--employees', '9', '--rate', 'unlimited', '--now', MONDAY, ...switches])).toMatchObject({
      employees: 9,
      switches: { listLagSeconds: 30, createOnKnownPerson: 'overwrite' },
      ratePerMinute: null,
      now: MONDAY,
    });
  });

  test('prints one line of JSON with exactly the addresses and keys', async () => {
    const lines: string[] = [];
    const sandbox = await run(['--employees', '1', '--portals', '1', '--https'], (line) => lines.push(line));
    await sandbox?.stop();
    const text = expect.any(String);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        bamboohr: { url: text, company: text, apiKey: text },
        learnupon: [{ portal: text, name: text, url: text, username: text, password: text }],
        control: text,
        ca: text,
      },
    ]);
  });

  test('a switch of no name or no such value is refused', async () => {
    await expect(run(['--employees', '0', '--switch', 'rain=true'], () => undefined)).rejects.toThrow(/rain/);
  });

  test('prints one line of JSON when it is ready', async () => {
    const lines: string[] = [];
    const sandbox = await run(['--employees', '3', '--portals', '2'], (line) => lines.push(line));
    try {
      const { bamboohr, learnupon, control } = JSON.parse(lines.join('')) as SandboxAddress;
      const headers = { authorization: basic(bamboohr.apiKey, 'x'), accept: 'application/json' };
      expect((await ask(`${bamboohr.url}/api/v1/employees`, { headers })).json.meta.total).toBe(3);
      expect(learnupon).toHaveLength(2);
      expect((await ask(`${control}/clock`)).status).toBe(200);
      const port = new URL(control).port;
      await expect(run(['--port', port], () => undefined)).rejects.toThrow(/--port/);
    } finally {
      await sandbox?.stop();
    }
  });
});
