import { Migration } from '@mikro-orm/migrations';
import { outboxTableSql, relayLeaseTableSql, stateRelayIndexSql } from '@portico/messaging';

export class EmployeesAndReads extends Migration {
  override name = '0001-employees-and-reads';

  override up(): void {
    this.addSql(`
      create table tenant (
        tenant text primary key,
        revision bigint not null,
        pool text not null,
        active boolean not null,
        time_zone text not null,
        company text not null,
        base_url text,
        secret_ref text not null,
        fields jsonb not null,
        poll_seconds int not null,
        full_read_seconds int not null,
        full_due_at timestamptz not null,
        poll_due_at timestamptz not null,
        not_before timestamptz not null,
        failures int not null default 0,
        finding text,
        changed_since text,
        changed_seen jsonb not null,
        lease bigint not null default 0,
        leased_until timestamptz
      )`);
    this.addSql(`
      create table read (
        tenant text not null,
        id text not null,
        kind text not null,
        cause text not null,
        state text not null,
        requested_at timestamptz not null,
        started_at timestamptz,
        finished_at timestamptz,
        rows int,
        totals jsonb,
        certificate jsonb,
        reason text,
        primary key (tenant, id)
      )`);
    this.addSql(`
      create table employee (
        tenant text not null,
        employee_id text not null,
        pool text not null,
        revision bigint not null,
        published_revision bigint not null default 0,
        published_sequence bigint not null default 0,
        bulk boolean not null default false,
        event jsonb not null,
        event_time timestamptz not null,
        traceparent text,
        known jsonb not null,
        unconfirmed jsonb not null,
        review_on date,
        primary key (tenant, employee_id)
      )`);
    this.addSql(stateRelayIndexSql({ table: 'employee', subjectKind: 'employee' }));
    this.addSql('create index employee_review on employee (tenant, review_on) where review_on is not null');
    this.addSql(`
      create table employee_history (
        tenant text not null,
        employee_id text not null,
        revision bigint not null,
        valid_from date not null,
        recorded_at timestamptz not null,
        read_id text not null,
        event jsonb not null,
        primary key (tenant, employee_id, revision)
      )`);
    for (const statement of outboxTableSql()) this.addSql(statement);
    this.addSql(relayLeaseTableSql());
  }
}
