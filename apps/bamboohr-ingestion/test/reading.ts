import { createBambooHrClient, type BambooHrClient } from '@portico/bamboohr-client';
import type { RealmChangedV1 } from '@portico/contracts';
import { createLogger, fixedClock, SecretMissingError, type SecretStore } from '@portico/service-kit';
import { FreshBodies } from '@portico/messaging';
import { startSandbox, type SandboxOptions } from '@portico/sandbox';
import { ReadScheduler } from '../src/inbound/read-scheduler.js';
import { PerformRead, type BambooHrAccess } from '../src/perform-read.js';
import { ReadFields } from '../src/read-fields.js';
import { RequestRead } from '../src/request-read.js';
import { StoreRealm } from '../src/store-realm.js';
import { openDatabase, realmOf } from './fixtures.js';

/** The sandbox's BambooHR, a database and the parts that read, without NATS. */
export const startReading = async (options: Partial<SandboxOptions> = {}) => {
  const sandbox = await startSandbox({ employees: 20, portals: 1, seed: 7, ...options });
  const database = await openDatabase();
  const { orm } = database;
  const clock = fixedClock('2026-01-01T00:00:00Z');
  const secret = { apiKey: sandbox.bamboohr.apiKey as string | undefined };
  const secrets: SecretStore = {
    read: (ref) =>
      secret.apiKey === undefined
        ? Promise.reject(new SecretMissingError(ref, '/somewhere'))
        : Promise.resolve({ apiKey: secret.apiKey }),
  };
  const logger = createLogger({ name: 'test', level: 'silent' });
  const clientFor = (access: BambooHrAccess): BambooHrClient => createBambooHrClient({ ...access, timeoutMs: 5_000 });
  const hooks = { connect: clientFor };
  let reads = 0;
  const newId = () => `read-${(reads += 1)}`;
  const connect = (access: BambooHrAccess) => hooks.connect(access);
  const fields = new ReadFields({ orm, clock, secrets, connect });
  const performer = () => new PerformRead({ orm, clock, secrets, logger, connect, fields, fresh: new FreshBodies() });
  const scheduler = (pools: readonly string[] = ['shared']) =>
    new ReadScheduler({ orm, clock, reads: performer(), pools, readers: 1, newId, logger });

  const control = async (method: string, path: string, body?: object): Promise<Record<string, unknown>> => {
    const response = await fetch(`${sandbox.control}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    return answer;
  };
  const syncClock = async () => clock.set(String((await control('GET', '/clock'))['now']));
  const request = new RequestRead(orm, clock, newId);

  return {
    sandbox,
    orm,
    clock,
    secret,
    hooks,
    clientFor,
    control,
    scheduler,
    request,
    fields,
    syncClock,
    /** Realms whose source is the sandbox. */
    apply: async (part: Partial<RealmChangedV1> = {}, source: Partial<RealmChangedV1['source']> = {}) => {
      await syncClock();
      const { company, url } = sandbox.bamboohr;
      return new StoreRealm(orm, clock).store(realmOf(part, { company, baseUrl: url, ...source }));
    },
    /** Asks for a read and does it, on the sandbox's clock. */
    read: async (kind: 'full' | 'changed') => {
      await syncClock();
      const { runId } = await request.request('acme', kind);
      await scheduler().runOne();
      return runId;
    },
    /** Does what is due, until nothing is. */
    work: async () => {
      await syncClock();
      let count = 0;
      while (await scheduler().runOne()) count += 1;
      return count;
    },
    people: async () => ((await control('GET', '/people'))['people'] ?? []) as Record<string, string | null>[],
    close: async () => {
      await database.close();
      await sandbox.stop();
    },
  };
};

export type Reading = Awaited<ReturnType<typeof startReading>>;
