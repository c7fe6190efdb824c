import type { MikroORM } from '@mikro-orm/postgresql';
import type { AccessDecidedV1, Caller } from '@portico/contracts';
import { FreshBodies, type Sql } from '@portico/messaging';
import { createLogger, fixedClock, type FixedClock } from '@portico/service-kit';
import { testDatabase } from '@portico/testing';
import { ApplyRealm } from '../src/apply-realm.js';
import { AskPolicy } from '../src/ask-policy.js';
import { PolicyConfig } from '../src/config.js';
import { DecideEmployees } from '../src/decide-employees.js';
import { DecideGathered, type DecideGatheredOptions } from '../src/decide-gathered.js';
import { EndAccess } from '../src/end-access.js';
import { ExplainAccess } from '../src/explain/explain-access.js';
import { FindPeople } from '../src/explain/find-people.js';
import { createOrm, migrate } from '../src/persistence/orm.js';
import { sqlOf } from '@portico/database';
import { PolicyCache } from '../src/realm/policy-of.js';
import { RealmVersions } from '../src/realm-versions.js';
import { RedecidePeople } from '../src/redecide-people.js';
import { WhatIfs } from '../src/what-if/what-ifs.js';
import { noon } from './examples.js';

export const admin: Caller = { tenant: 'acme', role: 'admin', name: 'Mo' };

export interface Decision {
  readonly revision: number;
  readonly employeeRevision: number;
  readonly policyVersion: number;
  readonly dueOn: string | null;
  readonly pool: string;
  readonly event: AccessDecidedV1;
}

export interface TestBench {
  readonly orm: MikroORM;
  readonly clock: FixedClock;
  readonly realm: ApplyRealm;
  readonly policy: AskPolicy;
  readonly employees: DecideEmployees;
  readonly people: RedecidePeople;
  readonly gathered: DecideGathered;
  /** Another worker of those who arrived, in the same database. */
  gather(options?: Partial<Pick<DecideGatheredOptions, 'waitMs' | 'chunk'>>): DecideGathered;
  readonly whatIfs: WhatIfs;
  readonly versions: RealmVersions;
  readonly explain: ExplainAccess;
  readonly find: FindPeople;
  readonly ending: EndAccess;
  /** What a relay in the same process would not read back. */
  readonly fresh: FreshBodies;
  readonly url: string;
  readonly sql: Sql;
  /** By employee id. */
  decisions(tenant?: string): Promise<Record<string, Decision>>;
  /** Everything that is to be decided again; answers how many chunks that took. */
  redecide(): Promise<number>;
  close(): Promise<void>;
}

/** The use cases on a database of the test's own. */
export const startBench = async (): Promise<TestBench> => {
  const database = await testDatabase({
    template: { name: 'realm-policy', migrate: async (url) => void (await migrate(url)) },
  });
  const orm = createOrm(database.url);
  const clock = fixedClock(noon);
  const config = Object.assign(new PolicyConfig(), { poolsAvailable: ['shared', 'big'] });
  const policies = new PolicyCache();
  const fresh = new FreshBodies();
  const people = new RedecidePeople(orm, clock, policies, fresh);
  const realm = new ApplyRealm(orm, clock, config);
  const gather: TestBench['gather'] = (options) =>
    new DecideGathered(orm, { clock, policies, fresh, waitMs: 3_600_000, ...options });
  const logger = createLogger({ name: 'realm-policy', level: 'silent' });
  return {
    orm,
    clock,
    people,
    sql: sqlOf(orm.em.fork()),
    gathered: gather(),
    gather,
    url: database.url,
    realm,
    versions: new RealmVersions(orm, realm, clock),
    explain: new ExplainAccess(orm, clock),
    find: new FindPeople(orm),
    ending: new EndAccess(orm, realm),
    whatIfs: new WhatIfs(orm, clock, logger, realm, policies),
    policy: new AskPolicy(orm, clock, config),
    fresh,
    employees: new DecideEmployees(orm, clock, policies, fresh),
    decisions: async (tenant = 'acme') => {
      const rows = await sqlOf(orm.em.fork())<Decision & { id: string }>(
        `select employee_id as id, revision::float8 as revision, employee_revision::float8 as "employeeRevision",
           policy_version as "policyVersion", due_on as "dueOn", pool, event
         from access where tenant = $1 order by employee_id`,
        [tenant],
      );
      return Object.fromEntries(rows.map(({ id, ...decision }) => [id, decision]));
    },
    redecide: async () => {
      await people.requestDue(['shared', 'big']);
      let chunks = 0;
      while (await people.runChunk(['shared', 'big'])) chunks += 1;
      return chunks;
    },
    close: async () => {
      await orm.close(true);
      await database.close();
    },
  };
};

/** What of a decision does not depend on when it was made, or on what else was decided between. */
export const outcomeOf = ({ employeeRevision, policyVersion, dueOn, event }: Decision) => ({
  employeeRevision,
  policyVersion,
  dueOn,
  leaver: event.leaver,
  portals: event.portals.map(({ keptSince, ...portal }) => ({ ...portal, isKept: keptSince !== undefined })),
});
