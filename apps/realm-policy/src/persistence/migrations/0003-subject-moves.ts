import { Migration } from '@mikro-orm/migrations';
import { subjectMoveTableSql } from '@portico/messaging';

/** Pools that a tenant left, until nothing of it is in them. */
export class SubjectMoves extends Migration {
  override name = '0003-subject-moves';

  override up(): void {
    this.addSql(subjectMoveTableSql());
  }
}
