import { prepared } from '@portico/database';
import type { Sql } from '@portico/messaging';
import type { Invite } from '@portico/provisioning-plan';
import { cellKey, type CellRow } from './cell-rows.js';
import { groupBy } from './group-by.js';
import type { LaneLease } from './lanes.js';

export interface InviteRow extends Invite {
  readonly employeeId: string;
  readonly portal: string;
}

/** In the lane's portal: the cell's own, and those to an address that the person holds. */
const LOAD_INVITES = prepared(`
  with found as materialized (
    select employee_id, invite_id from cell
    where tenant = $1 and portal = $3 and employee_id = any($2::text[]) and invite_id is not null
    union
    select person.employee_id, invite.invite_id
    from unnest($2::text[]) as person (employee_id) cross join lateral (
      select value from identifier_claim
      where tenant = $1 and identifier_claim.employee_id = person.employee_id and kind = 'email' offset 0) claim
    cross join lateral (
      select invite_id from invite
      where tenant = $1 and portal = $3 and lower(email) = claim.value offset 0) invite
  )
  select found.employee_id as "employeeId", $3 as portal, invite.invite_id as "inviteId", invite.email, invite.status,
    invite.listed
  from found cross join lateral (
    select * from invite where tenant = $1 and portal = $3 and invite.invite_id = found.invite_id offset 0) invite`);

/** Of the person's cells in other portals, which mostly have none. */
const LOAD_INVITES_ELSEWHERE = `
  select own.employee_id as "employeeId", portal, invite_id as "inviteId", invite.email, invite.status, invite.listed
  from unnest($2::text[], $3::text[], $4::text[]) as own (employee_id, portal, invite_id)
  join invite using (portal, invite_id)
  where invite.tenant = $1`;

/** What a plan looks at, by cell. */
export const loadInvites = async (
  sql: Sql,
  { tenant, portal }: LaneLease,
  ids: readonly string[],
  cells: readonly CellRow[],
): Promise<ReadonlyMap<string, InviteRow[]>> => {
  const here = await sql<InviteRow>(LOAD_INVITES, [tenant, ids, portal]);
  const invited = cells.filter((cell) => cell.portal !== portal && cell.inviteId !== null && cell.accountId === null);
  if (invited.length === 0) return groupBy(here, cellKey);
  const elsewhere = await sql<InviteRow>(LOAD_INVITES_ELSEWHERE, [
    tenant,
    invited.map(({ employeeId }) => employeeId),
    invited.map((cell) => cell.portal),
    invited.map(({ inviteId }) => inviteId),
  ]);
  return groupBy([...here, ...elsewhere], cellKey);
};
