import { Migration } from '@mikro-orm/migrations';

/**
 * What was decided before, so that a past decision is told as it was published; how each version of a realm came to be;
 * and what-ifs, which are nobody's state and are lost with a crash.
 */
export class AccessHistory extends Migration {
  override name = '0002-access-history';

  override up(): void {
    this.addSql(`
      create table access_history (
        tenant text not null,
        employee_id text not null,
        revision bigint not null,
        decided_at timestamptz not null,
        event jsonb not null,
        primary key (tenant, employee_id, revision)
      )`);
    this.addSql(`alter table realm_version add column origin text not null default 'applied'`);
    this.addSql(`
      create unlogged table what_if (
        tenant text not null,
        id text not null,
        state text not null,
        question jsonb not null,
        done int not null default 0,
        total int not null default 0,
        result jsonb,
        problem text,
        touched_at timestamptz not null,
        expires_at timestamptz not null,
        primary key (tenant, id)
      )`);
    this.addSql(`
      create unlogged table what_if_person (
        tenant text not null,
        id text not null,
        employee_id text not null,
        cells jsonb not null,
        primary key (tenant, id, employee_id),
        foreign key (tenant, id) references what_if on delete cascade
      )`);
  }
}
