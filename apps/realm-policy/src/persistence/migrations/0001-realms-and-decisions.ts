import { Migration } from '@mikro-orm/migrations';
import { relayLeaseTableSql, stateRelayIndexSql } from '@portico/messaging';

export class RealmsAndDecisions extends Migration {
  override name = '0001-realms-and-decisions';

  override up(): void {
    this.addSql(`
      create table realm (
        tenant text primary key,
        version int not null default 0,
        pool text not null default '',
        time_zone text not null default 'UTC',
        document jsonb,
        revision bigint not null default 0,
        published_revision bigint not null default 0,
        published_sequence bigint not null default 0,
        bulk boolean not null default false,
        event jsonb not null default '{}',
        event_time timestamptz not null default now(),
        traceparent text
      )`);
    this.addSql(`
      create table realm_version (
        tenant text not null,
        version int not null,
        document jsonb not null,
        applied_at timestamptz not null,
        applied_by text not null,
        primary key (tenant, version)
      )`);
    this.addSql(`
      create table employee_revision (
        tenant text not null,
        employee_id text not null,
        revision bigint not null,
        facts jsonb not null,
        primary key (tenant, employee_id, revision)
      )`);
    this.addSql(`
      create table access (
        tenant text not null,
        employee_id text not null,
        pool text not null,
        employee_revision bigint not null default 0,
        policy_version int not null default 0,
        decided_on date,
        due_on date,
        revision bigint not null default 0,
        published_revision bigint not null default 0,
        published_sequence bigint not null default 0,
        bulk boolean not null default false,
        event jsonb not null default '{}',
        event_time timestamptz not null default now(),
        traceparent text,
        primary key (tenant, employee_id)
      )`);
    this.addSql('create index access_due on access (tenant, due_on) where due_on is not null');
    this.addSql(`
      create table redecision (
        tenant text not null,
        id text not null,
        kind text not null,
        day date,
        phase text not null default 'counting',
        after_employee_id text not null default '',
        totals jsonb not null,
        requested_at timestamptz not null,
        touched_at timestamptz not null,
        traceparent text,
        primary key (tenant, id)
      )`);
    this.addSql(relayLeaseTableSql());
    this.addSql(stateRelayIndexSql({ table: 'realm', subjectKind: 'realm' }));
    this.addSql(stateRelayIndexSql({ table: 'access', subjectKind: 'access' }));
  }
}
