import { durables, SERVICES, STREAMS } from '@portico/contracts';
import { requireConsumers, type ConsumerBinding } from '@portico/messaging';
import type { Need } from '@portico/service-kit';
import type { ProvisioningConfig } from './config.js';
import { check } from './persistence/orm.js';

/** By the pattern of the handler. */
export const bindingsOf = (pools: readonly string[]): Readonly<Record<string, readonly ConsumerBinding[]>> => ({
  realms: [{ stream: STREAMS.realms, durable: durables.provisioningRealms }],
  access: pools.map((pool) => ({ stream: STREAMS.access, durable: durables.provisioningAccess(pool) })),
});

/** What the start waits for: a schema that has every migration of this version, and the consumers of its pools. */
export const needsOf = (config: ProvisioningConfig): readonly Need[] => {
  const { natsUrl: url, natsUser: user, natsPassword: password } = config;
  const bindings = Object.values(bindingsOf(config.pools)).flat();
  return [
    () => check(config.databaseUrl),
    () => requireConsumers({ url, user, password, name: SERVICES.provisioning }, bindings),
  ];
};
