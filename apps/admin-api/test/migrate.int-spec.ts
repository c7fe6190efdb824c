import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeTopology } from '@portico/messaging';
import { testNats, type TestNats } from '@portico/testing';
import { compileApp } from './compile-app.js';

interface Ended {
  readonly code: number;
  readonly output: string;
}

describe('the migration command', () => {
  let app: ReturnType<typeof compileApp>;
  const servers: TestNats[] = [];
  const nats = async (config?: string) => {
    const server = await testNats(config === undefined ? {} : { config });
    servers.push(server);
    return server.url;
  };
  const run = (args: readonly string[], environment: NodeJS.ProcessEnv = {}) =>
    new Promise<Ended>((resolve) => {
      const options = { env: { PATH: process.env['PATH'], ...environment } };
      execFile(process.execPath, [join(app.folder, 'migrate.js'), ...args], options, (error, stdout, stderr) => {
        resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr });
      });
    });

  beforeAll(() => {
    app = compileApp();
  });
  afterAll(async () => {
    app.remove();
    for (const server of servers) await server.close();
  });

  it('says what it would change, changes it, and has nothing to change afterwards', async () => {
    const environment = { NATS_URL: await nats(), POOLS: 'shared,big' };
    const planned = await run(['--dry-run'], environment);
    expect(planned.output).toContain('create stream PORTICO_EMPLOYEES');
    expect(planned.output).toContain('create consumer PORTICO_ACCESS/learnupon-provisioning-big');
    expect(await run([], environment)).toEqual(planned);
    expect(await run([], environment)).toEqual({ code: 0, output: 'nothing to change\n' });
    expect((await run(['--dry-run'], { ...environment, POOLS: 'shared' })).output).toContain('leftover consumer');
  });

  it('writes the users, which NATS takes and which let it migrate', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'portico-passwords-'));
    const out = join(folder, 'users.conf');
    const refused = await run(['--users-file', out, '--passwords', folder]);
    expect(refused.code).toBe(1);
    expect(refused.output).toContain('no password for bamboohr-ingestion, realm-policy');

    for (const { user } of describeTopology({ pools: ['shared'] }).users)
      writeFileSync(join(folder, user), `of-${user}\n`);
    expect(await run(['--users-file', out, '--passwords', folder])).toMatchObject({ code: 0 });
    expect(statSync(out).mode & 0o777).toBe(0o600);

    const environment = { NATS_URL: await nats(readFileSync(out, 'utf8')), NATS_USER: 'portico-migrate' };
    const wrong = await run([], { ...environment, NATS_PASSWORD: 'wrong' });
    expect(wrong).toMatchObject({ code: 1, output: expect.stringContaining('check NATS_USER and NATS_PASSWORD') });
    expect(await run([], { ...environment, NATS_PASSWORD_FILE: join(folder, 'portico-migrate') })).toMatchObject({
      code: 0,
    });
  });

  it('has help, and says what is missing', async () => {
    expect(await run(['--help'])).toMatchObject({ code: 0, output: expect.stringContaining('NATS_URL') });
    expect(await run([])).toMatchObject({ code: 1, output: expect.stringContaining('NATS_URL is missing') });
    expect(await run(['--dryrun'])).toMatchObject({ code: 1, output: expect.stringContaining("'--dryrun'") });
    expect(await run([], { NATS_URL: 'nats://127.0.0.1:1' })).toMatchObject({ code: 1 });
  });
});
