import type { MikroORM } from '@mikro-orm/postgresql';
import { BambooHrError, type BambooHrClient } from '@portico/bamboohr-client';
import type { OperationEventV1 } from '@portico/contracts';
import { NOTIFY_RELAY_SQL, type FreshBodies } from '@portico/messaging';
import {
  currentTraceparent,
  SecretMissingError,
  type Clock,
  type Logger,
  type SecretStore,
} from '@portico/service-kit';
import { gatherAll, gatherChanged, type FeedPosition, type GatherContext, type GatheredRead } from './gather-read.js';
import { findDueForReview } from './persistence/employees.js';
import { LeaseLostError, lockLeased, type ReadJob } from './persistence/leases.js';
import { leaveOperationEvent } from './persistence/outbox.js';
import { recordRead } from './persistence/reads.js';
import { returnLease, scheduleAfterFailure } from './persistence/schedule.js';
import { inTransaction, sqlOf } from '@portico/database';
import { apiKeyOf, ApiKeyMissingError } from './api-key.js';
import type { ReadFields } from './read-fields.js';
import { saveRead, type SaveOutcome } from './save-read.js';

export interface BambooHrAccess {
  readonly company: string;
  readonly baseUrl: string | undefined;
  readonly apiKey: string;
}

export interface PerformReadOptions {
  readonly orm: MikroORM;
  readonly clock: Clock;
  readonly secrets: SecretStore;
  readonly logger: Logger;
  readonly connect: (access: BambooHrAccess) => BambooHrClient;
  readonly fields: Pick<ReadFields, 'refresh'>;
  /** What the relay need not read back. */
  readonly fresh: FreshBodies;
  readonly onFinished?: (read: { tenant: string; kind: string; outcome: string }) => void;
}

/** What is wrong, for the schedule, the read and the operators. */
interface Diagnosis {
  readonly finding: string;
  readonly reason: string;
  readonly isPermanent: boolean;
  /** Reported when it is not what was wrong before. */
  readonly event?: OperationEventV1['event'];
  readonly pauseMs?: number;
}

const diagnose = (error: unknown, secretRef: string): Diagnosis => {
  if (error instanceof SecretMissingError || error instanceof ApiKeyMissingError) {
    return { finding: 'secret-missing', reason: error.message, isPermanent: false, event: 'secret.missing' };
  }
  if (error instanceof BambooHrError) {
    const isPermanent = error.kind === 'permanent';
    return {
      finding: `bamboohr-${error.code}`,
      reason: error.code === 'unauthorised' ? `${error.message} "${secretRef}"` : error.message,
      isPermanent,
      ...(isPermanent ? { event: 'read.refused' } : {}),
      ...(error.retryAfterMs === undefined ? {} : { pauseMs: error.retryAfterMs }),
    };
  }
  if (error instanceof RangeError) {
    return { finding: 'configuration', reason: error.message, isPermanent: true, event: 'read.refused' };
  }
  return { finding: 'failed', reason: 'the read failed inside Portico: see the log', isPermanent: false };
};

/** Does one read, from the secret to the saved changes, and plans the next one whatever happens. */
export class PerformRead {
  constructor(private readonly options: PerformReadOptions) {}

  /** @param signal ends the calls to BambooHR; the read is begun again by whoever leases the tenant next. */
  async perform(job: ReadJob, signal: AbortSignal): Promise<void> {
    try {
      this.report(job, await this.read(job, signal));
    } catch (error) {
      await this.fail(job, error, signal);
    }
  }

  private async read(job: ReadJob, signal: AbortSignal): Promise<SaveOutcome> {
    const { orm, clock, secrets, connect, fresh } = this.options;
    const { company, baseUrl, timeZone, fields } = job.source;
    const client = connect({
      company,
      baseUrl: baseUrl ?? undefined,
      apiKey: await apiKeyOf(secrets, job.source.secretRef),
    });
    try {
      const startedAt = toMilliseconds(clock.now());
      const today = clock.today(timeZone).toString();
      const gathered = await this.gather(job, { client, fields, today, startedAt, signal });
      if (gathered.kind === 'full') await this.refreshFields(job, client, signal);
      const traceparent = currentTraceparent() ?? null;
      const context = { today, startedAt, now: toMilliseconds(clock.now()), traceparent };
      return await saveRead(orm, job, gathered, context, fresh);
    } finally {
      await client.close();
    }
  }

  private async gather(job: ReadJob, context: GatherContext): Promise<GatheredRead> {
    const position = positionOf(job);
    if (job.kind === 'full' || position === undefined) return gatherAll(context, position);
    const sql = sqlOf(this.options.orm.em.fork());
    return gatherChanged(context, position, await findDueForReview(sql, job.tenant, context.today));
  }

  /** Rules are checked against it; a read does not fail for it. */
  private async refreshFields(job: ReadJob, client: BambooHrClient, signal: AbortSignal): Promise<void> {
    const { logger, fields } = this.options;
    try {
      await fields.refresh(job.tenant, job.source, client, signal);
    } catch (error) {
      logger.warn({ tenant: job.tenant, err: error }, 'the fields of the account could not be read');
    }
  }

  private report(job: ReadJob, outcome: SaveOutcome): void {
    const { logger, onFinished } = this.options;
    const { tenant, kind, readId } = job;
    onFinished?.({ tenant, kind, outcome: outcome.state });
    if (outcome.state === 'refused') logger.warn({ tenant, kind, readId, reason: outcome.reason }, 'read refused');
    else if (outcome.changes > 0 || kind === 'full') {
      const { changes, totals, notes } = outcome;
      logger.info({ tenant, kind, readId, changes, totals, notes }, 'read certified');
    }
  }

  private async fail(job: ReadJob, error: unknown, signal: AbortSignal): Promise<void> {
    const { orm, logger, onFinished } = this.options;
    const { tenant, kind, readId } = job;
    if (error instanceof LeaseLostError) {
      logger.warn({ tenant, kind, readId }, 'read thrown away: another worker has the tenant, or it was switched off');
      return;
    }
    if (signal.aborted) {
      await inTransaction(orm, (sql) => returnLease(sql, job));
      return;
    }
    const diagnosis = diagnose(error, job.source.secretRef);
    onFinished?.({ tenant, kind, outcome: diagnosis.finding });
    const level = diagnosis.finding === 'failed' ? 'error' : 'warn';
    logger[level]({ tenant, kind, readId, reason: diagnosis.reason, err: error }, 'read failed');
    await this.recordFailure(job, diagnosis);
  }

  /** A read that can succeed later waits; nothing of it is lost. */
  private recordFailure(job: ReadJob, diagnosis: Diagnosis): Promise<void> {
    const now = toMilliseconds(this.options.clock.now()).toString();
    const { finding, reason, isPermanent, event, pauseMs } = diagnosis;
    return inTransaction(this.options.orm, async (sql) => {
      const tenant = await lockLeased(sql, job);
      await recordRead(sql, job, now, { state: isPermanent ? 'failed' : 'waiting', reason });
      await scheduleAfterFailure(sql, job, tenant, { finding, ...(pauseMs === undefined ? {} : { pauseMs }) });
      if (event === undefined || tenant.finding === finding) return;
      const details = { readId: job.readId, kind: job.kind, reason: finding };
      const data = { tenant: job.tenant, event, at: now, message: reason, details };
      await leaveOperationEvent(sql, data, `${job.readId}.${tenant.failures}.${finding}`, currentTraceparent() ?? null);
      await sql(NOTIFY_RELAY_SQL);
    });
  }
}

const toMilliseconds = (moment: Temporal.Instant): Temporal.Instant => moment.round('millisecond');

const positionOf = ({ source }: ReadJob): FeedPosition | undefined =>
  source.changedSince === null ? undefined : { since: source.changedSince, seen: source.changedSeen };
