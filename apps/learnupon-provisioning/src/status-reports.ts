import type { MikroORM } from '@mikro-orm/postgresql';
import type { ProvisioningStatusAnswer } from '@portico/contracts';
import { sqlOf } from '@portico/database';
import { hintedSql } from './persistence/hints.js';
import { reportStatus } from './report-status.js';

/** An answer may be as many times older than it took to make, so that whoever asks again and again takes no tenth of a core. */
const REUSE = 10;

interface Made {
  readonly answer: Promise<ProvisioningStatusAnswer>;
  until: number;
}

/** Each is counted by an answer as well, or all would be counted anew for each question. A scalar is never hashed. */
const IS_WORK_LEFT = `
  select exists (
    select from portal join lane using (tenant, portal)
    where tenant = $1 and active and mode = 'on' and (${hintedSql('lane.portal')}
      or exists (select from cell where cell.tenant = $1 and cell.portal = lane.portal and priority is not null)
      or exists (select from cell where cell.tenant = $1 and cell.portal = lane.portal
        and account_id is not null and unverified_since > coalesce(users_verified_at, '-infinity'))
      or exists (select from cell where cell.tenant = $1 and cell.portal = lane.portal
        and account_id is null and unverified_since is not null)
      or exists (select from attempt where attempt.tenant = $1 and attempt.portal = lane.portal
        and state in ('begun', 'doubt') and (state = 'doubt' or (
          select pending is not null from cell
          where (cell.tenant, cell.portal, cell.employee_id) = ($1, attempt.portal, attempt.employee_id)))))
  ) or exists (select from learner_event_batch where tenant = $1)
    or exists (select from learner_outbox where tenant = $1)
    or exists (select from operation_outbox where tenant = $1) as "isLeft"`;

/** There is more for some lane to do, or to be published. */
const isUnderWay = ({ unpublished, portals }: ProvisioningStatusAnswer): boolean =>
  unpublished > 0 || portals.some(({ outstanding, inDoubt }) => outstanding > 0 || inDoubt > 0);

/**
 * Answers how tenants stand; counting many cells takes a while, so an answer is used again for a little. One that says
 * that all is at rest only where nothing has begun since, whichever process was asked for it: that costs a look at indexes.
 */
export class StatusReports {
  private readonly made = new Map<string, Made>();

  constructor(private readonly orm: MikroORM) {}

  async report(tenant: string): Promise<ProvisioningStatusAnswer> {
    const known = this.made.get(tenant);
    if (known === undefined || performance.now() >= known.until) return this.make(tenant);
    const answer = await known.answer;
    if (isUnderWay(answer) || !(await this.isWorkLeft(tenant))) return answer;
    // Whoever asked at the same time may have begun one already.
    const newest = this.made.get(tenant);
    return newest === undefined || newest === known ? this.make(tenant) : newest.answer;
  }

  private make(tenant: string): Promise<ProvisioningStatusAnswer> {
    const begunAt = performance.now();
    const made: Made = { answer: reportStatus(this.orm, tenant), until: Number.POSITIVE_INFINITY };
    this.made.set(tenant, made);
    const end = () => {
      const now = performance.now();
      made.until = now + (now - begunAt) * (REUSE - 1);
    };
    made.answer.then(end, () => this.made.delete(tenant));
    return made.answer;
  }

  private async isWorkLeft(tenant: string): Promise<boolean> {
    const [row] = await sqlOf(this.orm.em.fork())<{ isLeft: boolean }>(IS_WORK_LEFT, [tenant]);
    return row?.isLeft === true;
  }
}
