import { ConfigError, loadConfig } from '@portico/service-kit';
import { ProvisioningConfig } from './config.js';

const enough = { NATS_URL: 'nats://127.0.0.1:4222', DATABASE_URL: 'postgres://me@127.0.0.1:5432/provisioning' };

it('has sane defaults', () => {
  expect(loadConfig(ProvisioningConfig, enough)).toMatchObject({
    leaseSeconds: 60,
    callTimeoutSeconds: 20,
    settleSeconds: 90,
  });
});

it('refuses calls that could outlast the lease', () => {
  const load = () => loadConfig(ProvisioningConfig, { ...enough, LEASE_SECONDS: '30', CALL_TIMEOUT_SECONDS: '16' });
  expect(load).toThrow(ConfigError);
  expect(load).toThrow('CALL_TIMEOUT_SECONDS is more than half of LEASE_SECONDS');
});
