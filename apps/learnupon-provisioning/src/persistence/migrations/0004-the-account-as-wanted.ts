import { Migration } from '@mikro-orm/migrations';

export class TheAccountAsWanted extends Migration {
  override name = '0004-the-account-as-wanted';

  override up(): void {
    this.addSql(`
      alter table cell
        add expires_on text,
        add retain_until text,
        add written_type text,
        add written_expiry text,
        add fresh boolean not null default false`);
    this.addSql(`
      create index cell_dated on cell (tenant, portal)
      where expires_on is not null or retain_until is not null or reason = 'needed-in-sub-portal'`);
    this.addSql(`create index cell_grouped on cell (tenant, portal) where learner ? 'groups'`);
    this.addSql('alter table portal add named boolean not null default true');
    this.addSql('alter table account add time_zone text');
    this.addSql(`
      alter table lane
        add custom_fields jsonb,
        add groups_completed_at timestamptz,
        add planned_day text,
        add portals_read_at timestamptz`);
    this.addSql(`
      alter table realm
        add observed_switch boolean,
        add observed_portal text,
        add observed_at timestamptz`);
    this.addSql(`
      create table seen_portal (
        tenant text not null,
        subdomain text not null,
        title text not null,
        portal text,
        licences_purchased int,
        licences_used int,
        primary key (tenant, subdomain)
      )`);
    this.addGroups();
  }

  private addGroups(): void {
    this.addSql(`
      create table portal_group (
        tenant text not null,
        portal text not null,
        group_id text not null,
        title text not null,
        wanted boolean not null default false,
        members_read_at timestamptz,
        members int not null default 0,
        primary key (tenant, portal, group_id)
      )`);
    this.addSql(`
      create table group_membership (
        tenant text not null,
        portal text not null,
        group_id text not null,
        account_id text not null,
        employee_id text,
        pending text,
        written_at timestamptz,
        looked_at timestamptz,
        primary key (tenant, portal, group_id, account_id)
      )`);
    this.addSql('create index group_membership_of_account on group_membership (tenant, portal, account_id)');
    this.addSql('create index group_membership_pending on group_membership (tenant, portal) where pending is not null');
    this.addSql('create index group_membership_own on group_membership (tenant, portal) where employee_id is not null');
  }
}
