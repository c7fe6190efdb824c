import { inTransaction, prepared, sqlOf } from '@portico/database';
import { leaveOperationEvent } from '../persistence/outbox.js';
import type { LaneContext } from './lane-context.js';
import type { EndedTask } from './perform-tasks.js';

/** Most of what is observed is known. */
const IS_NEWS = prepared('select 1 from realm where tenant = $1 and observed_switch is distinct from $2');

const OBSERVE = `
  update realm set observed_switch = $2, observed_portal = $3, observed_at = $4::timestamptz
  where tenant = $1 and observed_switch is distinct from $2
  returning allows_duplicates as declared`;

/** What one create shows of *Allow user creation if user already exists*, if it shows something. */
const shownBy = ({ task, outcome }: EndedTask): boolean | undefined => {
  if (task.operation.kind !== 'create') return undefined;
  if (outcome.state === 'refused' && outcome.reason === 'refused-exists') return false;
  return outcome.state === 'done' && task.isKnownInRealm === true ? true : undefined;
};

/**
 * LearnUpon has no way to ask for the switch, so it is seen in what becomes of creates. In a transaction of its own: a
 * realm that is being stored waits for lanes.
 */
export const observeSwitch = async (
  { orm, lease, clock, logger }: LaneContext,
  ended: readonly EndedTask[],
): Promise<void> => {
  const observed = ended.map(shownBy).findLast((shown) => shown !== undefined);
  if (observed === undefined) return;
  const { tenant, portal, number } = lease;
  if ((await sqlOf(orm.em.fork())(IS_NEWS, [tenant, observed])).length === 0) return;
  const at = clock.now().toString();
  await inTransaction(orm, async (sql) => {
    const [row] = await sql<{ declared: boolean }>(OBSERVE, [tenant, observed, portal, at]);
    if (row === undefined) return;
    const { declared } = row;
    logger.info({ tenant, portal, observed, declared }, 'the switch of the realm was observed');
    await leaveOperationEvent(sql, `switch:${tenant}:${portal}:${number}:${observed}`, {
      tenant,
      portal,
      event: 'realm.switch-observed',
      at,
      message: `LearnUpon has "Allow user creation if user already exists" ${observed ? 'on' : 'off'}, and the realm declares ${declared ? 'on' : 'off'}`,
      details: { allowUserCreationIfUserAlreadyExists: observed, declared },
    });
  });
};
