import type { LearnUponPortal } from '@portico/learnupon-client';
import type { Sql } from '@portico/messaging';
import { wakeLanes, type LaneLease } from './lanes.js';

interface NamedPortal {
  readonly portal: string;
  readonly baseUrl: string;
}

/** A portal of the realm is told by its API's host, by the last part of its address, or by its name. */
const isPortal = ({ subdomain }: LearnUponPortal, { portal, baseUrl }: NamedPortal): boolean => {
  const { hostname, pathname } = new URL(baseUrl);
  const names = [hostname.split('.')[0], pathname.split('/').findLast((part) => part !== ''), portal];
  return names.some((name) => name?.toLowerCase() === subdomain.toLowerCase());
};

/** `xmax` is 0 in a row that was inserted. */
const SAVE = `
  insert into seen_portal (tenant, subdomain, title, portal, licences_purchased, licences_used)
  select $1, * from unnest($2::text[], $3::text[], $4::text[], $5::int[], $6::int[])
  on conflict (tenant, subdomain) do update set title = excluded.title, portal = excluded.portal,
    licences_purchased = excluded.licences_purchased, licences_used = excluded.licences_used
  returning subdomain, xmax = 0 as "isNew"`;

/** Of `seen`, the top-level portal's word: LearnUpon gives a portal without limit no number, or 0. */
export const ALL_LICENCES_USED =
  'coalesce(seen.licences_purchased > 0 and seen.licences_used >= seen.licences_purchased, false)';

const FULL_PORTALS = `select portal from seen_portal seen where tenant = $1 and portal is not null and ${ALL_LICENCES_USED}`;

const fullPortals = async (sql: Sql, tenant: string): Promise<string[]> =>
  (await sql<{ portal: string }>(FULL_PORTALS, [tenant])).map(({ portal }) => portal);

export interface Discovered {
  readonly subdomain: string;
  readonly title: string;
}

/** The lanes look for themselves who waits: somebody may be planned just now from what was before. */
const wakeWithLicences = async (sql: Sql, tenant: string, fullBefore: readonly string[]): Promise<void> => {
  const fullNow = await fullPortals(sql, tenant);
  const portals = fullBefore.filter((portal) => !fullNow.includes(portal));
  await wakeLanes(
    sql,
    portals.map(() => tenant),
    portals,
  );
};

/** The complete list of sub-portals. Answers those that were not seen before and that the realm does not name. */
export const savePortals = async (
  sql: Sql,
  { tenant, portal: topLevel }: LaneLease,
  portals: readonly LearnUponPortal[],
): Promise<Discovered[]> => {
  const named = await sql<NamedPortal>(
    `select portal, base_url as "baseUrl" from portal where tenant = $1 and portal <> $2 and named`,
    [tenant, topLevel],
  );
  const nameOf = (seen: LearnUponPortal) => named.find((each) => isPortal(seen, each))?.portal ?? null;
  const fullBefore = await fullPortals(sql, tenant);
  const saved = await sql<{ subdomain: string; isNew: boolean }>(SAVE, [
    tenant,
    portals.map(({ subdomain }) => subdomain),
    portals.map(({ title }) => title),
    portals.map(nameOf),
    portals.map(({ licencesPurchased }) => licencesPurchased),
    portals.map(({ licencesUsed }) => licencesUsed),
  ]);
  await sql('delete from seen_portal where tenant = $1 and not subdomain = any($2::text[])', [
    tenant,
    portals.map(({ subdomain }) => subdomain),
  ]);
  await wakeWithLicences(sql, tenant, fullBefore);
  const isNew = new Set(saved.flatMap((row) => (row.isNew ? [row.subdomain] : [])));
  return portals.filter((seen) => isNew.has(seen.subdomain) && nameOf(seen) === null);
};

/** Seconds after which a portal without licences is looked at again. */
export const LICENCES_AGAIN_SECONDS = 300;

/** When the sub-portals are to be listed; never by a sub-portal. */
export const portalsDueSql = (maxAge: string): string => `
  select case when portal.top_level then coalesce(lane.portals_read_at + make_interval(secs => least(${maxAge}, case when
      exists (select 1 from seen_portal seen where seen.tenant = $1 and ${ALL_LICENCES_USED}) then ${LICENCES_AGAIN_SECONDS} end)), now()) end
  from lane join portal using (tenant, portal) where tenant = $1 and portal = $2`;

export const arePortalsDue = async (
  sql: Sql,
  { tenant, portal }: LaneLease,
  maxAgeSeconds: number,
): Promise<boolean> => {
  const [row] = await sql<{ isDue: boolean | null }>(`select (${portalsDueSql('$3')}) <= now() as "isDue"`, [
    tenant,
    portal,
    maxAgeSeconds,
  ]);
  return row?.isDue === true;
};

export const markPortalsRead = async (sql: Sql, { tenant, portal }: LaneLease): Promise<void> => {
  await sql('update lane set portals_read_at = now() where tenant = $1 and portal = $2', [tenant, portal]);
};
