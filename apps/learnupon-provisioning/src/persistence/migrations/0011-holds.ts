import { Migration } from '@mikro-orm/migrations';

/** What the gate keeps back, and what somebody approved of it. A version that knows nothing of it leaves it alone. */
export class Holds extends Migration {
  override name = '0011-holds';

  override up(): void {
    // No row is written anew, and as nobody is held the index is empty.
    this.addSql('alter table cell add column hold_cause text, add column approved_cause text');
    this.addSql(`
      create index cell_held on cell (tenant, portal, hold_cause)
        where hold_cause is not null and approved_cause is distinct from hold_cause`);
    this.addSql(`
      create table hold (
        tenant text not null,
        portal text not null,
        cause_id text not null,
        kind text not null,
        judged_people int not null,
        judged_of int not null,
        opened_at timestamptz not null,
        approved_at timestamptz,
        approved_by text,
        digest text,
        approved_people int,
        primary key (tenant, portal, cause_id)
      )`);
  }
}
