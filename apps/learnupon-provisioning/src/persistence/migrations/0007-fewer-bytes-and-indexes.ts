import { Migration } from '@mikro-orm/migrations';

/** Only passed on or taken apart rarely: as text they are neither built nor printed. What reads and writes them stays the same. */
const PASSED_ON = [
  ['person', 'cause'],
  ['learner_outbox', 'event'],
  ['operation_outbox', 'event'],
] as const;

export class FewerBytesAndIndexes extends Migration {
  override name = '0007-fewer-bytes-and-indexes';

  override up(): void {
    // One key finds the cells of a person as well as a cell.
    this.addSql('create unique index cell_key on cell (tenant, employee_id, portal)');
    this.addSql('alter table cell drop constraint cell_pkey');
    this.addSql('alter table cell add constraint cell_pkey primary key using index cell_key');
    this.addSql('drop index cell_of_person');
    for (const [table, column] of PASSED_ON) {
      this.addSql(`alter table ${table} alter column ${column} type json using ${column}::json`);
    }
  }
}
