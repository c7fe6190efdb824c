import type { MikroORM } from '@mikro-orm/postgresql';
import type { SourceRunAnswer } from '@portico/contracts';
import { QuestionError } from '@portico/messaging';
import type { Clock } from '@portico/service-kit';
import { inTransaction } from '@portico/database';

/** Asks for a read now; the same one while one that was asked for has not begun. */
export class RequestRead {
  constructor(
    private readonly orm: MikroORM,
    private readonly clock: Clock,
    private readonly newId: () => string,
  ) {}

  /** @throws QuestionError when the tenant is not there or is switched off. */
  request(tenant: string, kind: 'full' | 'changed'): Promise<SourceRunAnswer> {
    return inTransaction(this.orm, async (sql) => {
      const [row] = await sql<{ active: boolean }>('select active from tenant where tenant = $1 for update', [tenant]);
      if (row === undefined)
        throw new QuestionError('not-found', `no realm of "${tenant}" has arrived: apply it first`);
      if (!row.active) throw new QuestionError('conflict', `"${tenant}" is switched off: apply it with active: true`);
      await sql('update tenant set not_before = now() where tenant = $1', [tenant]);
      const [waiting] = await sql<{ id: string }>(
        `select id from read where tenant = $1 and cause = 'hand' and state = 'waiting' and kind = $2`,
        [tenant, kind],
      );
      if (waiting !== undefined) return { runId: waiting.id };
      const runId = this.newId();
      await sql(
        `insert into read (tenant, id, kind, cause, state, requested_at) values ($1, $2, $3, 'hand', 'waiting', $4)`,
        [tenant, runId, kind, this.clock.now().toString()],
      );
      return { runId };
    });
  }
}
