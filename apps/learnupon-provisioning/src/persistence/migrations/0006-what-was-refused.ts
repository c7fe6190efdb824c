import { Migration } from '@mikro-orm/migrations';

/** A cell's newest refusal is found without looking at the calls that were done. */
export class WhatWasRefused extends Migration {
  override name = '0006-what-was-refused';

  override up(): void {
    this.addSql(`create index attempt_refused on attempt (tenant, portal, employee_id, id) where state = 'refused'`);
  }
}
