import { Client } from 'undici';
import type { SandboxAddress } from '@portico/sandbox';

/** As many as Portico reads at once. */
const PORTALS_AT_ONCE = 4;
/** What policy uses, and what proves an employment. */
const FIELDS = [
  'department',
  'firstName',
  'lastName',
  'workEmail',
  'status',
  'employmentHistoryStatus',
  'hireDate',
  'originalHireDate',
  'terminationDate',
];

const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

const readReport = async ({ url, apiKey }: SandboxAddress['bamboohr']): Promise<number> => {
  const { origin, pathname } = new URL(url);
  const client = new Client(origin);
  const answer = await client.request({
    method: 'POST',
    path: `${pathname}/api/v1/reports/custom?format=JSON&onlyCurrent=true`,
    headers: {
      authorization: basic(apiKey, 'x'),
      'content-type': 'application/json',
      accept: 'application/json',
    },
    body: JSON.stringify({ title: 'Bench', fields: FIELDS }),
  });
  const { employees } = (await answer.body.json()) as { employees: readonly unknown[] };
  await client.close();
  return employees.length;
};

const readPages = async ({ url, username, password }: SandboxAddress['learnupon'][number]): Promise<number> => {
  const { origin, pathname } = new URL(url);
  const client = new Client(origin);
  const headers = { authorization: basic(username, password), accept: 'application/json' };
  let users = 0;
  for (let page = 1; ; page += 1) {
    const path = `${pathname}/api/v1/users?version_id=1.2&page=${page}`;
    const answer = await client.request({ method: 'GET', path, headers });
    const found = ((await answer.body.json()) as { user: readonly unknown[] }).user.length;
    users += found;
    if (found === 0 || answer.headers['lu-has-next-page'] !== 'true') break;
  }
  await client.close();
  return users;
};

export interface QuietFloor {
  readonly seconds: number;
  readonly reportSeconds: number;
  readonly pagesSeconds: number;
}

/** The same report and the same pages, fetched and parsed by a client that does nothing else with them. */
export const readVendorsPlainly = async ({ bamboohr, learnupon }: SandboxAddress): Promise<QuietFloor> => {
  const began = performance.now();
  await readReport(bamboohr);
  const reportSeconds = (performance.now() - began) / 1_000;
  const portals = learnupon.values();
  const reader = async () => {
    for (const portal of portals) await readPages(portal);
  };
  await Promise.all(Array.from({ length: PORTALS_AT_ONCE }, reader));
  const seconds = (performance.now() - began) / 1_000;
  return { seconds, reportSeconds, pagesSeconds: seconds - reportSeconds };
};
