import type { Sql } from '@portico/messaging';
import type { Operation } from '@portico/provisioning-plan';
import type { Subject } from '../lane/plan-cells.js';
import type { LaneLease } from './lanes.js';

/** A call whose outcome is not known, with what the mirror says of its effect. */
export interface Doubt extends Subject {
  readonly attemptId: number;
  readonly operation: Operation;
  /** Its deadline and the settling time have passed: from now on absence is evidence. */
  readonly isSettled: boolean;
  /** It is time to look at LearnUpon for the effect. */
  readonly isDue: boolean;
  /** Complete lists that lacked the effect when absence was evidence. */
  readonly listsWithout: number;
  /** The account or the invite that it made, where the mirror shows one. */
  readonly resultId: string | null;
  /** It was to cancel an invite that is accepted by now: it can't have had an effect. */
  readonly isMoot: boolean;
}

/** Of a doubt that was looked at: once more when the settling time is over, and then not all at once. */
const DUE = `greatest(attempt.deadline + make_interval(secs => $3), attempt.looked_at + make_interval(secs => $3 / 4.0))`;

/**
 * Whether the effect shows: an account with that identifier that is nobody's, or an invite to that address that appeared since the call began, is the
 * call's: the cell holds the identifier alone, and before the call the mirror showed neither; an invite that was to be
 * cancelled is neither pending any more nor accepted.
 */
const LOAD = `
  select attempt.id::float8 as "attemptId", attempt.employee_id as "employeeId", attempt.operation,
    attempt.lists_without as "listsWithout", person.cause, person.traceparent, cell.policy_reason as "policyReason",
    cell.learner ->> 'whenRefused' as "whenRefused", 1 as priority,
    coalesce($4::timestamptz, now()) >= attempt.deadline + make_interval(secs => $3) as "isSettled",
    attempt.looked_at is null or now() >= ${DUE} as "isDue",
    case attempt.operation ->> 'kind'
      when 'create' then (
        select account.account_id from account
        where account.tenant = $1 and account.portal = $2 and account.listed
          and case attempt.operation ->> 'identifier'
            when 'email' then lower(account.email) = lower(trim(attempt.operation ->> 'email'))
            else lower(account.username) = lower(trim(attempt.operation ->> 'username')) end
          and not exists (
            select 1 from cell other
            where other.tenant = $1 and other.portal = $2 and other.account_id = account.account_id)
        limit 1)
      when 'invite' then (
        select invite.invite_id from invite
        where invite.tenant = $1 and invite.portal = $2 and invite.listed and invite.status in ('sent', 'accepted')
          and lower(invite.email) = lower(attempt.operation ->> 'email') and invite.first_seen_at >= attempt.begun_at
        order by invite.status = 'sent' desc limit 1)
      when 'cancel-invite' then (
        select invite.invite_id from invite
        where invite.tenant = $1 and invite.portal = $2 and invite.invite_id = attempt.operation ->> 'inviteId'
          and (invite.status not in ('sent', 'accepted') or not invite.listed))
    end as "resultId",
    attempt.operation ->> 'kind' = 'cancel-invite' and exists (
      select 1 from invite
      where invite.tenant = $1 and invite.portal = $2 and invite.invite_id = attempt.operation ->> 'inviteId'
        and invite.status = 'accepted' and invite.listed) as "isMoot"
  from attempt
  join cell using (tenant, portal, employee_id)
  join person using (tenant, employee_id)
  where attempt.tenant = $1 and attempt.portal = $2 and attempt.state = 'doubt'
    and attempt.state in ('begun', 'doubt')
  order by attempt.employee_id`;

/** `asOf`: when the look at LearnUpon began that is to be evidence; now unless told. */
export const loadDoubts = (
  sql: Sql,
  { tenant, portal }: LaneLease,
  settleSeconds: number,
  asOf?: string,
): Promise<Doubt[]> => sql<Doubt>(LOAD, [tenant, portal, settleSeconds, asOf ?? null]);

/** LearnUpon was looked at and did not show these. */
export const countLook = async (
  sql: Sql,
  { tenant, portal }: LaneLease,
  ids: readonly number[],
  isEvidence: boolean,
): Promise<void> => {
  if (ids.length === 0) return;
  await sql(
    `update attempt set looked_at = now(), lists_without = lists_without + $4::int
     where tenant = $1 and portal = $2 and id = any($3::bigint[])`,
    [tenant, portal, ids, isEvidence ? 1 : 0],
  );
};

/** Milliseconds until a doubt is to be looked at. */
export const doubtsDueSql = `
  select min(case when attempt.looked_at is null then now() else ${DUE} end)
  from attempt
  where attempt.tenant = $1 and attempt.portal = $2 and attempt.state = 'doubt'`;

/** Nothing can tell what these calls did: a person must look. */
export const markUnreadable = async (
  sql: Sql,
  { tenant, portal }: LaneLease,
  employeeIds: readonly string[],
): Promise<void> => {
  if (employeeIds.length === 0) return;
  await sql(
    `update cell set reason = 'doubt-unreadable', since = case when reason = 'doubt-unreadable' then since else now() end
     where tenant = $1 and portal = $2 and employee_id = any($3::text[])`,
    [tenant, portal, employeeIds],
  );
};
