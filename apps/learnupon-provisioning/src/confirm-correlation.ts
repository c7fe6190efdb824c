import type { MikroORM } from '@mikro-orm/postgresql';
import type { Caller, CorrelateAnswer, CorrelateRequest } from '@portico/contracts';
import { inTransaction, momentOf } from '@portico/database';
import { QuestionError, type Sql } from '@portico/messaging';
import { missing, refuseFaults } from './faults.js';
import { wakeLanes } from './persistence/lanes.js';

const checked = (body: CorrelateRequest): CorrelateRequest => {
  const faults = missing(body, ['employeeId', 'portal', 'accountId']);
  refuseFaults('Say whose account it is, in which portal, and which account.', faults);
  return body;
};

interface Found {
  readonly linkedId: string | null;
  readonly isListed: boolean | null;
  readonly ownerId: string | null;
}

const FIND = `
  select cell.account_id as "linkedId", account.listed as "isListed", owner.employee_id as "ownerId"
  from cell
  left join account on account.tenant = $1 and account.portal = $2 and account.account_id = $4
  left join cell owner on owner.tenant = $1 and owner.portal = $2 and owner.account_id = $4
  where cell.tenant = $1 and cell.portal = $2 and cell.employee_id = $3`;

const refuse = (code: 'not-found' | 'conflict', message: string): never => {
  throw new QuestionError(code, message);
};

const refuseWhatCannotBe = ({ employeeId, portal, accountId }: CorrelateRequest, found: Found | undefined): void => {
  if (found === undefined)
    refuse('not-found', `nothing was decided about employee ${employeeId} in ${portal}: see portico people`);
  else if (found.ownerId !== null && found.ownerId !== employeeId)
    refuse('conflict', `account ${accountId} in ${portal} is employee ${found.ownerId}'s`);
  else if (found.linkedId !== null && found.linkedId !== accountId)
    refuse('conflict', `employee ${employeeId} has account ${found.linkedId} in ${portal} already`);
  else if (found.isListed !== true)
    refuse(
      'not-found',
      `${portal} lists no account ${accountId}: use its id as "portico people" or LearnUpon shows it`,
    );
};

/** The same yes again keeps who gave it first and when. */
const CONFIRM = `
  insert into correlation (tenant, portal, employee_id, account_id, confirmed_by, confirmed_at)
  values ($1, $2, $3, $4, $5, $6)
  on conflict (tenant, portal, employee_id) do update set account_id = excluded.account_id,
    confirmed_by = excluded.confirmed_by, confirmed_at = excluded.confirmed_at
  where correlation.account_id <> excluded.account_id`;

const READ = `
  select confirmed_by as "confirmedBy", confirmed_at::text as "confirmedAt" from correlation
  where tenant = $1 and portal = $2 and employee_id = $3`;

const PLAN_AGAIN = `
  update cell set priority = coalesce(priority, 1), dirty_at = coalesce(dirty_at, now())
  where tenant = $1 and portal = $2 and employee_id = $3 and account_id is null`;

const confirm = async (sql: Sql, caller: Caller, request: CorrelateRequest, at: string) => {
  const { employeeId, portal, accountId } = request;
  const { tenant, name } = caller;
  await sql(CONFIRM, [tenant, portal, employeeId, accountId, name, at]);
  await sql(PLAN_AGAIN, [tenant, portal, employeeId]);
  await wakeLanes(sql, [tenant], [portal]);
  const [row] = await sql<{ confirmedBy: string; confirmedAt: string }>(READ, [tenant, portal, employeeId]);
  return row ?? { confirmedBy: name, confirmedAt: at };
};

/**
 * Records an admin's yes: this account is this employee's, whatever name or identifier it has. The plan honours it for
 * exactly that account.
 * @throws QuestionError when the caller may not, or when it can't be so
 */
export const confirmCorrelation = async (
  orm: MikroORM,
  caller: Caller,
  body: CorrelateRequest,
  at: string,
): Promise<CorrelateAnswer> => {
  if (caller.role !== 'admin')
    throw new QuestionError('forbidden', 'only an admin may say whose account it is: use a token with that role');
  const { employeeId, portal, accountId } = checked(body);
  const request = { employeeId, portal, accountId };
  return inTransaction(orm, async (sql) => {
    const [found] = await sql<Found>(FIND, [caller.tenant, portal, employeeId, accountId]);
    refuseWhatCannotBe(request, found);
    const { confirmedBy, confirmedAt } = await confirm(sql, caller, request, at);
    return { ...request, confirmedBy, confirmedAt: momentOf(confirmedAt) };
  });
};
