import { prepared } from '@portico/database';
import type { Sql } from '@portico/messaging';
import type { CustomFieldDefinition } from '@portico/learnupon-client';
import type { CustomField, Portal, Realm } from '@portico/provisioning-plan';
import { ALL_LICENCES_USED } from './seen-portals.js';

interface RealmRow extends Omit<Portal, 'customFields' | 'groups'> {
  readonly allowsDuplicates: boolean;
  readonly customFields: readonly CustomFieldDefinition[] | null;
}

/** Of `lane`, whose portal said so itself a short time ago, and `seen`. */
export const LICENCES_FULL = `(coalesce(lane.licences_full_until > now(), false) or ${ALL_LICENCES_USED})`;

const LOAD_REALM = prepared(`
  select portal.portal, portal.top_level as "topLevel", realm.allows_duplicates as "allowsDuplicates",
    case when lane.active then portal.mode else 'off' end as mode,
    coalesce(lane.users_completed_at > now() - make_interval(secs => $2), false) as "usersFresh",
    not lane.invites_readable
      or coalesce(lane.invites_completed_at > now() - make_interval(secs => $2), false) as "invitesFresh",
    ${LICENCES_FULL} as "licencesFull", lane.custom_fields as "customFields"
  from realm join portal using (tenant) join lane using (tenant, portal)
    left join seen_portal seen on seen.tenant = portal.tenant and seen.portal = portal.portal
  where realm.tenant = $1
  order by portal.position`);

const fieldsOf = (definitions: readonly CustomFieldDefinition[]): Map<string, CustomField> =>
  new Map(definitions.map(({ label, ...field }) => [label, field]));

/**
 * The realm's rules, and how fresh the mirror of each of its portals is.
 * @param today `YYYY-MM-DD` in UTC
 */
export const loadRealm = async (
  sql: Sql,
  tenant: string,
  mirrorMaxAgeSeconds: number,
  today: string,
): Promise<Realm> => {
  const rows = await sql<RealmRow>(LOAD_REALM, [tenant, mirrorMaxAgeSeconds]);
  return {
    today,
    allowsDuplicates: rows[0]?.allowsDuplicates ?? false,
    portals: rows.map(({ allowsDuplicates: _, customFields, ...portal }) => ({
      ...portal,
      ...(customFields === null ? {} : { customFields: fieldsOf(customFields) }),
    })),
  };
};
