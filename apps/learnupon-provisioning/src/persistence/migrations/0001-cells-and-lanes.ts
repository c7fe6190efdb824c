import { Migration } from '@mikro-orm/migrations';
import { outboxTableSql, relayLeaseTableSql } from '@portico/messaging';

export class CellsAndLanes extends Migration {
  override name = '0001-cells-and-lanes';

  override up(): void {
    this.addSql(`
      create table realm (
        tenant text primary key,
        revision bigint not null,
        pool text not null,
        active boolean not null,
        allows_duplicates boolean not null
      )`);
    this.addSql(`
      create table portal (
        tenant text not null,
        portal text not null,
        position int not null,
        title text not null,
        top_level boolean not null,
        mode text not null,
        base_url text not null,
        secret_ref text not null,
        primary key (tenant, portal)
      )`);
    this.addLanes();
    this.addPeople();
    this.addMirrors();
    this.addAttempts();
    for (const table of ['learner_outbox', 'operation_outbox']) {
      for (const statement of outboxTableSql(table)) this.addSql(statement);
    }
    this.addSql(relayLeaseTableSql());
  }

  private addLanes(): void {
    this.addSql(`
      create table lane (
        tenant text not null,
        portal text not null,
        pool text not null,
        active boolean not null,
        lease_number bigint not null default 0,
        lease_holder text,
        lease_until timestamptz,
        last_served timestamptz,
        next_due timestamptz not null default now(),
        paused_until timestamptz,
        seen_wake bigint not null default 0,
        failures int not null default 0,
        quarantine_reason text,
        quarantine_message text,
        quarantined_at timestamptz,
        users_begun_at timestamptz,
        users_completed_at timestamptz,
        invites_begun_at timestamptz,
        invites_completed_at timestamptz,
        invites_readable boolean not null default true,
        licences_full_until timestamptz,
        converged_at timestamptz,
        pace jsonb,
        reads bigint not null default 0,
        writes bigint not null default 0,
        throttled bigint not null default 0,
        primary key (tenant, portal)
      )`);
    this.addSql('create index lane_due on lane (last_served nulls first) where active');
    // Apart from the lane, so that whoever brings work never waits for whoever does it.
    this.addSql(`
      create table lane_wake (
        tenant text not null,
        portal text not null,
        wake bigint not null,
        primary key (tenant, portal)
      )`);
  }

  private addPeople(): void {
    this.addSql(`
      create table person (
        tenant text not null,
        employee_id text not null,
        revision bigint not null,
        leaver boolean not null,
        cause jsonb not null,
        traceparent text,
        primary key (tenant, employee_id)
      )`);
    this.addSql(`
      create table cell (
        tenant text not null,
        portal text not null,
        employee_id text not null,
        access text not null,
        policy_reason text not null,
        leaving text not null,
        learner jsonb,
        account_id text,
        origin text,
        invite_id text,
        refusal_reason text,
        refusal_key text,
        refusal_until timestamptz,
        applied_key text,
        unverified_since timestamptz,
        priority smallint,
        dirty_at timestamptz,
        reason text not null,
        actual text not null,
        pending text,
        since timestamptz not null,
        primary key (tenant, portal, employee_id)
      )`);
    this.addSql('create index cell_of_person on cell (tenant, employee_id)');
    this.addSql(
      'create index cell_dirty on cell (tenant, portal, priority, dirty_at, employee_id) where priority is not null',
    );
    this.addSql(
      'create unique index cell_of_account on cell (tenant, portal, account_id) where account_id is not null',
    );
    this.addSql('create index cell_of_invite on cell (tenant, portal, invite_id) where invite_id is not null');
    this.addSql('create index cell_unverified on cell (tenant, portal) where unverified_since is not null');
    this.addSql(
      `create index cell_waiting on cell (tenant, reason) where reason in ('waiting-for-mirror', 'identifier-claimed')`,
    );
    this.addSql(
      'create index cell_refused_until on cell (tenant, portal, refusal_until) where refusal_until is not null',
    );
    this.addSql(`
      create table identifier_claim (
        tenant text not null,
        kind text not null,
        value text not null,
        employee_id text not null,
        primary key (tenant, kind, value)
      )`);
    this.addSql('create index identifier_claim_of_person on identifier_claim (tenant, employee_id)');
  }

  private addMirrors(): void {
    this.addSql(`
      create table account (
        tenant text not null,
        portal text not null,
        account_id text not null,
        email text,
        username text,
        first_name text not null,
        last_name text not null,
        language text,
        enabled boolean not null,
        user_type text not null,
        account_expires text,
        custom_data jsonb not null,
        listed boolean not null,
        primary key (tenant, portal, account_id)
      )`);
    this.addSql('create index account_of_email on account (tenant, lower(email)) where email is not null');
    this.addSql('create index account_of_username on account (tenant, lower(username)) where username is not null');
    this.addSql(`
      create table invite (
        tenant text not null,
        portal text not null,
        invite_id text not null,
        email text not null,
        status text not null,
        accept_url text,
        sent_at timestamptz,
        listed boolean not null,
        first_seen_at timestamptz not null default now(),
        primary key (tenant, portal, invite_id)
      )`);
    this.addSql('create index invite_of_email on invite (tenant, portal, lower(email))');
  }

  private addAttempts(): void {
    this.addSql(`
      create table attempt (
        tenant text not null,
        portal text not null,
        id bigint generated always as identity,
        employee_id text not null,
        operation jsonb not null,
        lease_number bigint not null,
        deadline timestamptz not null,
        state text not null,
        looked_at timestamptz,
        lists_without int not null default 0,
        result_id text,
        detail text,
        begun_at timestamptz not null,
        ended_at timestamptz,
        primary key (tenant, portal, id)
      )`);
    // A cell never has two calls whose outcome is unknown: a second one can't even be written down.
    this.addSql(
      `create unique index attempt_unsettled on attempt (tenant, portal, employee_id) where state in ('begun', 'doubt')`,
    );
    this.addSql(
      `create index attempt_created on attempt (tenant, ended_at, id) where state = 'done' and operation ->> 'kind' = 'create'`,
    );
    this.addSql(`
      create table effect (
        tenant text not null,
        portal text not null,
        effect text not null,
        total bigint not null,
        primary key (tenant, portal, effect)
      )`);
  }
}
