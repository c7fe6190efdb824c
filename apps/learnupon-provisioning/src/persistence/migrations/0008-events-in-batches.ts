import { Migration } from '@mikro-orm/migrations';
import { eventBatchTableSql } from '@portico/messaging';

/** Beside `learner_outbox`, which the version before this one goes on writing and relaying while it is replaced. */
export class EventsInBatches extends Migration {
  override name = '0008-events-in-batches';

  override up(): void {
    for (const statement of eventBatchTableSql('learner_event_batch')) this.addSql(statement);
  }
}
