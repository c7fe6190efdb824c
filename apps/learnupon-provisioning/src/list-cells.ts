import type { MikroORM } from '@mikro-orm/postgresql';
import type {
  CellView,
  CreatedRequest,
  CreatedView,
  InviteView,
  Page,
  PageRequest,
  PeopleRequest,
  PersonView,
} from '@portico/contracts';
import { QuestionError } from '@portico/messaging';
import { momentOf, sqlOf } from '@portico/database';
import { cursorOf, keyOf, limitOf, pageOf } from './paging.js';

/** By number where ids are numbers, which is how BambooHR gives them. */
const ID_ORDER = `lpad(employee_id, 64, '0')`;

const PEOPLE = `
  select employee_id from person
  where tenant = $1 and ($2::text is null or ${ID_ORDER} > lpad($2, 64, '0'))
    and ($3::text[] is null or employee_id = any($3))
    and (($4::text is null and $5::text is null) or exists (
      select 1 from cell left join portal using (tenant, portal)
      where cell.tenant = $1 and cell.employee_id = person.employee_id
        and (coalesce(portal.named, true) and $4::text is null or cell.portal = $4) and ($5::text is null or cell.reason = $5)))
  order by ${ID_ORDER} limit $6`;

interface CellRow extends Omit<CellView, 'pending' | 'accountId' | 'inviteId' | 'since' | 'detail' | 'blockedBy'> {
  readonly employeeId: string;
  readonly pending: string | null;
  readonly accountId: string | null;
  readonly inviteId: string | null;
  readonly since: string;
  readonly detail: string | null;
  readonly blockedPortal: string | null;
  readonly blockedEmployee: string | null;
}

/**
 * While a portal is kept out, that is why its cells wait. A portal that was taken out of the configuration is told of
 * where it is asked for. What the portal refused last is told unless something was written after it.
 */
const CELLS = `
  select cell.employee_id as "employeeId", cell.portal, cell.access as wanted, cell.actual,
    coalesce(cell.pending, (
      select operation ->> 'kind' from attempt
      where attempt.tenant = cell.tenant and attempt.portal = cell.portal and attempt.employee_id = cell.employee_id
        and attempt.state in ('begun', 'doubt'))) as pending,
    cell.account_id as "accountId", cell.invite_id as "inviteId", cell.since,
    case when cell.reason = 'waiting-for-lane' then coalesce(lane.quarantine_reason, cell.reason) else cell.reason end as reason,
    cell.blocked_portal as "blockedPortal", cell.blocked_employee as "blockedEmployee",
    nullif(concat_ws('. ', cell.detail, blocker.quarantine_message, 'LearnUpon said: ' || refused.detail), '') as detail
  from cell
  left join lane using (tenant, portal)
  left join portal using (tenant, portal)
  left join lane blocker on blocker.tenant = cell.tenant and blocker.portal = cell.blocked_portal
  left join lateral (
    select attempt.detail from attempt
    where attempt.tenant = cell.tenant and attempt.portal = cell.portal and attempt.employee_id = cell.employee_id
      and attempt.state = 'refused' and attempt.id > coalesce(cell.applied_attempt, 0)
    order by attempt.id desc limit 1
  ) refused on cell.reason like 'refused-%'
  where cell.tenant = $1 and cell.employee_id = any($2::text[])
    and (coalesce(portal.named, true) and $3::text is null or cell.portal = $3)
  order by portal.position, cell.portal`;

const blockerOf = ({ blockedPortal: portal, blockedEmployee: employeeId }: CellRow): Pick<CellView, 'blockedBy'> =>
  portal === null && employeeId === null
    ? {}
    : { blockedBy: { ...(portal === null ? {} : { portal }), ...(employeeId === null ? {} : { employeeId }) } };

const viewOf = (row: CellRow): CellView => {
  const { portal, wanted, actual, reason, pending, accountId, inviteId, since, detail } = row;
  return {
    portal,
    wanted,
    actual,
    reason,
    since: momentOf(since),
    ...(pending === null ? {} : { pending }),
    ...(accountId === null ? {} : { accountId }),
    ...(inviteId === null ? {} : { inviteId }),
    ...(detail === null ? {} : { detail }),
    ...blockerOf(row),
  };
};

/** Employees × portals: wanted, actual, pending, why. */
export const listPeople = async (orm: MikroORM, tenant: string, request: PeopleRequest): Promise<Page<PersonView>> => {
  const sql = sqlOf(orm.em.fork());
  const limit = limitOf(request);
  const [after] = keyOf(request, 1) ?? [];
  const { employeeIds = null, portal = null, reason = null } = request;
  const people = await sql<{ employee_id: string }>(PEOPLE, [
    tenant,
    after ?? null,
    employeeIds,
    portal,
    reason,
    limit + 1,
  ]);
  const page = pageOf(people, limit, ({ employee_id: id }) => cursorOf(id));
  const ids = page.rows.map(({ employee_id: id }) => id);
  const cells = Map.groupBy(await sql<CellRow>(CELLS, [tenant, ids, portal]), ({ employeeId }) => employeeId);
  const rows = ids.map((employeeId) => ({ employeeId, cells: (cells.get(employeeId) ?? []).map(viewOf) }));
  return { ...page, rows };
};

const INVITES = `
  select cell.portal, cell.employee_id as "employeeId", cell.invite_id as "inviteId", invite.accept_url as "acceptUrl",
    coalesce(invite.sent_at, invite.first_seen_at) as "sentAt"
  from cell join invite using (tenant, portal, invite_id)
  where cell.tenant = $1 and cell.actual = 'invited' and invite.status = 'sent'
    and ($2::text is null or (cell.portal, cell.employee_id) > ($2, $3))
  order by cell.portal, cell.employee_id limit $4`;

/** Invites that wait to be accepted. */
export const listInvites = async (orm: MikroORM, tenant: string, request: PageRequest): Promise<Page<InviteView>> => {
  const limit = limitOf(request);
  const [portal = null, employeeId = null] = keyOf(request, 2) ?? [];
  const rows = await sqlOf(orm.em.fork())<
    Omit<InviteView, 'sentAt' | 'acceptUrl'> & { sentAt: string; acceptUrl: string | null }
  >(INVITES, [tenant, portal, employeeId, limit + 1]);
  const invites = rows.map(({ acceptUrl, sentAt, ...invite }) => ({
    ...invite,
    sentAt: momentOf(sentAt),
    ...(acceptUrl === null ? {} : { acceptUrl }),
  }));
  return pageOf(invites, limit, (last) => cursorOf(last.portal, last.employeeId));
};

const CREATED = `
  select portal, employee_id as "employeeId", result_id as "accountId", ended_at as "createdAt", id::float8
  from attempt
  where tenant = $1 and state = 'done' and operation ->> 'kind' = 'create' and ended_at >= $2::timestamptz
    and ($3::text is null or portal = $3) and ($4::timestamptz is null or (ended_at, id) > ($4, $5::bigint))
  order by ended_at, id limit $6`;

/** Accounts that Portico made, oldest first. */
export const listCreated = async (
  orm: MikroORM,
  tenant: string,
  request: CreatedRequest,
): Promise<Page<CreatedView>> => {
  if (Number.isNaN(Date.parse(request.since))) {
    throw new QuestionError('invalid', '"since" is a moment such as 2026-01-12T10:00:00Z');
  }
  const limit = limitOf(request);
  const [endedAt = null, id = null] = keyOf(request, 2) ?? [];
  const { since, portal = null } = request;
  const rows = await sqlOf(orm.em.fork())<Omit<CreatedView, 'createdAt'> & { createdAt: string; id: number }>(CREATED, [
    tenant,
    since,
    portal,
    endedAt,
    id,
    limit + 1,
  ]);
  const page = pageOf(rows, limit, (last) => cursorOf(last.createdAt, last.id));
  return {
    ...page,
    rows: page.rows.map(({ id: _, createdAt, ...created }) => ({ ...created, createdAt: momentOf(createdAt) })),
  };
};
