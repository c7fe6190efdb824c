import { Migration } from '@mikro-orm/migrations';

/** Reads whose people come in more than one batch: who is there waits for the rest, to be counted before it is decided. */
export class Arrivals extends Migration {
  override name = '0004-arrivals';

  override up(): void {
    this.addSql(`
      create table arriving_cause (
        tenant text not null,
        id text not null,
        kind text not null,
        people int not null,
        arrived int not null default 0,
        phase text not null default 'gathering',
        round int not null default 1,
        after_employee_id text not null default '',
        totals jsonb not null,
        started_at timestamptz not null,
        touched_at timestamptz not null,
        primary key (tenant, id)
      )`);
    this.addSql(`create index arriving_cause_open on arriving_cause (touched_at) where phase <> 'done'`);
    this.addSql(`
      create table arrival (
        tenant text not null,
        cause_id text not null,
        employee_id text not null,
        round int not null,
        revision bigint not null,
        facts jsonb,
        traceparent text,
        primary key (tenant, cause_id, employee_id)
      )`);
  }
}
