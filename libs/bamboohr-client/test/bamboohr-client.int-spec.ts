import { startSandbox } from '@portico/sandbox';
import { createBambooHrClient } from '../src/index.js';
import { bambooHrClientSuite } from './bamboohr-client.suite.js';

const sandboxAccount = async (baseUrlOf: (url: string, company: string) => string) => {
  const sandbox = await startSandbox({ employees: 40, portals: 1, seed: 5 });
  const { company, apiKey, url } = sandbox.bamboohr;
  return { options: { company, apiKey, baseUrl: baseUrlOf(url, company) }, close: () => sandbox.stop(), sandbox };
};

bambooHrClientSuite({ name: "the sandbox, by the company's own host", open: () => sandboxAccount((url) => url) });
bambooHrClientSuite({
  name: 'the sandbox, by the gateway',
  open: () => sandboxAccount((url, company) => `${new URL(url).origin}/api/gateway.php/${company}`),
});

const { BAMBOOHR_COMPANY: company, BAMBOOHR_API_KEY: apiKey } = process.env;
if (company && apiKey) {
  bambooHrClientSuite({
    name: `the account ${company}`,
    open: () => Promise.resolve({ options: { company, apiKey }, close: () => Promise.resolve() }),
  });
}

test('a person hidden from the key is hidden, not absent', async () => {
  const { options, close, sandbox } = await sandboxAccount((url) => url);
  const client = createBambooHrClient(options);
  const [first] = (await client.readAll({ fields: ['firstName'] })).rows;
  await fetch(`${sandbox.control}/profile`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ hiddenEmployees: [first?.employeeId] }),
  });
  expect(await client.readEmployee(first?.employeeId ?? '', ['firstName'])).toEqual({ outcome: 'hidden' });
  await client.close();
  await close();
});
