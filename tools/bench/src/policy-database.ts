import 'reflect-metadata';
import pg from 'pg';
import { FreshBodies } from '@portico/messaging';
import {
  ApplyRealm,
  createOrm,
  DecideEmployees,
  ExplainAccess,
  migrate,
  PolicyCache,
  PolicyConfig,
  RedecidePeople,
  WhatIfs,
} from '@portico/realm-policy';
import { createLogger, fixedClock, type FixedClock } from '@portico/service-kit';
import { startStack } from '@portico/stack';
import { NOON, TENANT } from './policy-company.js';

export const admin = { tenant: TENANT, role: 'admin', name: 'bench' } as const;

/** The use cases of realm-policy on a PostgreSQL of their own, and a plain client beside them for the floors. */
export interface PolicyDatabase {
  readonly clock: FixedClock;
  readonly realm: ApplyRealm;
  readonly employees: DecideEmployees;
  readonly people: RedecidePeople;
  readonly explain: ExplainAccess;
  readonly whatIfs: WhatIfs;
  readonly client: pg.Client;
  stop(): Promise<void>;
}

export const openPolicyDatabase = async (): Promise<PolicyDatabase> => {
  const stack = await startStack({ nats: false });
  await migrate(stack.postgresUrl);
  const orm = createOrm(stack.postgresUrl);
  const client = new pg.Client(stack.postgresUrl);
  await client.connect();
  const clock = fixedClock(NOON);
  const policies = new PolicyCache();
  const fresh = new FreshBodies();
  const realm = new ApplyRealm(orm, clock, new PolicyConfig());
  return {
    clock,
    realm,
    client,
    employees: new DecideEmployees(orm, clock, policies, fresh),
    people: new RedecidePeople(orm, clock, policies, fresh),
    explain: new ExplainAccess(orm, clock),
    whatIfs: new WhatIfs(orm, clock, createLogger({ name: 'bench', level: 'error' }), realm, policies),
    stop: async () => {
      await client.end();
      await orm.close(true);
      await stack.stop();
    },
  };
};
