import type { CustomFieldDefinition } from '@portico/learnupon-client';
import type { Sql } from '@portico/messaging';
import type { Place } from './mirror.js';

const SAVE = `
  with before as (
    select custom_fields from lane where tenant = $1 and portal = $2
  )
  update lane set custom_fields = $3::jsonb from before
  where tenant = $1 and portal = $2 and lane.custom_fields is distinct from $3::jsonb
  returning before.custom_fields is not null as "wasKnown"`;

const DIRTY_WANTED = `
  update cell set priority = coalesce(priority, 2), dirty_at = coalesce(dirty_at, now())
  where tenant = $1 and portal = $2 and access = 'granted' and learner is not null`;

/** An admin added, changed or took away a field: what is wanted may fit now, or not any more. */
export const saveCustomFields = async (
  sql: Sql,
  { tenant, portal }: Place,
  fields: readonly CustomFieldDefinition[],
): Promise<void> => {
  const [changed] = await sql<{ wasKnown: boolean }>(SAVE, [tenant, portal, JSON.stringify(fields)]);
  if (changed?.wasKnown === true) await sql(DIRTY_WANTED, [tenant, portal]);
};
