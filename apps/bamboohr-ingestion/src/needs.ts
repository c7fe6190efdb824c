import { durables, SERVICES, STREAMS } from '@portico/contracts';
import { requireConsumers, type ConsumerBinding } from '@portico/messaging';
import type { Need } from '@portico/service-kit';
import type { IngestionConfig } from './config.js';
import { check } from './persistence/orm.js';

/** By the pattern of the handler. */
export const bindingsOf = (): Readonly<Record<string, readonly ConsumerBinding[]>> => ({
  realms: [{ stream: STREAMS.realms, durable: durables.ingestionRealms }],
});

/** What the start waits for: a schema that has every migration of this version, and the consumers of its pools. */
export const needsOf = (config: IngestionConfig): readonly Need[] => {
  const { natsUrl: url, natsUser: user, natsPassword: password } = config;
  const bindings = Object.values(bindingsOf()).flat();
  return [
    () => check(config.databaseUrl),
    () => requireConsumers({ url, user, password, name: SERVICES.ingestion }, bindings),
  ];
};
