import { join } from 'node:path';
import { readFileSync, writeFileSync } from 'node:fs';
import { eventually } from '@portico/testing';
import { repository, SERVICE_NAMES, type LocalPortico } from '../src/local-portico.js';
import { runToEnd } from '../src/managed-process.js';
import { openCompany, refusal, startPortico, type Company } from './company.js';

let local: LocalPortico;
const companies: Company[] = [];
const open = async (tenant: string): Promise<Company> => {
  const company = await openCompany(local, tenant);
  companies.push(company);
  return company;
};
beforeAll(async () => {
  local = await startPortico();
});
afterAll(async () => {
  await local.stop();
  await Promise.all(companies.map(({ sandbox }) => sandbox.stop()));
});

/** Until `portico status` says so. */
const untilStatus = ({ portico }: Company, sentence: RegExp): Promise<string> =>
  eventually(
    `portico status to say ${sentence}`,
    async () => {
      const said = await portico('status');
      return sentence.test(said) ? said : undefined;
    },
    { timeoutMs: 30_000 },
  );

describe('a realm file with faults', () => {
  let company: Company;
  let untouched: string;
  beforeAll(async () => {
    company = await open('files');
    await company.apply();
    untouched = readFileSync(company.realmFile, 'utf8');
  });
  afterEach(async () => {
    // Whatever was wrong, the realm of before is in force, and the same file has nothing to change.
    company.editRealm(() => untouched);
    expect(await company.apply()).toContain('nothing to change (version 1 is stored)');
  });

  it.each<[string, string, string, readonly string[]]>([
    ['that is no YAML', 'timeZone: UTC', 'timeZone: "UTC', [':3:']],
    [
      'with a rule that is no CEL',
      'department == "Sales"',
      'department === "Sales"',
      [':24:7: learnupon.portals.sales.audience: unexpected = (at character 14); write == to compare'],
    ],
    [
      'for a pool that nobody serves',
      'timeZone: UTC',
      'timeZone: UTC\npool: moon',
      [':4:1: pool: nobody serves the pool "moon": take one of shared'],
    ],
  ])('%s is refused, and says where', async (_, sound, faulty, sentences) => {
    company.editRealm((yaml) => {
      expect(yaml).toContain(sound);
      return yaml.replace(sound, faulty);
    });
    const said = await refusal(company.apply());
    expect(said).toMatch(/\d faults?; nothing was applied/);
    for (const sentence of sentences) expect(said).toContain(sentence);
  });

  it('has all of them listed at once, in the order of the file', async () => {
    company.editRealm((yaml) =>
      yaml
        .replace('timeZone: UTC', 'timeZone: Mars/Olympus\npool: moon')
        .replace('title: Academy', 'titel: Academy')
        .replace('onboarding: invite', 'onboarding: mail')
        .replace(/baseUrl: http(\S+onboarding)/, 'baseUrl: ftp$1'),
    );
    const lines = (await refusal(company.apply())).split('\n').filter((line) => line.includes(company.realmFile));
    expect(lines.map((line) => line.slice(company.realmFile.length))).toEqual([
      ':3:1: timeZone: must be an IANA time zone, such as Europe/Dublin',
      ':4:1: pool: nobody serves the pool "moon": take one of shared',
      expect.stringMatching(/^:\d+:7: learnupon\.portals\.academy\.title: is missing$/),
      expect.stringMatching(/^:\d+:7: learnupon\.portals\.academy\.titel: unknown key/),
      expect.stringMatching(/^:\d+:7: learnupon\.portals\.sales\.onboarding: must be one of create, invite$/),
      expect.stringMatching(
        /^:\d+:7: learnupon\.portals\.onboarding\.baseUrl: must be a URL with http or https, without user, password, query and fragment$/,
      ),
    ]);
  });

  it('with a rule over a field that the account does not have is refused with the nearest name', async () => {
    company.editRealm((yaml) => yaml.replace('department == "Sales"', 'departmnt == "Sales"'));
    const fault = await refusal(company.portico('apply', '-f', company.realmFile, '--dry-run'));
    expect(fault).toMatch(/departmnt.*did you mean "department"\?/);
  });

  it('makes no realm where there was none', async () => {
    const file = join(local.directory, 'nobody.realm.yaml');
    writeFileSync(file, 'tenant: nobody\ntimeZone: UTC\n');
    expect(await refusal(local.cli('apply', '-f', file, '--yes'))).toContain('nothing was applied');
    expect(await refusal(local.cli('status', '--tenant', 'nobody'))).toContain(
      'nobody has no realm yet: apply its realm.yaml',
    );
  });
});

it('a token that is not known is refused, and says what to give', async () => {
  const wrong = join(local.directory, 'wrong-token');
  writeFileSync(wrong, 'no-token-that-anybody-knows');
  expect(await refusal(local.cli('status', '--tenant', 'files', '--token-file', wrong))).toMatch(/token/);
});

it('portals with a wrong key, without a secret and without a portal are kept out; the others converge', async () => {
  const company = await open('portals');
  const { sandbox } = company;
  const nowhere = sandbox.learnupon.find(({ portal }) => portal === 'onboarding')!.url;
  company.writeKeys('sales', { password: 'an old key' });
  company.editRealm((yaml) => yaml.replace(nowhere, `${sandbox.url}/learnupon/nowhere`));
  await company.apply();
  await company.sync('full');

  const status = await company.portico('status');
  expect(status).toMatch(/sales is kept out since .* put the portal's current API keys in the secret "portals-sales"/);
  expect(status).toMatch(
    /onboarding is kept out since .*: there is no portal at its address\. .* correct the portal's baseUrl, which is \S+nowhere, and apply the realm/,
  );
  expect(await company.faults()).toEqual(
    expect.arrayContaining([expect.stringContaining('in sales: neither invited')]),
  );
  expect((await company.faults()).filter((fault) => fault.includes('academy'))).toEqual([]);

  company.removeSecret('sales');
  await untilStatus(company, /secret "portals-sales" is missing: mount a directory \S+portals-sales/);

  // Corrected where it is wrong, and nowhere else: nothing is started again.
  const { username, password } = sandbox.learnupon.find(({ portal }) => portal === 'sales')!;
  company.writeKeys('sales', { username, password });
  company.editRealm((yaml) => yaml.replace(`${sandbox.url}/learnupon/nowhere`, nowhere));
  await company.apply();
  await eventually('every portal to be as wanted', async () => (await company.faults()).length === 0, {
    timeoutMs: 20_000,
  });
  expect(await untilStatus(company, /settled/)).not.toContain('kept out');
});

it('a wrong key of BambooHR is named with its secret, harms nobody, and a right one is taken up', async () => {
  const company = await open('people');
  company.writeKeys('bamboohr', { apiKey: 'an old key' });
  await company.apply();
  expect(await refusal(company.portico('run', '--full', '--wait'))).toMatch(
    /the read of BambooHR failed: .* 401 .*: check the API key in the secret "people-bamboohr"/,
  );
  expect(await company.portico('status')).toMatch(/the last read of BambooHR failed: .*"people-bamboohr"/);

  company.removeSecret('bamboohr');
  await untilStatus(company, /a full read that is waiting: secret "people-bamboohr" is missing: mount a directory/);

  company.writeKeys('bamboohr', { apiKey: company.sandbox.bamboohr.apiKey });
  await company.sync('full');
  expect(await company.portico('status')).not.toContain('the last read');
  expect(await company.faults()).toEqual([]);
});

describe('a service that is started', () => {
  const start = (name: string, env: Readonly<Record<string, string>>) =>
    refusal(
      runToEnd({ name, script: join(repository, 'apps', name, 'dist/main.js'), cwd: local.directory, env }).then(
        ({ stdout }) => stdout,
      ),
    );

  it.each([...SERVICE_NAMES, 'admin-api'])(
    '%s with a wrong configuration says all that is wrong, and ends',
    async (name) => {
      const said = await start(name, { DATABASE_URL: 'nonsense', NATS_URL: '', PORT: 'many', LOG_LEVEL: 'loud' });
      expect(said).toContain(`${name} failed (1)`);
      for (const fault of [
        'NATS_URL is missing: write',
        'PORT must be an integer number: write',
        'LOG_LEVEL is no level: write one of',
        name === 'admin-api' ? 'TOKENS_FILE is missing: write' : 'DATABASE_URL is no PostgreSQL URL: write',
      ])
        expect(said).toContain(fault);
      expect(said).not.toContain('nonsense');
    },
  );

  it('with a password that NATS does not know says so in one sentence', async () => {
    const said = await start('realm-policy', {
      DATABASE_URL: local.stack.postgresUrl,
      NATS_URL: local.stack.natsUrl,
      NATS_USER: 'realm-policy',
      NATS_PASSWORD: 'an old password',
      POOLS_AVAILABLE: 'shared',
    });
    expect(said).toContain('realm-policy failed (1)');
    expect(said).toMatch(/realm-policy can't start: NATS at \S+: .*; check NATS_USER and NATS_PASSWORD/);
    expect(said).not.toMatch(/^ +at |an old password/m);
  });
});
