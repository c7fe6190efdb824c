import type { MikroORM } from '@mikro-orm/postgresql';
import type { RealmChangedV1, RealmPortal } from '@portico/contracts';
import type { Sql } from '@portico/messaging';
import { wakeLanes } from './persistence/lanes.js';
import { inTransaction } from '@portico/database';

const STORE_REALM = `
  insert into realm (tenant, revision, pool, active, allows_duplicates) values ($1, $2, $3, $4, $5)
  on conflict (tenant) do update set revision = excluded.revision, pool = excluded.pool, active = excluded.active,
    allows_duplicates = excluded.allows_duplicates
  where realm.revision < excluded.revision
  returning tenant`;

/** What changes how a person's cells are planned. A title or a secret's name is none of that. */
const RULES = `
  select realm.active, realm.allows_duplicates, coalesce(jsonb_agg(jsonb_build_array(portal.portal, portal.mode,
    portal.top_level, portal.base_url) order by position) filter (where portal.mode <> 'off'), '[]') as portals
  from realm left join portal using (tenant) where realm.tenant = $1 group by realm.tenant`;

/** A portal that is not named any more stays, switched off: its links are not forgotten. */
const STORE_PORTALS = `
  with named as (
    select * from unnest($2::text[], $3::text[], $4::boolean[], $5::text[], $6::text[], $7::text[])
      with ordinality as named (portal, title, top_level, mode, base_url, secret_ref, position)
  ), gone as (
    update portal set mode = 'off', named = false where tenant = $1 and portal not in (select portal from named)
  )
  insert into portal (tenant, portal, position, title, top_level, mode, base_url, secret_ref)
  select $1, portal, position, title, top_level, mode, base_url, secret_ref from named
  on conflict (tenant, portal) do update set position = excluded.position, title = excluded.title,
    top_level = excluded.top_level, mode = excluded.mode, base_url = excluded.base_url, secret_ref = excluded.secret_ref,
    named = true`;

/** Whatever kept a lane out is looked at again: that is what the change may have been for. */
const STORE_LANES = `
  insert into lane (tenant, portal, pool, active)
  select portal.tenant, portal.portal, realm.pool, realm.active and portal.mode <> 'off'
  from portal join realm using (tenant) where tenant = $1
  order by portal.portal
  on conflict (tenant, portal) do update set pool = excluded.pool, active = excluded.active, next_due = now(),
    paused_until = null, watched = false, portals_read_at = null`;

/** Another address is another portal until a complete read says what is there. */
const FORGET_MIRRORS = `
  update lane set users_completed_at = null, invites_completed_at = null
  from unnest($2::text[]) as moved (portal) where lane.tenant = $1 and lane.portal = moved.portal`;

const DIRTY_ALL = `
  update cell set priority = coalesce(priority, 2), dirty_at = coalesce(dirty_at, now())
  from portal
  where cell.tenant = $1 and portal.tenant = $1 and portal.portal = cell.portal and portal.mode <> 'off'`;

const REST_WHERE_OFF = `
  update cell set priority = null, dirty_at = null, pending = null, reason = 'portal-off', since = now(),
    detail = null, blocked_portal = null, blocked_employee = null
  from portal
  where cell.tenant = $1 and portal.tenant = $1 and portal.portal = cell.portal and portal.mode = 'off'
    and cell.reason <> 'portal-off'`;

const addresses = async (sql: Sql, tenant: string): Promise<Map<string, string>> => {
  const rows = await sql<{ portal: string; base_url: string }>(
    'select portal, base_url from portal where tenant = $1',
    [tenant],
  );
  return new Map(rows.map((row) => [row.portal, row.base_url]));
};

const storePortals = async (sql: Sql, tenant: string, portals: readonly RealmPortal[]): Promise<void> => {
  const before = await addresses(sql, tenant);
  await sql(STORE_PORTALS, [
    tenant,
    portals.map(({ portal }) => portal),
    portals.map(({ title }) => title),
    portals.map(({ topLevel }) => topLevel),
    portals.map(({ mode }) => mode),
    portals.map(({ baseUrl }) => baseUrl),
    portals.map(({ secretRef }) => secretRef),
  ]);
  await sql(STORE_LANES, [tenant]);
  const moved = portals.filter(({ portal, baseUrl }) => before.has(portal) && before.get(portal) !== baseUrl);
  if (moved.length > 0) await sql(FORGET_MIRRORS, [tenant, moved.map(({ portal }) => portal)]);
};

/** Takes over a realm as `realm.changed` says; a revision that is not newer changes nothing. Answers whether it was newer. */
export const storeRealm = (orm: MikroORM, realm: RealmChangedV1): Promise<boolean> =>
  inTransaction(orm, async (sql) => {
    const { tenant, revision, pool, active, allowUserCreationIfUserAlreadyExists: allowsDuplicates, portals } = realm;
    const [before] = await sql(RULES, [tenant]);
    const stored = await sql(STORE_REALM, [tenant, revision, pool, active, allowsDuplicates]);
    if (stored.length === 0) return false;
    await storePortals(sql, tenant, portals);
    const [after] = await sql(RULES, [tenant]);
    if (JSON.stringify(before) !== JSON.stringify(after)) {
      await sql(DIRTY_ALL, [tenant]);
      await sql(REST_WHERE_OFF, [tenant]);
    }
    const names = portals.map(({ portal }) => portal);
    await wakeLanes(
      sql,
      names.map(() => tenant),
      names,
    );
    return true;
  });
