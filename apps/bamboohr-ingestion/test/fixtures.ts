import type { MikroORM } from '@mikro-orm/postgresql';
import type { EmployeeChangedV1, RealmChangedV1 } from '@portico/contracts';
import { testDatabase } from '@portico/testing';
import { createOrm, migrate } from '../src/persistence/orm.js';
import { sqlOf } from '@portico/database';

/** A migrated database of the test's own. */
export const openDatabase = async () => {
  const database = await testDatabase({
    template: { name: 'bamboohr-ingestion', migrate: async (url) => void (await migrate(url)) },
  });
  const orm = createOrm(database.url);
  return {
    url: database.url,
    orm,
    close: async () => {
      await orm.close(true);
      await database.close();
    },
  };
};

export const FIELDS = ['department', 'firstName', 'lastName', 'workEmail'];

export const realmOf = (
  part: Partial<RealmChangedV1> = {},
  source: Partial<RealmChangedV1['source']> = {},
): RealmChangedV1 => ({
  tenant: 'acme',
  revision: 1,
  changedAt: '2026-03-02T10:00:00Z',
  policyVersion: 1,
  active: true,
  pool: 'shared',
  timeZone: 'Europe/Dublin',
  allowUserCreationIfUserAlreadyExists: false,
  portals: [],
  ...part,
  source: {
    company: 'acme',
    secretRef: 'acme-bamboohr',
    fields: FIELDS,
    pollSeconds: 60,
    fullReadSeconds: 86_400,
    ...source,
  },
});

export interface EmployeeRecord {
  readonly id: string;
  readonly pool: string;
  readonly revision: number;
  readonly bulk: boolean;
  readonly event: EmployeeChangedV1;
}

export const employeesIn = (orm: MikroORM): Promise<EmployeeRecord[]> =>
  sqlOf(orm.em.fork())<EmployeeRecord>(
    'select employee_id as id, pool, revision::float8, bulk, event from employee order by employee_id::int',
  );

export const employeeIn = async (orm: MikroORM, id: string): Promise<EmployeeRecord | undefined> =>
  (await employeesIn(orm)).find((employee) => employee.id === id);
