import { randomUUID } from 'node:crypto';
import { sqlName, type Sql } from './sql.js';

/** Spares replicas from publishing everything twice. Nothing is wrong when two hold it: publishing itself decides. */
export interface RelayLease {
  /** True while this holder has it. */
  hold(): Promise<boolean>;
  release(): Promise<void>;
}

export const everyoneRelays: RelayLease = { hold: () => Promise.resolve(true), release: () => Promise.resolve() };

/** For the service's migration. */
export const relayLeaseTableSql = (table = 'relay_lease'): string =>
  `create table if not exists ${sqlName(table)} (
    name text primary key,
    holder text not null,
    expires_at timestamptz not null
  )`;

const TTL_MS = 3_000;

/** A lease in the service's own database, on the database's clock. */
export const postgresRelayLease = (sql: Sql, name: string, table = 'relay_lease'): RelayLease => {
  const holder = randomUUID();
  const take = `
    insert into ${sqlName(table)} as lease (name, holder, expires_at)
    values ($1, $2, clock_timestamp() + $3 * interval '1 millisecond')
    on conflict (name) do update set holder = excluded.holder, expires_at = excluded.expires_at
    where lease.holder = excluded.holder or lease.expires_at < clock_timestamp()
    returning holder`;
  let heldUntil = 0;
  return {
    hold: async () => {
      if (performance.now() < heldUntil - TTL_MS / 2) return true;
      const startedAt = performance.now();
      const isHeld = (await sql(take, [name, holder, TTL_MS])).length > 0;
      heldUntil = isHeld ? startedAt + TTL_MS : 0;
      return isHeld;
    },
    release: async () => {
      heldUntil = 0;
      await sql(`delete from ${table} where name = $1 and holder = $2`, [name, holder]);
    },
  };
};
