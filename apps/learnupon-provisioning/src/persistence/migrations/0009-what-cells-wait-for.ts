import { Migration } from '@mikro-orm/migrations';

/** Whoever waits for something is found at the end of each read without looking at everybody. */
export class WhatCellsWaitFor extends Migration {
  override name = '0009-what-cells-wait-for';

  override up(): void {
    // First, so that nobody who reads it has to wait for us while we wait for them.
    this.addSql('lock table cell in access exclusive mode');
    this.addSql(`
      create index cell_waiting_for on cell (tenant, reason) where reason in ('waiting-for-mirror', 'identifier-claimed',
        'ambiguous-account', 'not-ours', 'licences-full', 'group-missing', 'name-mismatch')`);
    this.addSql('drop index cell_waiting');
    this.addSql('drop index cell_invite_unverified');
    this.addSql(`
      create index cell_invite_unverified on cell (tenant, portal, unverified_since)
        where account_id is null and unverified_since is not null`);
  }
}
