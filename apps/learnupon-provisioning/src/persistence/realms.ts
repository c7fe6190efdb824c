import type { Sql } from '@portico/messaging';
import type { Portal, Realm } from '@portico/provisioning-plan';

interface RealmRow extends Portal {
  readonly allowsDuplicates: boolean;
}

const LOAD_REALM = `
  select portal.portal, portal.top_level as "topLevel", realm.allows_duplicates as "allowsDuplicates",
    case when lane.active then portal.mode else 'off' end as mode,
    coalesce(lane.users_completed_at > now() - make_interval(secs => $2), false) as "usersFresh",
    not lane.invites_readable
      or coalesce(lane.invites_completed_at > now() - make_interval(secs => $2), false) as "invitesFresh",
    coalesce(lane.licences_full_until > now(), false) as "licencesFull"
  from realm join portal using (tenant) join lane using (tenant, portal)
  where realm.tenant = $1
  order by portal.position`;

/** The realm's rules, and how fresh the mirror of each of its portals is. */
export const loadRealm = async (sql: Sql, tenant: string, mirrorMaxAgeSeconds: number): Promise<Realm> => {
  const rows = await sql<RealmRow>(LOAD_REALM, [tenant, mirrorMaxAgeSeconds]);
  return {
    allowsDuplicates: rows[0]?.allowsDuplicates ?? false,
    portals: rows.map(({ allowsDuplicates: _, ...portal }) => portal),
  };
};
