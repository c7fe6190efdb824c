import { Migration } from '@mikro-orm/migrations';

export class WhoIsInTheWay extends Migration {
  override name = '0002-who-is-in-the-way';

  override up(): void {
    this.addSql('alter table cell add detail text, add blocked_portal text, add blocked_employee text');
    this.addSql('create index cell_blocked on cell (tenant, blocked_portal) where blocked_portal is not null');
    this.addSql(`
      alter table lane
        add watched boolean not null default false,
        add users_retry_at timestamptz,
        add suspect_reads int not null default 0,
        add suspect_since timestamptz,
        add suspect_message text`);
    this.addSql('create index lane_served on lane (last_served nulls first) where active or watched');
    this.addSql('drop index lane_due');
    this.addSql(`
      create table correlation (
        tenant text not null,
        portal text not null,
        employee_id text not null,
        account_id text not null,
        confirmed_by text not null,
        confirmed_at timestamptz not null,
        primary key (tenant, portal, employee_id)
      )`);
    // What is old lies together: a few bytes per megabyte find it, and writing costs nothing.
    this.addSql('create index attempt_ended on attempt using brin (ended_at)');
  }
}
