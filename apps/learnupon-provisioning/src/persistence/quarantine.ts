import type { MikroORM } from '@mikro-orm/postgresql';
import type { OperationEventName } from '@portico/contracts';
import type { Clock, Logger } from '@portico/service-kit';
import type { Trouble } from '../lane/trouble.js';
import type { LaneLease } from './lanes.js';
import { leaveOperationEvent } from './outbox.js';
import { inTransaction } from '@portico/database';

/** Turns in a row without an answer, after which people are told. */
const MOST_FAILURES = 5;

const QUARANTINE = `
  update lane set quarantine_reason = $4, quarantine_message = $5,
    quarantined_at = case when quarantine_reason is null then $6::timestamptz else quarantined_at end
  where tenant = $1 and portal = $2 and lease_number = $3 and quarantine_reason is distinct from $4
  returning 1`;

const RECOVER = `
  update lane set quarantine_reason = null, quarantine_message = null, quarantined_at = null
  where tenant = $1 and portal = $2 and lease_number = $3 and quarantine_reason is not null
  returning 1`;

const isLasting = ({ failures }: LaneLease, { kind }: Trouble): boolean =>
  kind === 'kept-out' || (kind === 'unreachable' && failures + 1 >= MOST_FAILURES);

interface Reporter {
  readonly orm: MikroORM;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Keeps what is wrong with a portal where people see it, and says so once when it begins and once when it is over. */
export const recordHealth = async (
  reporter: Reporter,
  lease: LaneLease,
  trouble: Trouble | undefined,
): Promise<void> => {
  const { tenant, portal } = lease;
  if (trouble === undefined) {
    if (lease.quarantine !== null) await recover(reporter, lease);
    return;
  }
  const { reason, message } = trouble;
  if (reason !== lease.quarantine) reporter.logger.warn({ tenant, portal, reason }, message);
  if (isLasting(lease, trouble)) await quarantine(reporter, lease, trouble);
};

const quarantine = (reporter: Reporter, lease: LaneLease, { reason, message }: Trouble): Promise<void> =>
  change(
    reporter,
    lease,
    QUARANTINE,
    [reason, message],
    reason === 'secret-missing' ? 'secret.missing' : 'portal.quarantined',
    message,
  );

const recover = (reporter: Reporter, lease: LaneLease): Promise<void> =>
  change(reporter, lease, RECOVER, [], 'portal.recovered', `${lease.portal} answers again`);

const change = (
  { orm, clock }: Reporter,
  { tenant, portal, number }: LaneLease,
  text: string,
  values: readonly string[],
  event: OperationEventName,
  message: string,
): Promise<void> =>
  inTransaction(orm, async (sql) => {
    const at = clock.now().toString();
    const parameters = [tenant, portal, number, ...values, ...(values.length > 0 ? [at] : [])];
    if ((await sql(text, parameters)).length === 0) return;
    await leaveOperationEvent(sql, `${event}:${tenant}:${portal}:${number}`, { tenant, portal, event, at, message });
  });
