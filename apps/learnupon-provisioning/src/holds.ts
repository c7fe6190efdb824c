import type { MikroORM } from '@mikro-orm/postgresql';
import type {
  Caller,
  HoldApproveAnswer,
  HoldApproveRequest,
  HoldKey,
  HoldPeopleAnswer,
  HoldPeopleRequest,
  HoldsAnswer,
  HoldView,
} from '@portico/contracts';
import { inTransaction, momentOf, sqlOf } from '@portico/database';
import { QuestionError, type Sql } from '@portico/messaging';
import { digestOf, heldViews, isAfter } from './held-set.js';
import type { HeldSetCache } from './held-set-cache.js';
import { faultOf, missing, refuseFaults } from './faults.js';
import { cursorOf, keyOf, limitOf, pageOf } from './paging.js';
import { countHeld, loadHeldBy, lockHold, saveApproval, type HeldCount, type Hold } from './persistence/holds.js';
import { leaveOperationEvent } from './persistence/outbox.js';

/** `today`: the day that LearnUpon's dates mean. */
export interface Now {
  readonly today: string;
  readonly at: string;
}

const viewOf = ({ portal, causeId, kind, openedAt, people, of, held }: HeldCount): HoldView => ({
  portal,
  cause: { kind, id: causeId },
  openedAt: momentOf(openedAt),
  judged: { people, of },
  people: held,
});

/** Holds by which somebody is held, the oldest first. */
export const listHolds = async (orm: MikroORM, tenant: string): Promise<HoldsAnswer> => ({
  holds: (await countHeld(sqlOf(orm.em.fork()), tenant)).map(viewOf),
});

const nobodyHeld = ({ portal, causeId }: HoldKey): QuestionError =>
  new QuestionError('not-found', `nobody is held in ${portal} by ${causeId}: see portico holds`);

/** Who is held by one hold and what would be done to them, by number, with the digest of all of them. */
export const listHeldPeople = async (
  sets: HeldSetCache,
  tenant: string,
  request: HoldPeopleRequest,
  today: string,
): Promise<HoldPeopleAnswer> => {
  refuseFaults('Say which hold it is: see portico holds.', [
    ...missing(request, ['portal', 'causeId']),
    ...faultOf('limit', () => limitOf(request)),
    ...faultOf('cursor', () => keyOf(request, 1)),
  ]);
  const { held, digest } = await sets.of(tenant, request, today);
  if (held.length === 0) throw nobodyHeld(request);
  const [after] = keyOf(request, 1) ?? [];
  const start = after === undefined ? 0 : held.findIndex(({ employeeId }) => isAfter(employeeId, after));
  const page = pageOf(start < 0 ? [] : held.slice(start), limitOf(request), ({ employeeId }) => cursorOf(employeeId));
  return { ...page, digest };
};

const DIGEST = /^sha256:[0-9a-f]{64}$/;

const checked = (body: HoldApproveRequest): HoldApproveRequest => {
  const isDigest = typeof body.digest === 'string' && DIGEST.test(body.digest);
  refuseFaults('Say which hold is approved, and the digest of what was looked at: see portico holds.', [
    ...missing(body, ['portal', 'causeId']),
    ...(isDigest
      ? []
      : [{ path: 'digest', message: 'is no digest: sha256: and 64 digits, as portico holds shows it' }]),
  ]);
  const { portal, causeId, digest } = body;
  return { portal, causeId, digest };
};

/** @throws QuestionError where nobody is held, or not exactly those who were looked at */
const heldAsLookedAt = async (sql: Sql, tenant: string, request: HoldApproveRequest, { today }: Now) => {
  const { hold, cells } = await lockHold(sql, tenant, request);
  const held = heldViews(await loadHeldBy(sql, tenant, request), today);
  if (hold === undefined || held.length === 0) throw nobodyHeld(request);
  if (held.length !== cells || digestOf(held) !== request.digest)
    throw new QuestionError(
      'conflict',
      `nothing was approved: who is held in ${request.portal} by ${request.causeId}, or what would be done, is not what ` +
        `was looked at any more. Look again`,
    );
  return { hold, employeeIds: held.map(({ employeeId }) => employeeId) };
};

const announce = (
  sql: Sql,
  { tenant, portal, causeId, kind }: Hold,
  { digest, people, approvedAt }: HoldApproveAnswer,
) =>
  leaveOperationEvent(sql, `hold-approved:${tenant}:${portal}:${causeId}:${approvedAt}`, {
    tenant,
    portal,
    event: 'hold.approved',
    at: approvedAt,
    message: `that ${kind} ${causeId} takes access in ${portal} from ${people} was approved`,
    details: { causeId, kind, people, digest },
  });

/**
 * An admin's yes to exactly the set that the digest names. Who comes later by the same cause is held again.
 * @throws QuestionError when the caller may not, or when that is not the set any more
 */
export const approveHold = async (
  orm: MikroORM,
  caller: Caller,
  body: HoldApproveRequest,
  now: Now,
): Promise<HoldApproveAnswer> => {
  if (caller.role !== 'admin')
    throw new QuestionError('forbidden', 'only an admin may approve what is held: use a token with that role');
  const request = checked(body);
  return inTransaction(orm, async (sql) => {
    const { hold, employeeIds } = await heldAsLookedAt(sql, caller.tenant, request, now);
    const answer = { ...request, people: employeeIds.length, approvedBy: caller.name, approvedAt: momentOf(now.at) };
    await saveApproval(sql, hold, answer, employeeIds);
    await announce(sql, hold, answer);
    return answer;
  });
};
