import type { SandboxAddress } from '@portico/sandbox';

/**
 * The vendors' APIs, read plainly and without any of our clients: what the demo and the chaos runs judge by must not
 * share code with what it judges.
 */
export interface Person {
  readonly id: string;
  readonly fields: Readonly<Record<string, string | null>>;
}
export interface Account {
  readonly id: number;
  readonly email: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly enabled: boolean;
  readonly user_type: string;
  readonly CustomData: Readonly<Record<string, string>> | null;
}
export interface Invite {
  readonly id: number;
  readonly invite_email_address: string;
  readonly invite_status: string;
  readonly accept_url: string;
}
export interface PortalContent {
  readonly portal: string;
  readonly accounts: readonly Account[];
  readonly invites: readonly Invite[];
}

const FIELDS = [
  'firstName',
  'lastName',
  'workEmail',
  'department',
  'division',
  'location',
  'jobTitle',
  'employmentHistoryStatus',
  'status',
  'hireDate',
  'terminationDate',
];

const basic = (user: string, password: string) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

const json = async (response: Response): Promise<Record<string, unknown>> => {
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`);
  return (await response.json()) as Record<string, unknown>;
};

const known = (value: unknown): string | null =>
  value === null || value === undefined || value === '' || value === '0000-00-00' ? null : String(value);

/** Everybody in BambooHR, as of the sandbox's today. */
export const readPeople = async ({ bamboohr }: SandboxAddress): Promise<Person[]> => {
  const body = await json(
    await fetch(`${bamboohr.url}/api/v1/reports/custom?format=JSON&onlyCurrent=true`, {
      method: 'POST',
      headers: {
        Authorization: basic(bamboohr.apiKey, 'x'),
        'Content-Type': 'application/json',
        Accept: 'application/json',
      },
      body: JSON.stringify({ title: 'check', fields: FIELDS }),
    }),
  );
  return (body['employees'] as Record<string, unknown>[]).map((row) => ({
    id: String(row['id']),
    fields: Object.fromEntries(FIELDS.map((field) => [field, known(row[field])])),
  }));
};

const readPages = async (url: string, headers: Record<string, string>, key: string): Promise<unknown[]> => {
  const rows: unknown[] = [];
  for (let page = 1; ; page += 1) {
    const response = await fetch(`${url}?page=${page}`, { headers });
    const found = ((await json(response))[key] ?? []) as unknown[];
    rows.push(...found);
    if (found.length === 0 || response.headers.get('LU-Has-Next-Page') !== 'true') return rows;
  }
};

/** All accounts and invites of every portal. */
export const readPortals = (sandbox: SandboxAddress): Promise<PortalContent[]> =>
  Promise.all(
    sandbox.learnupon.map(async ({ portal, url, username, password }) => {
      const headers = { Authorization: basic(username, password), Accept: 'application/json' };
      const [accounts, invites] = await Promise.all([
        readPages(`${url}/api/v1/users`, headers, 'user'),
        readPages(`${url}/api/v1/group_invites`, headers, 'group_invite'),
      ]);
      return { portal, accounts: accounts as Account[], invites: invites as Invite[] };
    }),
  );
