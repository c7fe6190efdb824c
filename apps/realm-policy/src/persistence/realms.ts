import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import type { Sql } from '@portico/messaging';
import type { RealmDocument } from '../realm/realm-document.js';
import { RealmEntity, type Realm } from './entities.js';

/** What a decision needs of a realm. */
export interface StoredRealm {
  readonly tenant: string;
  readonly version: number;
  readonly pool: string;
  readonly timeZone: string;
  readonly document: RealmDocument;
}

/** The realm's row, locked and made where there is none yet. */
export const lockRealm = async (sql: Sql, em: EntityManager, tenant: string): Promise<Realm> => {
  await sql('insert into realm (tenant) values ($1) on conflict do nothing', [tenant]);
  return em.findOneOrFail(RealmEntity, { tenant }, { lockMode: LockMode.PESSIMISTIC_WRITE });
};

/**
 * The realms of these tenants, held as they are until the transaction ends: what is decided on a version is there when
 * the next version looks for who must be decided again.
 */
export const holdRealms = async (sql: Sql, tenants: readonly string[]): Promise<ReadonlyMap<string, StoredRealm>> => {
  const rows = await sql<StoredRealm>(
    `select tenant, version, pool, time_zone as "timeZone", document
     from realm where tenant = any($1::text[]) and version > 0 order by tenant for share`,
    [[...new Set(tenants)].sort()],
  );
  return new Map(rows.map((row) => [row.tenant, row]));
};

/** Time zones of the tenants that these pools serve. */
export const tenantsOf = (sql: Sql, pools: readonly string[]): Promise<{ tenant: string; timeZone: string }[]> =>
  sql(
    `select tenant, time_zone as "timeZone" from realm where pool = any($1::text[]) and version > 0 order by tenant`,
    [pools],
  );
