import { Migration } from '@mikro-orm/migrations';

export class ReadBackByTime extends Migration {
  override name = '0005-read-back-by-time';

  override up(): void {
    this.addSql('alter table lane add users_verified_at timestamptz');
    this.addSql('alter table cell add applied_attempt bigint');
    this.addSql(`
      create index cell_account_unverified on cell (tenant, portal, unverified_since)
      where account_id is not null and unverified_since is not null`);
    this.addSql(`
      create index cell_invite_unverified on cell (tenant, portal)
      where account_id is null and unverified_since is not null`);
    this.addSql('drop index cell_unverified');
  }
}
