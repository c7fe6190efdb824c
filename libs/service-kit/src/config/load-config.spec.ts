import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IsBoolean, IsInt, IsOptional, IsString } from 'class-validator';
import { ConfigError, describeConfig, environmentName, loadConfig } from './load-config.js';
import { DatabaseServiceConfig, ServiceConfig } from './service-config.js';
import { Setting } from './setting.js';

const faultsOf = (load: () => unknown): readonly string[] => {
  try {
    load();
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  throw new Error('no fault was found');
};

const enough = { NATS_URL: 'nats://127.0.0.1:4222' };

describe('loadConfig', () => {
  it('fills what is given, converts by type, keeps defaults and ignores the rest', () => {
    const config = loadConfig(ServiceConfig, {
      ...enough,
      POOLS: 'shared, big ',
      PORT: '0',
      HOME: '/root',
      LOG_LEVEL: '',
    });
    expect(config).toBeInstanceOf(ServiceConfig);
    expect(config).toMatchObject({ natsUrl: enough.NATS_URL, pools: ['shared', 'big'], port: 0, logLevel: 'info' });
  });

  it('lists all faults at once, with the variable and what to write', () => {
    const faults = faultsOf(() =>
      loadConfig(DatabaseServiceConfig, { PORT: 'http', LOG_LEVEL: 'loud', POOLS: 'Big One', CLOCK_URL: 'noon' }),
    );
    expect(faults.map((fault) => fault.split(' ')[0])).toEqual(
      expect.arrayContaining(['NATS_URL', 'DATABASE_URL', 'PORT', 'LOG_LEVEL', 'POOLS', 'CLOCK_URL']),
    );
    expect(faults).toHaveLength(6);
    expect(faults).toContain(
      'NATS_URL is missing: write the URL of NATS, such as nats://127.0.0.1:4222; several with commas',
    );
  });

  it('shows no value, which may be a secret', () => {
    const faults = faultsOf(() =>
      loadConfig(DatabaseServiceConfig, { ...enough, DATABASE_URL: 'mysql://me:hunter2@db' }),
    );
    expect(faults).toHaveLength(1);
    expect(faults.join()).toContain('DATABASE_URL is no PostgreSQL URL');
    expect(faults.join()).not.toContain('hunter2');
  });

  it('refuses the clock of the sandbox in production', () => {
    const env = { ...enough, CLOCK_URL: 'http://127.0.0.1:9000/clock' };
    expect(loadConfig(ServiceConfig, env).clockUrl).toBe(env.CLOCK_URL);
    expect(faultsOf(() => loadConfig(ServiceConfig, { ...env, NODE_ENV: 'production' })).join()).toContain('CLOCK_URL');
  });

  it('reads a variable from the file that its _FILE names', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'portico-config-')), 'password');
    writeFileSync(file, 'hunter2\n');
    expect(loadConfig(ServiceConfig, { ...enough, NATS_PASSWORD_FILE: file }).natsPassword).toBe('hunter2');
    expect(
      faultsOf(() =>
        loadConfig(ServiceConfig, {
          ...enough,
          NATS_PASSWORD: 'x',
          NATS_PASSWORD_FILE: file,
          NATS_USER_FILE: '/nowhere',
        }),
      ),
    ).toEqual([
      "NATS_USER_FILE names a file that can't be read: /nowhere",
      'NATS_PASSWORD and NATS_PASSWORD_FILE are both set: keep one',
    ]);
  });

  it('takes a class of an app', () => {
    class Sample extends ServiceConfig {
      @IsBoolean() @Setting('true or false') dryRun: boolean = false;
      @IsOptional() @IsInt() batchSize?: number;
      @IsString() greeting!: string;
    }
    const config = loadConfig(Sample, { ...enough, DRY_RUN: 'true', BATCH_SIZE: '20', GREETING: 'hi' });
    expect(config).toMatchObject({ dryRun: true, batchSize: 20, greeting: 'hi' });
    expect(faultsOf(() => loadConfig(Sample, { ...enough, DRY_RUN: 'maybe' }))).toEqual([
      'DRY_RUN must be a boolean value: write true or false',
      'GREETING is missing',
    ]);
    expect(describeConfig(Sample)).toMatch(/DRY_RUN +true or false \(false unless told\)/);
  });

  it('names variables', () => {
    expect(['port', 'natsUrl', 'http2Port'].map(environmentName)).toEqual(['PORT', 'NATS_URL', 'HTTP2_PORT']);
  });
});
