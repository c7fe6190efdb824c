import { Migration } from '@mikro-orm/migrations';

/**
 * What one lane's work means for cells of another. Nobody but the lane whose cells they are takes them out, and nobody waits
 * to put one in.
 */
export class HintsBetweenLanes extends Migration {
  override name = '0010-hints-between-lanes';

  override up(): void {
    this.addSql(`
      create table cell_hint (
        tenant text not null,
        portal text not null,
        id bigint generated always as identity,
        employee_id text not null,
        primary key (tenant, portal, id)
      )`);
  }
}
