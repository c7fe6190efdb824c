import { Migration } from '@mikro-orm/migrations';

/** What the gate goes by: what was taken lately, and under which policy and day a job was judged. */
export class Taken extends Migration {
  override name = '0006-taken';

  override up(): void {
    this.addSql(`
      create table taken (
        tenant text not null,
        portal text not null,
        cause_id text not null,
        at timestamptz not null,
        people int not null,
        held int not null,
        primary key (tenant, portal, cause_id)
      )`);
    this.addSql('alter table redecision add column judged jsonb');
    this.addSql('alter table arriving_cause add column judged jsonb');
  }
}
